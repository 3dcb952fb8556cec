"""From the version before, as it really was: its code fills a site, this version's code takes the site over.

The version before is the newest tag before this commit; as long as there is none, a commit of long before the tables of
today.  It runs on today's packages, from a checkout of its own.  With LANDLAB_FULL=1, because it takes minutes; that
tables go back some steps and forward again with data in them is tested in test_backup.py every time.
"""

import hashlib
import os
import subprocess
from pathlib import Path

import pytest
import requests
from ckanext.landlab.stack import manifest
from conftest import Running

CHECKOUT = Path(__file__).parents[2]
FIRST = "7fd512f"  # tables of step 3: notices, release check and feeds, nothing packed, no standings, no harvest
AUTHOR = ("-c", "user.name=Test", "-c", "user.email=test@example.org")


def git(*words, where=CHECKOUT):
    return subprocess.run(["git", *words], cwd=where, capture_output=True, text=True, check=False).stdout.strip()


def tag_before(where=CHECKOUT):
    """The newest version before the commit that is checked out; empty if there is none."""
    return git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD^", where=where)


def test_the_version_before_is_the_newest_that_has_a_tag(tmp_path):
    def commit(*tags):
        git(*AUTHOR, "commit", "--allow-empty", "-m", "a change", where=tmp_path)
        for tag in tags:
            git(*AUTHOR, "tag", "-a", "-m", tag, tag, where=tmp_path)

    git("init", where=tmp_path)
    commit()
    commit()
    assert tag_before(tmp_path) == ""
    commit("v0.9.0")
    commit("v0.10.0", "before-the-holidays")
    commit()
    assert tag_before(tmp_path) == "v0.10.0"
    commit("v0.11.0")
    assert tag_before(tmp_path) == "v0.10.0"


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """A checkout of the version before."""
    tag = tag_before()
    folder = tmp_path_factory.mktemp("earlier") / "checkout"
    git("worktree", "add", "--force", "--detach", str(folder), tag or FIRST)
    if not (folder / "ckanext-landlab").is_dir():
        pytest.skip(f"THE UPGRADE WAS NOT TRIED: {tag or FIRST} is not in this copy of the repository")
    yield folder
    git("worktree", "remove", "--force", str(folder))


def asked(site, path):
    answer = requests.get(site.status()["address"] + path, timeout=60)
    assert answer.status_code == 200, path
    return answer


def action(site, name, **parameters):
    query = "&".join(f"{key}={value}" for key, value in parameters.items())
    return asked(site, f"/api/3/action/{name}?{query}").json()["result"]


def contents(site):
    """What people and harvesters see, without what a later version may say in another way."""
    found = action(site, "package_search", rows=1000)["results"]
    kept = ("id", "title", "notes", "license_id", "owner_org", "state")
    datasets = {each["name"]: {key: each.get(key) for key in kept} for each in found}
    for each in found:
        datasets[each["name"]] |= {
            "resources": sorted((file["id"], file["name"], file["url"]) for file in each["resources"]),
            "notices": sorted(
                str((notice["code"], notice["text"]))
                for notice in action(site, "landlab_statement_show", id=each["id"])["notices"]
            ),
            "custodian": [person.get("name") for person in each.get("custodian") or ()],
        }
    return datasets


def files(site):
    uploads = site.data / "files" / "resources"
    return {
        str(file.relative_to(uploads)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in uploads.rglob("*")
        if file.is_file()
    }


@pytest.mark.skipif(not os.environ.get("LANDLAB_FULL"), reason="takes minutes: LANDLAB_FULL=1")
def test_a_site_of_the_version_before_is_taken_over_with_all_that_is_in_it(earlier, tmp_path):
    data = tmp_path / "var"
    old = Running(data, PYTHONPATH=str(earlier / "ckanext-landlab"))
    ended = old.landlab("up", "--sample", "--detach")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    new = Running(data)
    try:
        before, uploads = contents(old), files(old)
        assert len(before) > 30
        assert len(uploads) > 30

        ended = new.landlab("upgrade", "--backups", str(tmp_path / "backups"))
        assert ended.returncode == 0, ended.stdout + ended.stderr

        made = manifest.read(manifest.backups(tmp_path / "backups")[-1])
        assert made.versions["landlab_alembic_version"] != newest()
        assert contents(new) == before
        assert files(new) == uploads
        assert new.landlab("doctor").returncode == 0
        for path in ("/catalog.ttl", "/catalog.rdf", "/dataset/", f"/dataset/{next(iter(before))}"):
            assert asked(new, path).content
    finally:
        new.landlab("down")


def newest():
    return sorted(CHECKOUT.glob("ckanext-landlab/ckanext/landlab/migration/landlab/versions/0*.py"))[-1].stem
