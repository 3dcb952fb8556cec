"""What is missing is named, with the package to install, before anything else is said."""

import subprocess
import sys
from pathlib import Path

import pytest
from ckanext.landlab.stack import preflight

ALL = {"venv", "ensurepip"}


def test_a_machine_that_has_all_is_told_nothing():
    assert preflight.missing((3, 10), ALL) == ""


def test_an_old_python_is_named_with_the_version_that_is_needed():
    assert preflight.missing((3, 9), ALL).startswith("Python 3.10 or newer is needed, this is 3.9.")


@pytest.mark.parametrize("modules", [set(), {"venv"}, {"ensurepip"}])
def test_a_python_without_venv_is_sent_to_the_debian_package(modules):
    assert "python3-venv" in preflight.missing((3, 11), modules)


def test_it_is_the_first_line_and_the_start_ends_there(tmp_path):
    (tmp_path / "ensurepip.py").write_text("raise ImportError('Debian keeps it in python3-venv')")
    ended = subprocess.run(
        [sys.executable, preflight.__file__],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "python3-venv" in ended.stdout.splitlines()[0]


def test_it_needs_nothing_that_is_not_in_an_old_python():
    text = Path(preflight.__file__).read_text(encoding="utf-8")

    assert 'f"' not in text
    assert "from __future__" not in text
