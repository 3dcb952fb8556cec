"""A step is done once, and again when what it depends on has changed."""

import os

import pytest
from ckanext.landlab.errors import StepFailed
from ckanext.landlab.stack import steps
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.steps import Step, count_as_done, decline_sample, forget, has_sample, is_sample_wanted


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    folder.make()
    return folder


@pytest.fixture
def command(tmp_path, monkeypatch):
    """Stands for `ckan`: writes down how it was called, and fails when told to."""
    program = tmp_path / "ckan"
    program.write_text('#!/bin/sh\necho "$CKAN_INI $*" >> "$CALLS"\n[ "$1" != fail ]\n')
    program.chmod(0o755)
    monkeypatch.setattr(steps, "CKAN", program)
    return tmp_path / "calls"


def take(step, folder, calls):
    step.run(folder, {**os.environ, "CALLS": str(calls)}, lambda: None)


def test_a_step_runs_its_command_with_the_settings_of_the_folder(folder, command):
    take(Step("tables", "Tables", ("db", "upgrade"), "1"), folder, command)

    assert command.read_text() == f"{folder.ini} db upgrade\n"


def test_a_step_that_was_done_is_known_to_be_done_until_its_key_changes(folder, command):
    take(Step("tables", "Tables", ("db", "upgrade"), "1"), folder, command)

    assert Step("tables", "Tables", (), "1").is_done(folder)
    assert not Step("tables", "Tables", (), "2").is_done(folder)
    assert not Step("index", "Index", (), "1").is_done(folder)


def test_a_step_that_fails_is_not_done_and_names_its_log(folder, command):
    step = Step("tables", "Tables", ("fail",), "1")

    with pytest.raises(StepFailed, match=str(folder.log("setup"))):
        take(step, folder, command)
    assert not step.is_done(folder)


def test_a_forgotten_step_is_done_again_and_the_others_are_not(folder):
    tables, index = Step("tables", "", (), "1"), Step("index", "", (), "1")
    count_as_done(folder, tables)
    count_as_done(folder, index)

    forget(folder, "index")

    assert (tables.is_done(folder), index.is_done(folder)) == (True, False)


def test_the_sample_comes_last():
    assert [step.name for step in steps.steps()] == ["tables", "index", "feeds", "assets", "texts", "sample"]


@pytest.mark.parametrize(
    ("choice", "is_own_database", "wanted"),
    [(None, True, True), (None, False, False), (True, False, True), (False, True, False)],
)
def test_the_sample_never_goes_into_the_database_of_somebody_else_unasked(folder, choice, is_own_database, wanted):
    assert is_sample_wanted(folder, choice, is_own_database) == wanted


def test_who_declined_the_sample_once_is_not_given_it_later(folder):
    decline_sample(folder)

    assert not is_sample_wanted(folder, None, True)
    assert is_sample_wanted(folder, True, True)
    assert not has_sample(folder)


def test_declining_does_not_forget_that_the_sample_was_loaded(folder):
    count_as_done(folder, steps.steps()[-1])
    decline_sample(folder)

    assert has_sample(folder)


def test_a_new_migration_changes_the_key_of_the_tables(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "PACKAGE", tmp_path)
    before = steps.steps()[0].key
    versions = tmp_path / "migration" / "landlab" / "versions"
    versions.mkdir(parents=True)
    (versions / "001_first.py").touch()

    assert steps.steps()[0].key != before


def test_other_search_code_changes_the_key_of_the_index(tmp_path, monkeypatch):
    monkeypatch.setattr(steps, "PACKAGE", tmp_path)
    before = steps.steps()[1].key
    (tmp_path / "search").mkdir()
    (tmp_path / "search" / "words.py").write_text("# stems differently")

    assert steps.steps()[1].key != before
