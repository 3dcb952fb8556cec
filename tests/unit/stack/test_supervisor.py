"""The supervisor on small real servers: it waits, restarts, gives up, cleans up."""

import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from ckanext.landlab.errors import ServerFailed
from ckanext.landlab.stack import supervisor as module
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST, is_free, listens
from ckanext.landlab.stack.process import mark_of
from ckanext.landlab.stack.server import Server
from ckanext.landlab.stack.supervisor import STATE, Supervisor, clean_up


class Echo(Server):
    """Listens on its port and does nothing else."""

    name = "echo"
    title = "Echo"
    whole = True

    def command(self):
        program = f"import socket, time; s = socket.create_server(('{HOST}', {self.port})); time.sleep(60)"
        return [sys.executable, "-c", program]

    def answers(self, pid):
        return listens(pid, self.port)

    def is_whole(self, pid):
        return self.whole


class Broken(Echo):
    """Ends at once."""

    def command(self):
        return [sys.executable, "-c", "import sys; sys.exit('no such table')"]


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.make()
    return folder


@pytest.fixture
def echo(folder, monkeypatch):
    with socket.socket() as free:
        free.bind((HOST, 0))
        monkeypatch.setattr(Echo, "preferred_port", free.getsockname()[1])
    return Echo(folder)


def tend_until(supervisor, condition):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, supervisor.units
        supervisor.tend()
        time.sleep(0.02)


def test_a_started_server_answers(folder, echo):
    with Supervisor(folder) as supervisor:
        supervisor.start(echo)

        assert listens(supervisor.units["echo"].process.pid, echo.port)
        assert folder.read(STATE)["servers"]["echo"]["state"] == "running"


def test_leaving_stops_everything(folder, echo):
    with Supervisor(folder) as supervisor:
        supervisor.start(echo)
        mark = supervisor.units["echo"].mark

    assert not mark.is_alive()
    assert is_free(echo.port)
    assert not (folder.path / STATE).exists()


def test_a_server_that_was_killed_comes_back_on_its_port(folder, echo):
    with Supervisor(folder) as supervisor:
        supervisor.start(echo)
        port, unit = echo.port, supervisor.units["echo"]
        first = unit.process.pid

        os.kill(first, signal.SIGKILL)
        unit.process.wait()
        tend_until(supervisor, lambda: unit.state == "running" and unit.process.pid != first)

        assert (echo.port, unit.restarts) == (port, 1)


def test_a_server_that_lost_a_part_is_started_again(folder, echo, monkeypatch):
    monkeypatch.setattr(module, "LOOK", 0)
    with Supervisor(folder) as supervisor:
        supervisor.start(echo)
        unit = supervisor.units["echo"]

        echo.whole = False
        tend_until(supervisor, lambda: unit.state != "running")
        echo.whole = True
        tend_until(supervisor, lambda: unit.state == "running")

        assert unit.restarts == 1


def test_a_server_that_never_starts_is_given_up_with_its_log(folder, echo):
    with Supervisor(folder) as supervisor, pytest.raises(ServerFailed, match=r"echo\.log"):
        supervisor.start(Broken(folder))

    assert "no such table" in folder.log("echo").read_text()


def test_the_port_of_last_time_is_kept(folder, echo):
    with Supervisor(folder) as supervisor:
        supervisor.start(echo)
    again = Echo(folder)
    again.preferred_port = echo.port + 50  # type: ignore[misc]
    with Supervisor(folder) as supervisor:
        supervisor.start(again)

    assert again.port == echo.port


def test_what_a_killed_supervisor_left_is_ended_and_nobody_else(folder, echo):
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    left = echo.launch().start()  # never got a port, so it just runs
    entries = {
        "echo": {**vars_of(left.pid), "end_signal": 15},
        "other": {"pid": stranger.pid, "started": "an earlier process with this number", "end_signal": 15},
    }
    folder.write(STATE, {"servers": entries})

    clean_up(folder)

    assert left.wait(timeout=30) == -signal.SIGTERM
    assert stranger.poll() is None
    assert not (folder.path / STATE).exists()
    stranger.communicate(b"\n")


def vars_of(pid):
    mark = mark_of(pid)
    return {"pid": mark.pid, "started": mark.started}
