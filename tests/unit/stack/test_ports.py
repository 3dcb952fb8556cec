"""Ports that are taken are stepped over and told; two stacks never get the same one."""

import os
import socket
import subprocess
import sys

import pytest
from ckanext.landlab.errors import NoFreePort
from ckanext.landlab.stack import ports
from ckanext.landlab.stack.ports import HOST, Ports, is_free, listens


@pytest.fixture
def taken():
    """A port on which somebody listens, and above which there is room."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_on_which_somebody_listens_is_not_free(taken):
    assert not is_free(taken)


def test_a_taken_port_is_stepped_over_and_told(taken):
    told = []

    got = Ports(on_taken=told.append).reserve(taken)

    assert told == list(range(taken, got))
    assert is_free(got)


@pytest.mark.skipif(sys.platform != "linux", reason="the claims are a feature of Linux")
def test_two_stacks_get_different_ports_before_any_server_listens(taken):
    first, second = Ports(), Ports()

    assert first.reserve(taken) != second.reserve(taken)


@pytest.mark.skipif(sys.platform != "linux", reason="the claims are a feature of Linux")
def test_a_port_given_back_can_be_had_again(taken):
    first, second = Ports(), Ports()
    port = first.reserve(taken)
    first.close()

    assert second.reserve(port) == port


def test_no_free_port_is_an_error_that_names_the_range(taken, monkeypatch):
    monkeypatch.setattr(ports, "TRIES", 1)

    with pytest.raises(NoFreePort, match=f"from {taken} to {taken}"):
        Ports().reserve(taken)


def test_who_listens_is_known(taken):
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)

    assert listens(os.getpid(), taken)
    assert not listens(stranger.pid, taken)

    stranger.communicate(b"\n")
