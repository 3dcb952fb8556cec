"""What the service does for each of Solr's addresses, apart from HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import configset, documents, local, selection, updates
from ckanext.landlab.search.compile import Compiler
from ckanext.landlab.search.engine import Engine
from ckanext.landlab.search.params import Params


@dataclass(frozen=True)
class Asked:
    """A request: *path* below the core's address, its parameters and its body."""

    path: str
    params: Params
    body: bytes = b""
    kind: str = ""


@dataclass(frozen=True)
class Text:
    """An answer that is not JSON."""

    content: str
    kind: str


Answer = dict[str, Any] | Text


class Service:
    """Answers as a Solr core does, from *engine*."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def answer(self, asked: Asked) -> Answer:
        """The answer to *asked*.

        Raises:
            SearchRefusal: it cannot be answered.
        """
        handler = HANDLERS.get(asked.path.strip("/"))
        if handler is None:
            raise RequestError(f"Not found: /{asked.path.strip('/')}", 404)
        start = time.perf_counter()
        made = handler(self, asked)
        if isinstance(made, Text):
            return made
        spent = int((time.perf_counter() - start) * 1000)
        return {"responseHeader": {"status": 0, "QTime": spent}, **made}

    def ping(self, asked: Asked) -> Answer:
        return {"status": "OK"}

    def select(self, asked: Asked) -> Answer:
        if asked.params.text("wt", "json") not in ("json", "python", "standard"):
            raise RequestError(f"wt={asked.params.text('wt')} is not known here: use wt=json")
        return selection.answer(self.engine.view, asked.params)

    def update(self, asked: Asked) -> Answer:
        commands = updates.parse(asked.body, asked.kind)
        with self.engine.lock:
            for command in self._checked(commands):
                command()
            if asked.params.flag("commit") or asked.params.flag("softCommit") or asked.params.flag("optimize"):
                self.engine.commit()
        return {}

    def _checked(self, commands: list[updates.Command]) -> list[Callable[[], object]]:
        """*commands* ready to run: what is wrong with one is said before any has run."""
        return [self._ready(command) for command in commands]

    def _ready(self, command: updates.Command) -> Callable[[], object]:
        engine = self.engine
        match command:
            case updates.Add(values, version):
                document = documents.read(values, engine.schema)
                return lambda: engine.write(document, version)
            case updates.Delete(keys, queries):
                questions = [local.question(text, {}, "lucene") for text in queries]
                return lambda: (engine.delete(keys), [self._delete(question) for question in questions])
            case updates.Commit():
                return engine.commit
        return engine.rollback

    def _delete(self, question: Any) -> None:
        self.engine.delete_found(Compiler(self.engine.view).compile(question))

    def schema(self, asked: Asked) -> Answer:
        return Text(configset.schema_xml(self.engine.schema), "application/xml; charset=UTF-8")

    def luke(self, asked: Asked) -> Answer:
        view = self.engine.view
        return {
            "index": {
                "numDocs": view.searcher.num_docs,
                "maxDoc": view.searcher.num_docs,
                "version": view.number,
                "segmentCount": view.searcher.num_segments,
                "current": not self.engine.changed,
            }
        }


HANDLERS: Mapping[str, Callable[[Service, Asked], Answer]] = {
    "select": Service.select,
    "update": Service.update,
    "update/json": Service.update,
    "schema": Service.schema,
    "admin/file": Service.schema,
    "admin/ping": Service.ping,
    "admin/luke": Service.luke,
}
