"""An uploaded file and its record are of one mind, in a folder and in a bucket, also when a save is refused."""

import io

import file_keeper
import pytest
import store
from ckan import model
from ckan.lib import files
from ckanext.landlab import storage as storages
from ckanext.landlab.buckets import BucketStorage

OLD, NEW = b"alt alt\n", b"neu neu\n"
PLACE = file_keeper.Location("abc/def/liste.csv")


@pytest.fixture(scope="module")
def address():
    with store.running("daten") as found:
        yield found


@pytest.fixture(params=["folder", "bucket"])
def kept(request, tmp_path, address, clean_db):
    """A storage, and a function that tells what lies in it."""
    if request.param == "folder":
        found = storages.WholeFsStorage({"name": "test", "path": str(tmp_path), "initialize": True})

        def told():
            return {
                str(path.relative_to(tmp_path)): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()
            }

    else:
        prefix = tmp_path.name
        found = BucketStorage(
            {"name": "test", "bucket": "daten", "path": prefix, "endpoint": address, "overwrite_existing": True}
            | store.KEYS
        )

        def told():
            ours = store.contents(address, "daten").items()
            return {key.removeprefix(f"{prefix}/"): text for key, text in ours if key.startswith(f"{prefix}/")}

    found.settings.overwrite_existing = True
    model.Session.rollback()
    return found, told


def put(storage, text):
    return storage.upload(PLACE, files.Upload(io.BytesIO(text), "liste.csv", len(text), "text/csv"))


def begin():
    model.Session.query(model.User).first()


def test_a_refused_save_leaves_the_file_that_was_there(kept):
    storage, told = kept
    put(storage, OLD)
    begin()

    put(storage, NEW)
    assert b"".join(storage.stream(file_keeper.FileData(PLACE))) == NEW
    model.Session.rollback()

    assert told() == {PLACE: OLD}


def test_a_refused_save_of_a_new_file_leaves_none(kept):
    storage, told = kept
    begin()

    put(storage, NEW)
    model.Session.close()

    assert told() == {}


def test_a_save_within_another_that_is_certain_does_not_make_it_certain(kept):
    storage, told = kept
    put(storage, OLD)
    begin()

    with model.Session.begin_nested():
        put(storage, NEW)
    model.Session.rollback()

    assert told() == {PLACE: OLD}


def test_a_certain_save_leaves_the_new_file_and_nothing_else(kept):
    storage, told = kept
    put(storage, OLD)
    begin()

    put(storage, NEW)
    model.Session.commit()

    assert told() == {PLACE: NEW}


def test_a_file_is_removed_when_that_is_certain(kept):
    storage, told = kept
    put(storage, OLD)
    begin()

    storage.remove(file_keeper.FileData(PLACE))
    model.Session.rollback()
    assert told() == {PLACE: OLD}

    begin()
    assert storage.remove(file_keeper.FileData(PLACE))
    model.Session.commit()
    assert told() == {}


def test_a_file_that_takes_the_place_of_a_removed_one_stays(kept):
    storage, told = kept
    put(storage, OLD)
    begin()

    storage.remove(file_keeper.FileData(PLACE))
    put(storage, NEW)
    model.Session.commit()

    assert told() == {PLACE: NEW}


def test_what_somebody_else_has_saved_since_is_not_taken_back(kept):
    storage, told = kept
    put(storage, OLD)
    begin()
    put(storage, NEW)

    held = model.Session()
    model.Session.registry.clear()  # as another thread has a session of its own
    put(storage, b"spaeter\n")
    model.Session.remove()
    held.close()

    assert told() == {PLACE: b"spaeter\n"}


def test_a_file_is_looked_into_wherever_it_lies(kept):
    storage, _told = kept
    put(storage, OLD)

    with storages.on_disk(storage, PLACE) as path:
        assert path.read_bytes() == OLD
    with storages.on_disk(storage, file_keeper.Location("abc/def/none.csv")) as path:
        assert path is None


def test_a_bucket_that_is_not_there_stops_the_start_and_is_named(address):
    with pytest.raises(files.exc.InvalidStorageConfigurationError, match="keiner"):
        BucketStorage({"name": "test", "bucket": "keiner", "endpoint": address} | store.KEYS)


def test_a_storage_in_a_bucket_lists_what_it_holds(address, tmp_path):
    storage = BucketStorage({"name": "t", "bucket": "daten", "path": tmp_path.name, "endpoint": address} | store.KEYS)
    put(storage, OLD)

    assert list(storage.scan()) == [PLACE]
    assert storage.size(PLACE) == len(OLD)
    with pytest.raises(files.exc.MissingFileError):
        storage.size(file_keeper.Location("none"))
