"""Groups of a form come together as they were filled in, whichever were taken away before."""

from ckanext.landlab.logic.gathering import gather


def test_each_field_counts_for_itself():
    """The first creator was taken away, the contact was not."""
    sent = {"contact-0-name": "A", "creator-1-name": "B", "creator-1-email": "b@amt.example"}
    gather(sent, {"contact", "creator"})
    assert sent == {"contact": [{"name": "A"}], "creator": [{"name": "B", "email": "b@amt.example"}]}


def test_the_eleventh_comes_after_the_tenth():
    sent = {f"place-{number}-name": str(number) for number in reversed(range(12))}
    gather(sent, {"place"})
    assert [group["name"] for group in sent["place"]] == [str(number) for number in range(12)]


def test_what_is_no_group_stays():
    sent = {
        "place": [],
        "place-0-name": "x",
        "other-0-name": "y",
        "title-0": "z",
        "note-x-name": "q",
        "note-99999-a": "",
    }
    before = dict(sent)
    gather(sent, {"place", "title", "note"})
    assert sent == before


def test_a_part_may_have_a_line_in_its_name():
    sent = {"notices-2-parameters-day": "2026-01-01", "notices-2-code": "AGE"}
    gather(sent, {"notices"})
    assert sent == {"notices": [{"parameters-day": "2026-01-01", "code": "AGE"}]}
