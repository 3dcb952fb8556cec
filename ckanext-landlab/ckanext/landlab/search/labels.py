"""What stands before a facet in `{!…}`: its name in the answer, filters it is counted without, options of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.landlab.search import local
from ckanext.landlab.search.params import Params


@dataclass(frozen=True)
class Label:
    """A facet's *text*, the *key* of its counts, the tags *without* whose filters it is counted, and its *options*."""

    text: str
    key: str
    without: frozenset[str]
    options: Mapping[str, str]

    def params(self, params: Params) -> Params:
        """*params* with the options of this facet as those of its field."""
        own = {f"f.{self.text}.{name}": [value] for name, value in self.options.items() if name.startswith("facet.")}
        return Params({**params.given, **own}) if own else params


def label(text: str) -> Label:
    """The label of *text*, of which the rest is the name of a field or a question."""
    values, _, rest = local.split(text)
    first = {name: each[0] for name, each in values.items()}
    named = first.get("v", rest)
    return Label(named, first.get("key", named), _tags(first.get("ex", "")), first)


def tags(text: str) -> frozenset[str]:
    """The tags of a question: `{!tag=…}`."""
    values, _, _ = local.split(text.strip())
    return _tags(",".join(values.get("tag", ())))


def _tags(text: str) -> frozenset[str]:
    return frozenset(filter(None, text.split(",")))
