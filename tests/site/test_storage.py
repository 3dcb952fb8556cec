"""An uploaded file is in its place whole or not at all, whatever happens while it is written."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import file_keeper
import pytest
from ckan import model
from ckan.lib import files
from ckanext.landlab.storage import PublicWholeFsStorage, WholeFsStorage

PLACE = file_keeper.Location("abc/def/liste.csv")


class Torn(io.BytesIO):
    """Breaks off after its first piece, as a browser does whose owner closes it."""

    def read(self, size=-1):
        if self.tell():
            raise OSError("the connection is gone")
        return super().read(4)


@pytest.fixture
def storage(tmp_path):
    model.Session.remove()  # while a save is under way, what it replaces is kept
    return WholeFsStorage({"name": "test", "path": str(tmp_path), "initialize": True, "overwrite_existing": True})


@pytest.mark.parametrize("kind", [WholeFsStorage, PublicWholeFsStorage])
def test_two_servers_that_start_at_once_share_a_folder_that_is_not_there_yet(kind, tmp_path, monkeypatch):
    place, both, exists = str(tmp_path / "uploads" / "user"), Barrier(2), os.path.exists

    def looked_at_together(path):
        there = exists(path)
        if path == place:
            both.wait(60)
        return there

    def start(_server):
        return kind({"name": "test", "path": place, "initialize": True}).settings.path

    monkeypatch.setattr(os.path, "exists", looked_at_together)
    with ThreadPoolExecutor(2) as servers:
        assert list(servers.map(start, range(2))) == [place, place]


def put(storage, stream):
    return storage.upload(PLACE, files.Upload(stream, "liste.csv", 8, "text/csv"))


def names(tmp_path):
    return [path.name for path in tmp_path.rglob("*") if path.is_file()]


def test_a_new_file_takes_the_place_of_the_old_one_in_one_step(storage, tmp_path):
    put(storage, io.BytesIO(b"alt alt\n"))
    with (tmp_path / PLACE).open("rb") as reader:
        data = put(storage, io.BytesIO(b"neu neu\n"))

        assert reader.read() == b"alt alt\n"
    assert (tmp_path / PLACE).read_bytes() == b"neu neu\n"
    assert (data.location, data.size) == (PLACE, 8)
    assert names(tmp_path) == ["liste.csv"]


def test_an_upload_that_breaks_off_leaves_the_old_file_and_nothing_else(storage, tmp_path):
    put(storage, io.BytesIO(b"alt alt\n"))

    with pytest.raises(OSError, match="gone"):
        put(storage, Torn(b"neu neu\n"))

    assert (tmp_path / PLACE).read_bytes() == b"alt alt\n"
    assert names(tmp_path) == ["liste.csv"]


def test_a_storage_that_may_not_overwrite_refuses_and_keeps_what_is_there(tmp_path):
    storage = WholeFsStorage({"name": "test", "path": str(tmp_path), "initialize": True, "overwrite_existing": False})
    put(storage, io.BytesIO(b"alt alt\n"))

    with pytest.raises(file_keeper.exc.ExistingFileError):
        put(storage, io.BytesIO(b"neu neu\n"))

    assert (tmp_path / PLACE).read_bytes() == b"alt alt\n"


def test_uploads_of_the_site_are_kept_so(with_plugins):
    assert {
        type(files.get_storage(name)).__name__ for name in ("default", "resources", "users", "groups", "admins")
    } == {"WholeFsStorage"}
