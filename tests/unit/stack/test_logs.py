"""Logs are shown from their end, followed, and kept from growing without end."""

from ckanext.landlab.stack import logs


def test_the_tail_is_the_last_lines(tmp_path):
    log = tmp_path / "web.log"
    log.write_text("one\ntwo\nthree\n")

    assert logs.tail(log, 2) == ["two\n", "three\n"]


def test_a_long_log_is_moved_aside_while_its_server_writes_on(tmp_path):
    log = tmp_path / "web.log"
    with log.open("a") as server:
        server.write("x" * 100)
        server.flush()

        logs.bound(tmp_path, limit=50)
        server.write("new")

    assert log.read_text() == "new"
    assert (tmp_path / "web.log.1").read_text() == "x" * 100


def test_a_short_log_is_left_alone(tmp_path):
    (tmp_path / "web.log").write_text("short")

    logs.bound(tmp_path, limit=50)

    assert [file.name for file in tmp_path.iterdir()] == ["web.log"]


def test_reading_on_tells_what_came_since(tmp_path):
    log, told = tmp_path / "web.log", []
    log.write_text("one\n")
    place = logs.read_on(log, 0, told.append)
    log.write_text("one\ntwo\n")

    logs.read_on(log, place, told.append)

    assert told == ["one\n", "two\n"]


def test_a_log_cut_short_is_read_from_its_start(tmp_path):
    log, told = tmp_path / "web.log", []
    log.write_text("after\n")

    logs.read_on(log, 1000, told.append)

    assert told == ["after\n"]
