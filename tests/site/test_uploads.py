"""An uploaded file and its record are of one mind, in a folder and in a bucket, also when a save is refused."""

import io

import file_keeper
import pytest
import store
from botocore.exceptions import ClientError
from ckan import model
from ckan.lib import files
from ckanext.landlab import storage as storages
from ckanext.landlab.buckets import BucketStorage
from ckanext.landlab.stack.bucket import PART
from flask import Flask
from werkzeug.exceptions import RequestedRangeNotSatisfiable

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


@pytest.fixture
def bucket(address, tmp_path):
    """A storage in a bucket, with nothing in it."""
    where = {"name": "t", "bucket": "daten", "path": f"{tmp_path.name}/", "endpoint": address}
    return BucketStorage(where | {"overwrite_existing": True} | store.KEYS)


def test_a_storage_in_a_bucket_lists_what_it_holds_and_not_what_it_keeps_during_a_save(bucket, clean_db):
    put(bucket, OLD)
    begin()
    put(bucket, NEW)

    assert list(bucket.scan()) == [PLACE]
    assert bucket.size(PLACE) == len(NEW)
    with pytest.raises(files.exc.MissingFileError):
        bucket.size(file_keeper.Location("none"))
    model.Session.rollback()


class Torn(io.BytesIO):
    """Breaks off behind its first megabytes."""

    def read(self, size=-1):
        if self.tell() > PART:
            raise OSError("the connection is gone")
        return super().read(size)


def test_a_large_file_is_sent_in_parts_and_one_that_breaks_off_leaves_what_was_there(bucket, address):
    large = NEW * (2 * PART // len(NEW)) + NEW
    key = f"{bucket.settings.path}/{PLACE}"

    sent = put(bucket, large)
    with pytest.raises(OSError, match="gone"):
        bucket.upload(PLACE, files.Upload(Torn(OLD * (len(large) // len(OLD))), "liste.csv", len(large), "text/csv"))

    assert sent.hash.endswith("-3")
    assert (sent.size, sent.content_type) == (len(large), "text/csv")
    assert store.contents(address, "daten")[key] == large
    assert "Uploads" not in store.client(address).list_multipart_uploads(Bucket="daten")
    bucket.settings.overwrite_existing = False
    with pytest.raises(file_keeper.exc.ExistingFileError):
        put(bucket, large)


def read(storage, **headers):
    """What a reader is answered who asks with these headers."""
    with Flask("reader").test_request_context(headers=headers):
        answer = storage.as_response(storage.analyze(PLACE), "liste.csv")
        answer.direct_passthrough = False
        return answer


def test_who_has_a_part_of_a_file_gets_the_rest_unless_it_has_changed(bucket):
    put(bucket, OLD)

    whole = read(bucket)
    assert (whole.status_code, whole.headers["Accept-Ranges"], whole.get_data()) == (200, "bytes", OLD)
    rest = read(bucket, Range="bytes=4-", If_Range=whole.headers["ETag"])
    assert (rest.status_code, rest.headers["Content-Range"], rest.get_data()) == (206, "bytes 4-7/8", OLD[4:])
    assert read(bucket, Range="bytes=1-2").get_data() == OLD[1:3]
    assert read(bucket, If_None_Match=whole.headers["ETag"]).status_code == 304
    with pytest.raises(RequestedRangeNotSatisfiable):
        read(bucket, Range="bytes=8-")
    put(bucket, NEW)
    changed = read(bucket, Range="bytes=4-", If_Range=whole.headers["ETag"])
    assert (changed.status_code, changed.get_data()) == (200, NEW)


def test_a_file_that_is_replaced_before_its_first_byte_has_gone_out_is_not_handed_out_as_the_old_one(bucket):
    put(bucket, OLD)
    answer = read(bucket)

    put(bucket, NEW)

    with pytest.raises(ClientError, match="PreconditionFailed"):
        answer.get_data()
