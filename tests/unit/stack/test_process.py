"""Processes are known by more than a number, and none is left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from ckanext.landlab.stack.process import TAG, Launch, Mark, end, end_group, mark_of, own_mark, start_of

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
WITH_CHILD = [
    *(sys.executable, "-c"),
    "import subprocess, sys, time; print(subprocess.Popen(sys.argv[1:]).pid, flush=True); time.sleep(60)",
    *SLEEP,
]
DEAF = [
    *(sys.executable, "-c"),
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)",
]


@pytest.fixture
def launch(tmp_path):
    started = []

    def _launch(command, **environment):
        log = tmp_path / f"{len(started)}.log"
        started.append(Launch(command, log, {**os.environ, **environment}).start())
        return started[-1], log

    yield _launch
    for process in started:
        process.kill()
        process.wait()
        end_group(process.pid)


def word_in(log: Path) -> str:
    deadline = time.monotonic() + 60
    while not log.read_text().endswith("\n"):
        assert time.monotonic() < deadline, "the process said nothing"
        time.sleep(0.02)
    return log.read_text().strip()


def test_a_running_process_is_alive(launch):
    process, _ = launch(SLEEP)

    assert mark_of(process.pid).is_alive()


def test_a_process_that_ended_is_not_alive_even_before_it_is_collected(launch):
    process, _ = launch(SLEEP)
    mark = mark_of(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert not mark.is_alive()


def test_another_process_with_the_same_number_is_not_ours(launch):
    process, _ = launch(SLEEP)
    earlier = Mark(process.pid, f"{start_of(process.pid)}0")

    earlier.signal(signal.SIGKILL)
    end([(earlier, signal.SIGKILL)], patience=1)

    assert process.poll() is None


def test_our_own_mark_is_ours():
    assert own_mark() == mark_of(os.getpid())


def test_there_is_no_mark_where_there_is_no_process():
    assert mark_of(2**22 + 1) is None


def test_ending_takes_the_children_along(launch):
    process, log = launch(WITH_CHILD)
    child = mark_of(int(word_in(log)))

    end([(mark_of(process.pid), signal.SIGTERM)], patience=5)

    assert not child.is_alive()


def test_a_process_that_does_not_listen_is_killed(launch):
    process, log = launch(DEAF)
    assert word_in(log) == "deaf"

    end([(mark_of(process.pid), signal.SIGTERM)], patience=0.2)

    assert process.wait(timeout=30) == -signal.SIGKILL


def test_a_group_without_its_leader_is_recognised_by_its_tag(launch):
    process, log = launch(WITH_CHILD, **{TAG: "/data/ours"})
    child = mark_of(int(word_in(log)))
    process.kill()
    process.wait()

    end_group(process.pid, tag="/data/somebody-else")
    assert child.is_alive()

    end_group(process.pid, tag="/data/ours")
    assert not child.is_alive()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_process_does_not_outlive_the_one_that_started_it(tmp_path):
    log = tmp_path / "log"
    program = (
        "import os, sys; from pathlib import Path; from ckanext.landlab.stack.process import Launch;"
        f"print(Launch({SLEEP!r}, Path({str(log)!r}), os.environ).start().pid, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    child = mark_of(int(parent.stdout.readline()))

    parent.kill()
    parent.wait()

    deadline = time.monotonic() + 30
    while child.is_alive() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not child.is_alive()


def test_what_a_process_writes_is_for_nobody_else(launch, tmp_path):
    process, _ = launch([sys.executable, "-c", f"open({str(tmp_path / 'made')!r}, 'w')"])

    assert process.wait(timeout=60) == 0
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o600
