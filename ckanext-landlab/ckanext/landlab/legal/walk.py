"""Walking the release check: from answers and facts to the next question, blocks, needs, notices and records.

A walk is computed anew from the answers each time, so going back and forth cannot lose anything:
answers to questions that the path no longer meets are kept and simply do not count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from .release_check import CHOICES, Effect, Entry, Question, ReleaseCheck, Text

NOT_ANSWERED: Text = {"de": "Diese Frage ist noch offen.", "en": "This question is still open."}
UNKNOWN: Text = {
    "de": "„Weiß nicht“ genügt nicht. Fragen Sie: {whom}.",
    "en": "“Don't know” is not enough. Ask: {whom}.",
}


@dataclass(frozen=True)
class Answer:
    """What was chosen and written down, *by* whom; *reopened* is why it has to be given again."""

    choice: str
    records: Mapping[str, str] = field(default_factory=dict)
    reopened: Text | None = None
    by: str | None = None

    def __post_init__(self) -> None:
        if self.choice not in CHOICES:
            raise ValueError(f"an answer is one of {CHOICES}, not {self.choice!r}")


@dataclass(frozen=True)
class Fact:
    """What the catalogue found out by itself: whether it holds, and what is missing if not."""

    holds: bool
    missing: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Step:
    """One question on the way: answered, checked, open, reopened or skipped (then *because* of another answer)."""

    question: Question
    state: str
    choice: str | None = None
    because: tuple[str, str] | None = None


@dataclass(frozen=True)
class Block:
    """Why the dataset cannot be public: the refusal's *code*, and in sentences what to do."""

    code: str
    question: str
    text: Text
    missing: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Walk:
    """Where the answers lead."""

    steps: tuple[Step, ...]
    blocks: tuple[Block, ...]
    needs: tuple[Block, ...]
    notices: Mapping[str, tuple[str, ...]]  # mandatory notice -> questions that ask for it
    choices: tuple[tuple[str, tuple[str, ...]], ...]  # (question, at least one of these notices)
    records: tuple[tuple[str, Entry, str], ...]

    @property
    def next(self) -> Question | None:
        """The first question that still has to be answered."""
        return next((step.question for step in self.steps if step.state in ("open", "reopened")), None)

    @property
    def complete(self) -> bool:
        """Whether every question on the way is answered, whatever the answers are."""
        return self.next is None

    def lacking(self, present: Sequence[str]) -> tuple[str, ...]:
        """The mandatory notices that are not among the *present* ones; alternatives as `A|B`."""
        missing = [code for code in self.notices if code not in present]
        missing += ["|".join(codes) for _, codes in self.choices if not set(codes) & set(present)]
        return tuple(dict.fromkeys(missing))

    def releasable(self, present: Sequence[str]) -> bool:
        """Whether nothing blocks, nothing is needed and every mandatory notice is among the *present* ones."""
        return not (self.blocks or self.needs or self.lacking(present))


def walk(
    check: ReleaseCheck, answers: Mapping[str, Answer], facts: Mapping[str, Fact], today: date, *, due: bool = False
) -> Walk:
    """The way through *check* that *answers* and *facts* make on *today*; *due* says that the review date is past."""
    steps = tuple(_steps(check, answers, facts))
    met = [(step, step.question.effects.get(step.choice or "", Effect())) for step in steps if step.state != "skipped"]
    notices: dict[str, tuple[str, ...]] = {}
    for step, effect in met:
        for code in effect.notices:
            notices[code] = (*notices.get(code, ()), step.question.id)
    if due:
        notices["AGE"] = (*notices.get("AGE", ()), "J")
    return Walk(
        steps=steps,
        blocks=tuple(_blocks(met, answers, facts, today)),
        needs=tuple(_needs(met, answers, facts)),
        notices=notices,
        choices=tuple((step.question.id, effect.one_of) for step, effect in met if effect.one_of),
        records=tuple(
            (step.question.id, entry, value)
            for step, effect in met
            for entry in effect.record
            if (value := _recorded(answers, step.question.id, entry.name))
        ),
    )


def _steps(check: ReleaseCheck, answers: Mapping[str, Answer], facts: Mapping[str, Fact]) -> Iterator[Step]:
    target, because = next(iter(check.questions)), None
    for identifier, question in check.questions.items():
        if identifier != target:
            yield Step(question, "skipped", because=because)
            continue
        step = _step(question, answers.get(identifier), facts)
        yield step
        effect = question.effects.get(step.choice or "", Effect())
        following = check.after_all_of(identifier) if step.state == "open" else check.after(identifier)
        target, because = effect.go or following, (identifier, step.choice or "open")


def _step(question: Question, answer: Answer | None, facts: Mapping[str, Fact]) -> Step:
    if question.check:
        return Step(question, "checked", "yes" if facts[question.check].holds else "no")
    if answer is None:
        return Step(question, "open")
    return Step(question, "reopened" if answer.reopened else "answered", answer.choice)


def _blocks(
    met: Sequence[tuple[Step, Effect]], answers: Mapping[str, Answer], facts: Mapping[str, Fact], today: date
) -> Iterator[Block]:
    for step, effect in met:
        question = step.question
        if step.state == "open":
            yield Block(question.code, question.id, NOT_ANSWERED)
        elif step.state == "reopened":
            yield Block(question.code, question.id, answers[question.id].reopened or NOT_ANSWERED)
        elif step.choice == "unknown":
            yield Block(question.code, question.id, _ask(question))
        elif effect.block and not _over(effect, answers.get(question.id), today):
            missing = facts[question.check].missing if question.check else ()
            yield Block(question.code, question.id, effect.block, missing)


def _ask(question: Question) -> Text:
    return {language: UNKNOWN[language].format(whom=question.whom[language]) for language in UNKNOWN}


def _over(effect: Effect, answer: Answer | None, today: date) -> bool:
    """Whether the day until which *effect* blocks has come; without a readable day it never has."""
    if effect.until is None or answer is None:
        return False
    try:
        return date.fromisoformat(answer.records.get(effect.until, "")) <= today
    except ValueError:
        return False


def _needs(
    met: Sequence[tuple[Step, Effect]], answers: Mapping[str, Answer], facts: Mapping[str, Fact]
) -> Iterator[Block]:
    for step, effect in met:
        question = step.question
        if effect.fix and not _fixed(effect, question.id, answers, facts):
            yield Block(question.code, question.id, effect.fix)
        if not effect.block:
            for entry in effect.record:
                if not _recorded(answers, question.id, entry.name) and effect.fixed_when != "recorded":
                    yield Block(question.code, question.id, _write_down(entry))


def _fixed(effect: Effect, identifier: str, answers: Mapping[str, Answer], facts: Mapping[str, Fact]) -> bool:
    match effect.fixed_when:
        case None:
            return False
        case "recorded":
            return all(_recorded(answers, identifier, entry.name) for entry in effect.record)
        case fact:
            return facts[fact].holds


def _recorded(answers: Mapping[str, Answer], identifier: str, name: str) -> str:
    return answers[identifier].records.get(name, "").strip() if identifier in answers else ""


def _write_down(entry: Entry) -> Text:
    return {
        "de": f"Tragen Sie ein: {entry.label['de']}",
        "en": f"Write down: {entry.label['en']}",
    }
