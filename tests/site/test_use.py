"""What is used is counted by dataset and day, without anything about who used it, and shown to who edits it."""

import csv
import io
import time

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab import use
from release_case import Case

pytestmark = pytest.mark.usefixtures("non_clean_db", "with_plugins")


@pytest.fixture
def case():
    use.flush()
    for key in connect_to_redis().scan_iter("landlab:use:*"):
        connect_to_redis().delete(key)
    case = Case()
    change = {"id": case.id, "title": "=1+1", "private": False}
    dataset = call_action("package_patch", {"user": case.editor}, **change)
    return dataset, case.organization, case.login(case.editor), case.login(case.stranger)


def shown(dataset):
    use.flush()
    use.take_over()
    rows = call_action("landlab_use_show", {"ignore_auth": True}, id=dataset["id"])
    return [(row["look"], row["download"], row["api"]) for row in rows]


def test_looks_and_questions_of_programs_are_counted_by_name_and_by_id(app, case):
    dataset = case[0]
    app.get(f"/dataset/{dataset['name']}")
    app.get(f"/dataset/{dataset['id']}")
    app.get(f"/api/3/action/package_show?id={dataset['name']}")
    app.get(f"/dataset/{dataset['name']}/paket.zip")

    assert shown(dataset) == [(2, 1, 1)]
    app.get(f"/dataset/{dataset['name']}")
    assert shown(dataset) == [(3, 1, 1)]


def test_robots_and_refusals_do_not_count(app, case):
    dataset = case[0]
    app.get(f"/dataset/{dataset['name']}", headers={"User-Agent": "Googlebot/2.1"})
    app.get("/dataset/gibt-es-nicht", status=404)
    app.test_client().head(f"/dataset/{dataset['name']}")

    assert shown(dataset) == []


def test_nothing_about_who_asked_is_kept(app, case):
    dataset = case[0]
    app.get(f"/dataset/{dataset['name']}", extra_environ={"REMOTE_ADDR": "203.0.113.77"}, headers=case[2])
    use.flush()

    kept = [(key, connect_to_redis().hgetall(key)) for key in connect_to_redis().scan_iter("landlab:use:*")]
    assert len(kept) == 1
    assert [field.decode() for field in kept[0][1]] == [f"{dataset['name']}|look"]
    columns = sa.inspect(model.meta.engine).get_columns("landlab_use")
    assert {column["name"] for column in columns} == {"dataset_id", "day", "kind", "count"}


def test_a_job_that_was_cut_off_loses_nothing(case):
    dataset = case[0]
    use.note(dataset["id"], "api")
    use.flush()
    key = next(iter(connect_to_redis().scan_iter("landlab:use:*"))).decode()
    connect_to_redis().rename(key, f"{key}:taken")
    use.note(dataset["id"], "api")

    use.flush()
    use.take_over()

    use.take_over()
    assert shown(dataset) == [(0, 0, 2)]


def test_editors_see_it_on_pages_and_as_a_table_and_others_do_not(app, case):
    dataset, organization, editor, stranger = case
    app.get(f"/dataset/{dataset['name']}")
    shown(dataset)
    pages = [f"/dataset/{dataset['name']}/nutzung", f"/organization/{organization['name']}/nutzung"]

    for page in pages:
        assert "Downloads" in app.get(page, headers=editor).body
        rows = list(
            csv.DictReader(io.StringIO(app.get(f"{page}.csv", headers=editor).body.lstrip("\ufeff")), delimiter=";")
        )
        mine = [(row["look"], row["title"]) for row in rows if row["name"] == dataset["name"]]
        assert mine == [("1", "'=1+1")]
        assert app.get(page, headers=stranger, status=404)
        assert app.get(page, status=404)
    assert f"{pages[0]}" in app.get(f"/dataset/{dataset['name']}", headers=editor).body
    assert pages[1] in app.get(f"/organization/{organization['name']}", headers=editor).body
    assert pages[1] not in app.get(f"/organization/{organization['name']}").body


def test_counting_costs_a_request_next_to_nothing():
    begin = time.process_time()
    for number in range(2000):
        use.note(f"dataset-{number % 50}", "look")
    use.flush()
    each = (time.process_time() - begin) / 2000

    print(f"counting one use: {each * 1e6:.1f} µs of processor time")
    assert each < 0.0005
    for key in connect_to_redis().scan_iter(f"landlab:use:{tk.config['ckan.site_id']}:*"):
        connect_to_redis().delete(key)
