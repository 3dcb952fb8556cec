"""docs/configuration.md says what the declarations say, and every setting that the code reads is declared."""

import re
from pathlib import Path

import pytest
from ckanext.landlab.stack import environment, reference
from ckanext.landlab.stack.folder import SECRETS

CHECKOUT = Path(__file__).parents[2]
SOURCE = CHECKOUT / "ckanext-landlab" / "ckanext" / "landlab"
READ = re.compile(r"tk\.config(?:\.get\(|\[)\s*[\"'](ckanext\.landlab\.[a-z_.]+)[\"']")


def test_the_page_is_not_stale():
    page = (CHECKOUT / "docs" / "configuration.md").read_text(encoding="utf-8")

    assert page == reference.page(), "run: python -m ckanext.landlab.stack.reference > docs/configuration.md"


@pytest.mark.parametrize("key", reference.options())
def test_a_setting_says_its_meaning_its_default_and_an_example(key):
    option = reference.options()[key]

    assert len(option["description"].split()) >= 4
    assert "example" in option
    assert "default" in option or "unless set" in option["description"] or option.get("type") is None


def test_every_setting_that_the_code_reads_is_declared_and_the_other_way_round():
    read = {key for file in SOURCE.glob("**/*.py") for key in READ.findall(file.read_text(encoding="utf-8"))}

    assert read == set(reference.options())
    assert len(read) >= 20


def test_everything_that_a_container_takes_stands_on_the_page():
    page = reference.page()

    for name in [variable.name for variable in environment.VARIABLES]:
        assert f"| `{name}` |" in page
    for name in SECRETS:
        assert f"| `{environment.SECRET}{name.upper()}` |" in page


def test_the_example_of_a_sites_own_settings_names_real_ones():
    text = (CHECKOUT / "config" / "site.ini").read_text(encoding="utf-8")
    named = re.findall(r"^#?(ckanext\.landlab\.\S+) =", text, re.MULTILINE)

    assert len(named) >= 7
    assert set(named) <= set(reference.options())
