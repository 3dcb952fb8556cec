"""The return check against a portal that answers over HTTP: what has arrived, what not, and what is refused."""

import json
import re
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.lib.jobs import get_queue
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from ckanext.landlab import returning
from ckanext.landlab.cli import landlab
from ckanext.landlab.model.arrivals import ARRIVALS
from ckanext.landlab.model.feed_item import ITEMS
from ckanext.landlab.model.portal_trouble import TROUBLES
from ckanext.landlab.model.visits import VISITS
from feed_case import LITTLE, TREES, app, change, headers, loaded

__all__ = ["app", "headers", "loaded"]

pytestmark = pytest.mark.usefixtures("loaded", "_nothing_known")

WATER = next(entry.record["id"] for entry in LITTLE.entries if entry.record["name"] == "pegelstaende")
TITLES = {TREES: "Baumkataster", WATER: "Wasserstände der Kreispegel"}


class Portal(BaseHTTPRequestHandler):
    """A portal that has what is in *has*, and answers in every way that can be asked."""

    has: ClassVar[set[str]] = set()
    asked: ClassVar[list[str]] = []
    broken = ""

    def do_GET(self):
        Portal.asked.append(self.path)
        if len(self.requestline) > 4094:  # as gunicorn does
            self.send_error(414)
            return
        parts = urlsplit(self.path)
        answer = {"/api/3/action/package_search": self.ckan, "/sparql": self.sparql, "/suche": self.search}
        body = Portal.broken or answer[parts.path](parse_qs(parts.query))
        self.send_response(500 if Portal.broken == "500" else 200)
        self.end_headers()
        self.wfile.write(body.encode())

    def named(self, question):
        return [one for one in Portal.has if one in question]

    def ckan(self, query):
        extras = [[{"key": "identifier", "value": one}] for one in self.named(query["q"][0])]
        foreign = {"name": "fremd", "extras": [{"key": "identifier", "value": f"{TREES}-2"}]}
        results = [{"name": f"bei-uns-{n}", "extras": extra} for n, extra in enumerate(extras)]
        return json.dumps({"success": True, "result": {"results": [*results, foreign]}})

    def sparql(self, query):
        assert query["query"][0].startswith("PREFIX dcat:")
        rows = [{"d": {"value": f"https://portal/{one}"}, "i": {"value": one}} for one in self.named(query["query"][0])]
        return json.dumps({"results": {"bindings": rows}})

    def search(self, query):
        hits = "".join(f"<li><b>{TITLES[one]}</b></li>" for one in self.named(query["q"][0]))
        return f"<html>Suche nach {query['q'][0]}<ul>{hits}</ul></html>"

    def log_message(self, *_arguments):
        """Keep quiet."""


@pytest.fixture(scope="module")
def portal():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def _nothing_known(loaded, monkeypatch):
    monkeypatch.setattr(returning, "PAUSE", 0)
    Portal.has, Portal.asked, Portal.broken = {TREES}, [], ""
    for table in (ARRIVALS, TROUBLES, VISITS):
        model.Session.execute(sa.delete(table))
    model.Session.commit()
    yield
    for feed in call_action("landlab_feed_list")[1:]:
        change("landlab_feed_delete", name=feed["name"])


@pytest.fixture
def trusted(portal, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.internal_hosts", portal)
    return portal


def declare(portal, kind, path=""):
    return change(
        "landlab_feed_update", name="land", title="Land", portal=kind, portal_address=f"http://{portal}{path}"
    )


def standing(dataset_id):
    (found,) = change("landlab_feed_standings", id=dataset_id)
    return found


def forget_when_asked():
    model.Session.execute(sa.update(ARRIVALS).values(asked=datetime.now(timezone.utc) - timedelta(days=30)))
    model.Session.commit()


@pytest.mark.parametrize(
    ("kind", "path", "questions"), [("ckan", "", 1), ("sparql", "/sparql", 1), ("search", "/suche?q={identifier}", 4)]
)
def test_the_portal_says_what_has_arrived(trusted, kind, path, questions):
    declare(trusted, kind, path)
    assert standing(TREES)["state"] == "unseen"
    begun = datetime.now(timezone.utc)

    returning.ask_all()

    assert (standing(TREES)["state"], standing(WATER)["state"]) == ("arrived", "unseen")
    assert begun <= datetime.fromisoformat(standing(TREES)["since"]) <= datetime.now(timezone.utc)
    assert len(Portal.asked) == questions
    returning.ask_all()
    assert len(Portal.asked) == questions, "what was asked just now is not asked again"


def test_a_dataset_that_is_gone_from_the_portal_was_refused(trusted):
    declare(trusted, "ckan")
    returning.ask_all()
    first = standing(TREES)["since"]
    forget_when_asked()
    returning.ask_all()
    assert standing(TREES)["since"] == first
    forget_when_asked()
    Portal.has = set()

    returning.ask_all()

    assert (standing(TREES)["state"], standing(TREES)["since"]) == ("refused", None)


def test_what_was_taken_days_ago_and_is_not_there_was_refused(trusted):
    declare(trusted, "ckan")
    ago = datetime.now(timezone.utc) - timedelta(days=5)
    counts = dict.fromkeys(("requests", "datasets", "bytes"), 4) | {"unchanged": 0, "broken": 0}
    model.Session.execute(sa.insert(VISITS).values(feed="land", agent="x", form="ttl", begun=ago, last=ago, **counts))
    model.Session.execute(sa.update(ITEMS).where(ITEMS.c.dataset_id == WATER).values(changed=ago - timedelta(days=1)))
    model.Session.commit()

    returning.ask_all()

    assert {dataset: standing(dataset)["state"] for dataset in (TREES, WATER)} == {TREES: "arrived", WATER: "refused"}


@pytest.mark.parametrize("broken", ["500", "<html>", "[]", '{"success": false}', '{"success": true}'])
def test_a_portal_in_trouble_changes_nothing(trusted, broken, monkeypatch):
    monkeypatch.setattr(returning.outside, "terms", lambda size, seconds, attempts: TERMS(size, seconds))
    declare(trusted, "ckan")
    returning.ask_all()
    forget_when_asked()
    Portal.broken = broken

    returning.ask_all()

    assert standing(TREES)["state"] == "arrived"
    assert standing(TREES)["trouble"]["message"] == (
        "The server answers with the error 500."
        if broken == "500"
        else "The server answers with something else than was asked for."
    )
    Portal.broken = ""
    returning.ask_all()
    assert standing(TREES)["trouble"] is None


TERMS = returning.outside.terms


def test_the_own_network_is_not_asked_unless_that_is_allowed(portal, cli):
    declare(portal, "ckan")

    answer = cli.invoke(landlab, ["feeds", "ask", "land"])

    assert answer.exit_code == 1
    assert Portal.asked == []
    assert standing(TREES)["state"] == "unseen"
    assert standing(TREES)["trouble"]["message"].startswith("This address lies in the own network.")
    call_action("landlab_feed_update", {"user": "admin"}, name="land", title="Land")
    assert returning.trouble("land") is None, "which is asked no more"


def test_editors_see_that_the_portal_could_not_be_asked_and_what_to_do(app, headers, portal):
    declare(portal, "ckan")
    before = datetime.now(timezone.utc).isoformat(timespec="minutes")[11:16]
    returning.ask_all()
    returning.ask_all()

    german = app.get("/de/dataset/baumkataster", headers=headers("redaktion")).body
    english = app.get("/en/dataset/baumkataster", headers=headers("admin")).body
    feed = app.get("/de/ckan-admin/feeds/land", headers=headers("admin")).body

    moments = re.findall(r"Das Portal konnte am [^<]*, (\d\d:\d\d) UTC nicht gefragt werden\.", german + feed)
    assert len(moments) == 2
    assert before <= moments[0] or moments[0] == "00:00"
    assert "Diese Adresse liegt im eigenen Netz." in german
    assert "Es antwortet nicht seit" in german
    assert "wenden Sie sich bitte an die Stelle, die diesen Katalog betreut." in german
    assert "/ckan-admin/feeds/land/edit" not in german
    assert "This address lies in the own network." in english
    assert "please check how and where it is asked:" in english
    assert "/en/ckan-admin/feeds/land/edit" in english
    assert "nicht gefragt werden" not in app.get("/de/dataset/baumkataster").body


def test_nobody_is_asked_unless_the_feed_says_so(cli):
    change("landlab_feed_update", name="still")

    assert returning.feeds() == []
    assert change("landlab_feed_standings", id=TREES) == []
    assert cli.invoke(landlab, ["feeds", "ask", "still"]).exit_code == 1


def test_the_job_is_scheduled_once_and_comes_again(trusted):
    declare(trusted, "ckan")
    declare(trusted, "ckan")
    scheduled = get_queue().scheduled_job_registry

    assert len([name for name in scheduled.get_job_ids() if name.endswith("return-check")]) == 1
    (name,) = (name for name in scheduled.get_job_ids() if name.endswith("return-check"))
    scheduled.remove(name)
    returning.ask_all()
    assert name in scheduled.get_job_ids()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"portal": "fax"}, "portal"),
        ({"portal": "ckan"}, "portal_address"),
        ({"portal": "ckan", "portal_address": "file:///etc/passwd"}, "portal_address"),
        ({"portal": "search", "portal_address": "https://portal.example/suche"}, "portal_address"),
    ],
)
def test_a_portal_that_cannot_be_asked_is_refused(values, field):
    with pytest.raises(tk.ValidationError) as refused:
        change("landlab_feed_update", name="land", **values)

    assert set(refused.value.error_dict) == {field}


def test_editors_see_it_on_the_page_of_the_dataset(app, headers, trusted):
    declare(trusted, "ckan")
    returning.ask_all()

    page = app.get("/de/dataset/baumkataster", headers=headers("redaktion"))

    assert "Ist es angekommen?" in page
    assert "angekommen am" in page
    assert "noch nicht gesehen" in app.get("/de/dataset/bevoelkerung-2025", headers=headers("redaktion"))
    assert "Ist es angekommen?" not in app.get("/de/dataset/baumkataster")
