"""Documents as Solr gives them back: the kept fields that `fl` wants, lists only where a field repeats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates, documents
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.schema import Kind
from ckanext.landlab.search.view import View
from tantivy import DocAddress

SCALE = 2.2  # the engine's BM25 has the factor k1 + 1, Lucene's has not

_NAME = re.compile(r"(?:([\w.\-]+):(?!\S*[*?]))?([\w.*?][\w.\-*?]*)")


@dataclass(frozen=True)
class Written:
    """A value that is JSON already."""

    content: bytes


def points(score: float) -> float:
    """A *score* of the engine as Lucene would give it, as exactly as the engine reckons."""
    return float(f"{score / SCALE:.7g}")


class Giving:
    """Gives the documents of *view* as the `fl` of *params* wants them."""

    def __init__(self, view: View, params: Params) -> None:
        self.view = view
        self.schema = view.schema
        wanted = [_NAME.fullmatch(name) for text in params.all("fl") for name in re.split(r"[\s,]+", text) if name]
        if None in wanted:
            raise RequestError(f"fl: only names of fields are known here, not {' '.join(params.all('fl'))}")
        pairs = [(match[1] or "", match[2]) for match in wanted if match] or [("", "*")]
        self.aliases = [(alias, name) for alias, name in pairs if alias and name != "score"]
        self.patterns = [name for alias, name in pairs if not alias and name != "score"]
        self.scores = [alias or name for alias, name in pairs if name == "score"]
        if not self.patterns and not self.aliases and not self.scores:
            self.patterns = ["*"]
        whole = not any(sign in pattern for pattern in self.patterns for sign in "*?[")
        self.exact = {name for name in self.patterns if self.schema.field(name).kept} if whole else None
        self.sources = [name for name, field in self.schema.fields.items() if field.kind is Kind.SOURCE]
        self.small = None
        if self.exact is not None and not self.aliases:
            self.small = self.exact.difference(self.sources)
        self.wanted: dict[str, bool] = {}
        kept = {
            name: [each for each in targets if self._is_wanted(each)] for name, targets in self.schema.copies.items()
        }
        self.copies = {name: targets for name, targets in kept.items() if targets}
        if self.copies:
            self.small = None

    def document(self, address: DocAddress, score: float = 0.0) -> dict[str, Any]:
        """The document at *address*."""
        entry = self.view.searcher.doc(address)
        values = documents.restored(entry, self.small)
        names = self.exact.intersection(values) if self.exact is not None else filter(self._is_wanted, values)
        made = {name: self._given(name, values[name]) for name in names}
        for name in filter(self._is_wanted, self.sources):
            source = entry.get_first(name)
            if source is not None:
                made[name] = Written(source.encode())
        for name, copies in self.copies.items():
            if name in values:
                made |= {copy: self._given(copy, values[name]) for copy in copies}
        for alias, name in self.aliases:
            if name in values and self.schema.field(name).kept:
                made[alias] = self._given(name, values[name])
        return made | dict.fromkeys(self.scores, points(score))

    @property
    def with_score(self) -> bool:
        return bool(self.scores)

    def _given(self, name: str, values: list[documents.Value]) -> Any:
        """*values* as Solr gives them back."""
        field = self.schema.field(name)
        shown = [dates.written(int(value)) for value in values] if field.kind is Kind.DATE else values
        return shown if field.many else shown[0]

    def _is_wanted(self, name: str) -> bool:
        if self.exact is not None:
            return name in self.exact
        known = self.wanted.get(name)
        if known is None:
            fits = any(fnmatchcase(name, pattern) for pattern in self.patterns)
            known = self.wanted[name] = fits and self.schema.field(name).kept
        return known

    @classmethod
    def of(cls, view: View, params: Params) -> Giving:
        """As `Giving(view, params)`, made once for each `fl`."""
        key = ("giving", tuple(params.all("fl")))
        made = view.memory.recall(key)
        if made is None:
            made = cls(view, params)
            view.memory.keep(key, made, len(made.copies) + 1)
        return made

    @staticmethod
    def key(view: View, address: DocAddress) -> str:
        """The key of the document at *address*."""
        return str(documents.restored(view.searcher.doc(address))[view.schema.key][0])
