"""Log lines are JSON, carry the number of the request, and tell nobody who somebody is."""

import json
import logging
import sys
import time

import pytest
from ckanext.landlab.stack.lines import LONGEST, REQUEST, JsonLines, impersonal, readable

PERSONAL = {
    "mail to anna.muster@rebenau.example failed": "mail to [mail] failed",
    "GET /user/anna.muster": "GET /user/…",
    "GET /user/edit/anna": "GET /user/…",
    "login from 203.0.113.7:4711": "login from [address]:4711",
    "from 2001:db8:0:1::7f refused": "from [address] refused",
    "token eyJhbGciOiJIUzI1NiJ9.eyJqdGkiOiJ4In0.c2lnbmF0dXI used": "token [token] used",
    "Authorization%3A%20eyJhbGciOi.eyJqdGki.c2lnbmF0": "Authorization%3A%20[token]",
    "key-eyJhbGciOi.eyJqdGki.c2lnbmF0": "key-[token]",
    "GET /dataset/?q=anna+muster": "GET /dataset/?…",
    "Password reset requested for user 'anna.muster'": "Password reset requested for user …",
    "redis://:geheim@redis:6379/0 is away": "redis://…@redis:6379/0 is away",
}
HARMLESS = (
    "GET /dataset/baeume-2024",
    "listening at 127.0.0.1:5000",
    "GET /user/login",
    "version 2.12.0 took 10:20:30",
)


@pytest.mark.parametrize("text", PERSONAL)
def test_what_tells_who_somebody_is_does_not_reach_the_log(text):
    assert impersonal(text) == PERSONAL[text]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_nobodys_stays(text):
    assert impersonal(text) == text


def line_of(level=logging.INFO, error=None, **more):
    record = logging.LogRecord("ckan.x", level, "x.py", 1, "said %s", ("so",), error)
    for name, value in more.items():
        setattr(record, name, value)
    return json.loads(JsonLines().format(record))


def test_a_line_is_json_with_the_number_of_the_request_and_its_facts():
    REQUEST.set("0123456789")

    told = line_of(facts={"status": 200})

    assert (told["message"], told["level"], told["request"], told["status"]) == ("said so", "INFO", "0123456789", 200)
    assert told["time"].endswith("+00:00")


def test_an_error_keeps_its_trace_on_one_line_without_what_is_personal():
    try:
        raise ValueError("anna@rebenau.example")
    except ValueError:
        told = line_of(logging.ERROR, sys.exc_info())

    assert told["error"] == "ValueError"
    assert "test_lines.py" in told["trace"]
    assert "anna" not in told["trace"]


def test_people_read_it_in_words():
    line = json.dumps(
        {"time": "2026-11-27T10:00:00+00:00", "level": "ERROR", "logger": "x", "message": "m", "trace": "t"}
    )

    assert readable(line) == "2026-11-27 10:00:00 ERROR   x: m\nt\n"
    assert readable("{broken\n") == "{broken\n"
    assert readable("plain\n") == "plain\n"


@pytest.mark.parametrize("text", ["x" * 500_000, "a.b-" * 100_000, "eyJ" * 100_000, "1:" * 100_000, "@" * 100_000])
def test_a_long_word_is_looked_through_once(text):
    """One text of a megabyte in a refused record once kept a worker busy for minutes."""
    began = time.process_time()

    assert impersonal(text) == text

    assert time.process_time() - began < 2


def test_a_message_of_megabytes_becomes_a_line_of_bounded_length():
    record = logging.LogRecord("ckan.x", logging.INFO, "x.py", 1, "x" * 5_000_000, (), None)

    assert len(JsonLines().format(record)) < LONGEST + 500
