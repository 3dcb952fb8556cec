"""The decision tree: every refusal and every mandatory notice, and what goes wrong in a declaration."""

from datetime import date

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.legal.facts import facts_of
from ckanext.landlab.legal.release_check import parse, release_check, unknown_notices
from ckanext.landlab.legal.walk import Answer, Fact, walk
from release_answers import BLOCKED, FACT_BLOCKED, HARMLESS, NOTED, TREES

TODAY = date(2026, 11, 23)
CONFIRMED = Fact(True)


def answers(*given):
    merged = {key: value for part in given for key, value in part.items()}
    return {key: Answer(value) if isinstance(value, str) else Answer(*value) for key, value in merged.items()}


def walked(*given, facts=None):
    return walk(release_check(), answers(HARMLESS, *given), facts or facts_of(TREES, CONFIRMED), TODAY)


def states(result):
    return {step.question.id: step.state for step in result.steps}


def test_the_tree_has_all_its_ids():
    codes = {question.code for question in release_check().questions.values()}
    assert codes == {
        *("A1", "A2", "A3", "A4", "A5", "B1", "B2", "B3", "B4", "B5", "C1", "C2", "D1", "D2", "D3", "D4", "D5", "D6"),
        *("E1", "E2", "F1", "F2", "F3", "G1", "G2", "G3", *(f"H{n}" for n in range(1, 11)), "I", "J"),
    }
    assert {*BLOCKED, *FACT_BLOCKED} == {
        *("A1", "A3", "A4", "A5", "B3", "B4", "B5", "C2", "D2", "D4"),
        *("E1", "E2", "F1", "F2", "G1", "G3", "I", "J"),
    }
    assert set(NOTED) == {"A3", "B4", "C2", "D2", "F1", "F3", "G2", *(f"H{n}" for n in range(1, 11))}


def test_the_tree_register_may_be_published_with_the_notice_on_checking():
    result = walked()

    assert (result.blocks, result.needs, dict(result.notices)) == ((), (), {"CHECK": ("H1",)})
    assert result.complete
    assert result.lacking([]) == ("CHECK",)
    assert result.releasable(["CHECK"])


@pytest.mark.parametrize("code", BLOCKED)
def test_an_answer_that_blocks(code):
    result = walked(BLOCKED[code])
    assert [block.code for block in result.blocks] == [code]
    assert not result.releasable(["CHECK"])


@pytest.mark.parametrize("code", FACT_BLOCKED)
def test_a_fact_that_blocks(code):
    fact, given = FACT_BLOCKED[code]
    missing = {"de": "fehlt", "en": "missing"}
    facts = {**facts_of(TREES, CONFIRMED), "high_value": Fact(True), fact: Fact(False, (missing,))}

    result = walked(given, facts=facts)

    assert [(block.code, block.missing) for block in result.blocks] == [(code, (missing,))]


@pytest.mark.parametrize("identifier", NOTED)
def test_an_answer_that_makes_a_notice_mandatory(identifier):
    given, notices, one_of = NOTED[identifier]

    result = walked(given)

    assert result.blocks == ()
    assert result.needs == ()
    assert set(result.notices) == notices | {"CHECK"}
    assert {code for _, codes in result.choices for code in codes} == one_of
    if one_of:
        assert result.releasable([*notices, "CHECK", next(iter(one_of))])
    assert not result.releasable(["CHECK"])


@pytest.mark.parametrize(
    "identifier", [key for key, question in release_check().questions.items() if not question.check]
)
def test_not_knowing_blocks_and_names_whom_to_ask(identifier):
    question = release_check().questions[identifier]
    way = {"A3": {"A2": "no"}, "A4a": {"A4": "yes"}, "B2": {"B1": "yes"}, "B3": {"B1": "yes", "B2": "no"},
           "B4": {"B1": "yes", "B2": "no", "B3": ("yes", {"method": "x"})}, "C2": {"C1": "yes"}, "D2": {"D1": "yes"},
           "D4": {"D3": "yes"}, "E2a": {"E2": "yes"}, "F1a": {"F1": "yes"}, "G2a": {"G2": "yes"}}  # fmt: skip

    result = walked(way.get(identifier, {}), {identifier: "unknown"})

    told = {block.code: block.text for block in result.blocks if block.question == identifier}
    assert list(told) == [question.code]
    assert all(question.whom[language] in told[question.code][language] for language in ("de", "en"))


def test_skipped_questions_say_which_answer_skipped_them():
    result = walked()
    skipped = {step.question.id: step.because for step in result.steps if step.state == "skipped"}
    # Skipped question -> the question whose answer skipped it, and that answer.
    assert skipped == {
        "A3": ("A2", "yes"),
        "A4a": ("A4", "no"),
        **dict.fromkeys(("B2", "B3", "B4"), ("B1", "no")),
        "C2": ("C1", "no"),
        "D2": ("D1", "no"),
        "D4": ("D3", "no"),
        "E2a": ("E2", "no"),
        "F1a": ("F1", "no"),
        "G1a": ("G1", "no"),
        "G2a": ("G2", "no"),
    }


def test_an_answer_off_the_way_is_kept_and_does_not_count():
    there = walked({"B1": "yes", "B2": "no", "B3": "no"})
    back = walked({"B1": "no", "B2": "no", "B3": "no"})
    assert [block.code for block in there.blocks] == ["B3"]
    assert back.blocks == ()


def test_the_next_question_is_the_first_open_one():
    result = walk(release_check(), answers({"A1": "yes"}), facts_of(TREES, CONFIRMED), TODAY)
    assert result.next is not None
    assert result.next.id == "A2"
    assert states(result)["A5"] == "checked"


def test_an_embargo_ends_on_its_day():
    assert walked({"F2": ("yes", {"date": "2026-11-24"})}).blocks != ()
    assert walked({"F2": ("yes", {"date": "2026-11-23"})}).blocks == ()
    assert walked({"F2": ("yes", {"date": "bald"})}).blocks != ()


def test_what_has_to_be_written_down_is_a_need_until_it_is():
    bare = walked({"B1": "yes", "B2": "yes"})
    told = walked({"B1": "yes", "B2": ("yes", {"law": "https://www.gesetze-im-internet.de/gemo/"})})
    assert [need.code for need in bare.needs] == ["B2"]
    assert told.needs == ()
    assert [(question, entry.name, value) for question, entry, value in told.records] == [
        ("B2", "law", "https://www.gesetze-im-internet.de/gemo/")
    ]


def test_a_coat_of_arms_has_to_go_first():
    assert [need.code for need in walked({"D5": "yes"}).needs] == ["D5"]


def test_an_official_text_needs_its_own_licence_and_a_map_must_not_have_it():
    official = facts_of({**TREES, "license_id": "officialWork"}, CONFIRMED)
    closed = facts_of({**TREES, "license_id": "other-closed"}, CONFIRMED)
    assert [need.code for need in walked({"D6": "yes"}).needs] == ["D6"]
    assert walked({"D6": "yes"}, facts=official).needs == ()
    assert [need.code for need in walked(facts=closed).needs] == ["D6"]


def broken(change):
    content = schemas.read("release_check")
    change(content["questions"])
    return content


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        (lambda rows: rows[0]["yes"].update(go="Z9"), "questions.0.yes.go", "'Z9' is no later question"),
        (lambda rows: rows[5]["yes"].update(go="A1"), "questions.5.yes.go", "'A1' is no later question"),
        (lambda rows: rows[1].update(section="X"), "questions.1.section", "there is no section 'X'"),
        (lambda rows: rows[1].pop("whom"), "questions.1.whom", "'whom' is missing"),
        (lambda rows: rows[1].update(hint="x"), "questions.1.hint", "'hint' is unknown"),
        (lambda rows: rows[1]["ask"].pop("en"), "questions.1.ask", "needs a text in German (de) and in English (en)"),
        (lambda rows: rows[2]["yes"]["record"][0].update(kind="file"), "questions.2.yes", "a record is one of"),
        (lambda rows: rows[0]["norm"][0].update(law="agb"), "questions.0.norm", "there is no law 'agb'"),
        (lambda rows: rows[0].update(reopened_by=["rain"]), "questions.0.reopened_by", "unknown change ['rain']"),
        (lambda rows: rows[0]["yes"].update(blocks="x"), "questions.0.yes", "unknown effect ['blocks']"),
        (lambda rows: rows[1].update(id="A1"), "questions.1.id", "stands twice"),
    ],
)
def test_a_wrong_declaration_names_file_and_line(change, place, reason):
    with pytest.raises(DeclarationError) as caught:
        parse(broken(change))
    text = str(caught.value)
    assert text.startswith("schemas/release_check.yaml: line ")
    assert f"({place})" in text
    assert reason in text


def test_the_line_is_the_line():
    with pytest.raises(DeclarationError) as caught:
        parse(broken(lambda rows: rows[0]["yes"].update(go="Z9")))
    number = int(str(caught.value).split("line ")[1].split(" ")[0])
    line = (schemas.HERE / "release_check.yaml").read_text(encoding="utf-8").splitlines()[number - 1]
    assert line.strip() == '"yes": {go: A2}'


def test_a_notice_that_does_not_exist_stops_the_start():
    with pytest.raises(DeclarationError, match="there is no notice SENSOR"):
        unknown_notices(release_check(), sorted(release_check().codes() - {"SENSOR"}))
