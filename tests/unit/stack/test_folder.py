"""The data folder: secrets are made once and kept private, files are whole, one stack at a time."""

import subprocess
import sys

import pytest
from ckanext.landlab.errors import AlreadyRunning
from ckanext.landlab.stack.folder import Folder


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path / "var")
    folder.make()
    return folder


def test_secrets_are_made_once_and_readable_by_nobody_else(folder):
    secrets = folder.secrets()

    assert Folder(folder.path).secrets() == secrets
    assert len(set(secrets.values())) == len(secrets) >= 6
    assert (folder.path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_a_secret_that_a_later_version_needs_is_added(folder):
    folder.write("secrets.json", {"site": "known"})

    assert folder.secrets()["site"] == "known"
    assert folder.secrets()["search"]


def test_a_file_that_was_cut_off_counts_as_absent(folder):
    (folder.path / "steps.json").write_text('{"tables": ')

    assert folder.read("steps.json") == {}


def test_the_folder_belongs_to_one_stack_at_a_time(folder):
    with folder.locked(), pytest.raises(AlreadyRunning, match=r"another landlab"), Folder(folder.path).locked():
        pass


def test_a_lock_ends_with_its_process(folder):
    program = (
        "import os; from pathlib import Path; from ckanext.landlab.stack.folder import Folder\n"
        f"with Folder(Path({str(folder.path)!r})).locked(): os.kill(os.getpid(), 9)"
    )

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == -9
    assert not folder.is_locked()


def test_is_locked_says_so_and_does_not_lock(folder):
    assert not folder.is_locked()
    with folder.locked():
        assert folder.is_locked()
    assert not folder.is_locked()


def test_emptying_leaves_what_is_not_ours(folder):
    folder.secrets()
    (folder.path / "redis").mkdir()
    (folder.path / "notes.txt").write_text("mine")

    folder.empty()

    assert {path.name for path in folder.path.iterdir()} == {"notes.txt"}
    assert not folder.is_ours()
