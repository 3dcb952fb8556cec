"""The rules of the house hold, and the checks that guard them can fail."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
RUFF = Path(sys.executable).with_name("ruff")
SOURCES = ("ckanext-landlab", "schemas", "tests")
LIMIT = 300  # lines
REASON = "lines because"  # what the top of a longer module says

FOLDERS = ("dcat", "legal", "feeds", "search", "stack", "web")


def modules():
    return [file for folder in SOURCES for file in sorted((CHECKOUT / folder).rglob("*.py"))]


def test_no_module_is_long_without_saying_why():
    found = modules()
    assert len(found) > 50

    long = {str(file.relative_to(CHECKOUT)): file.read_text(encoding="utf-8") for file in found}
    long = {name: text for name, text in long.items() if text.count("\n") > LIMIT}
    assert [name for name, text in long.items() if REASON not in text[:1500]] == []


def violations(place, code):
    """The codes of what ruff finds in *code*, were it the file *place*."""
    ended = subprocess.run(
        [RUFF, "check", "--output-format", "json", "--stdin-filename", place, "-"],
        input=code,
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        check=False,
    )
    return {found["code"] for found in json.loads(ended.stdout)}


@pytest.mark.parametrize("folder", [f"ckanext-landlab/ckanext/landlab/{name}" for name in FOLDERS] + ["schemas"])
@pytest.mark.parametrize("code", ["import ckan\n", "import ckan.plugins as p\n", "from ckan.lib import helpers\n"])
def test_the_import_rule_fires_in_every_folder(folder, code):
    assert "TID251" in violations(f"{folder}/planted.py", code)
    assert "TID251" in violations(f"{folder}/deeper/planted.py", code)


def test_the_import_rule_lets_the_edge_import_ckan():
    assert "TID251" not in violations("ckanext-landlab/ckanext/landlab/planted.py", "import ckan.model\n")
    assert "TID251" not in violations("ckanext-landlab/ckanext/landlab/views/planted.py", "import ckan.model\n")


def imports(file):
    """What *file* imports of our own package, as `ckanext.landlab.part…`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module="ckanext.landlab", names=names):
                yield from (f"ckanext.landlab.{name.name}" for name in names)
            case ast.ImportFrom(module=str(module)) if module.startswith("ckanext.landlab."):
                yield module
            case ast.Import(names=names):
                yield from (name.name for name in names if name.name.startswith("ckanext.landlab."))


def test_the_imports_of_a_file_are_found(tmp_path):
    file = tmp_path / "planted.py"
    lines = [
        "from ckanext.landlab import feeds",
        "from ckanext.landlab.search.words import x",
        "import ckanext.landlab.dcat",
    ]
    file.write_text("\n".join(lines))

    assert sorted(imports(file)) == ["ckanext.landlab.dcat", "ckanext.landlab.feeds", "ckanext.landlab.search.words"]


def test_folders_do_not_import_each_other():
    """Only `errors` and `schemas` are shared; everything below the edge stands alone."""
    package = CHECKOUT / "ckanext-landlab" / "ckanext" / "landlab"
    crossing = [
        f"{file.relative_to(package)}: {imported}"
        for folder in FOLDERS
        for file in sorted((package / folder).rglob("*.py"))
        for imported in imports(file)
        if imported.split(".")[2] not in (folder, "errors", "schemas")
    ]

    assert crossing == []
