"""Requests are counted over all processes, and told in Prometheus's format."""

import os

import pytest
from ckanext.landlab.stack.measures import Counters, Gauge, exposition, kind_of


def lines(counters, *gauges):
    told = (line.rsplit(" ", 1) for line in exposition(counters, gauges).splitlines() if line[0] != "#")
    return {name: float(value) for name, value in told}


def in_another_process(work):
    pid = os.fork()
    if not pid:
        work()
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0


def test_what_other_processes_have_counted_is_added_up_even_when_they_are_gone():
    counters = Counters()
    counters.count("page", 200, 0.2)
    for status in (200, 404, 503):
        in_another_process(lambda status=status: counters.count("page", status, 0.01))

    told = lines(counters)

    assert told['landlab_requests_total{kind="page",status="2xx"}'] == 2
    assert told['landlab_requests_total{kind="page",status="4xx"}'] == 1
    assert told['landlab_requests_total{kind="page",status="5xx"}'] == 1
    assert told['landlab_request_seconds_bucket{kind="page",le="0.05"}'] == 3
    assert told['landlab_request_seconds_bucket{kind="page",le="0.25"}'] == 4
    assert told['landlab_request_seconds_count{kind="page"}'] == 4
    assert told['landlab_request_seconds_sum{kind="page"}'] == pytest.approx(0.23)


def test_more_processes_than_slots_lose_nothing():
    counters = Counters()
    for _ in range(70):
        in_another_process(lambda: counters.count("api", 200, 1))

    assert lines(counters)['landlab_requests_total{kind="api",status="2xx"}'] == 70


def test_a_label_cannot_break_out_of_its_line():
    gauge = Gauge("landlab_x", "X.", {(("feed", 'a"} 1\nb\\'),): 2.0})

    assert exposition(Counters(), [gauge]).splitlines()[-1] == 'landlab_x{feed="a\\"} 1\\nb\\\\"} 2'


@pytest.mark.parametrize(
    ("path", "method", "kind"),
    [
        ("/", "GET", "page"),
        ("/dataset/baeume", "GET", "dataset"),
        ("/dataset/x/resource/y/download/z.csv", "GET", "file"),
        ("/api/3/action/package_show", "GET", "api"),
        ("/api/3/action/package_patch", "POST", "api"),
        ("/catalog.ttl", "GET", "feed"),
        ("/feed/govdata/catalog.rdf", "GET", "feed"),
        ("/user/login", "POST", "login"),
        ("/dataset/edit/x", "POST", "edit"),
        ("/health/ready", "GET", "health"),
    ],
)
def test_every_request_is_of_a_kind(path, method, kind):
    assert kind_of(path, method) == kind
