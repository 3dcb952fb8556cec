"""What the service does for each of Solr's addresses, apart from HTTP."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from ckanext.landlab.errors import RequestError, StorageError
from ckanext.landlab.search import configset, documents, local, reading, updates
from ckanext.landlab.search.compile import Compiler
from ckanext.landlab.search.engine import Engine
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.reader import Read
from ckanext.landlab.search.readers import Readers

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """A request: *path* below the core's address, query string, form and any other body, with its *kind*."""

    path: str
    query: str = ""
    form: str = ""
    body: bytes = b""
    kind: str = ""

    @cached_property
    def params(self) -> Params:
        return Params.parse(self.query, self.form)


@dataclass(frozen=True)
class Text:
    """An answer as it goes out."""

    content: bytes
    kind: str = "application/json;charset=utf-8"
    code: int = 200


Answer = dict[str, Any] | Text


class Service:
    """Answers as a Solr core does: changes in *engine*, questions by *readers*, or by itself if there are none."""

    def __init__(self, engine: Engine, readers: Readers | None = None) -> None:
        self.engine = engine
        self.readers = readers
        self.timer: threading.Timer | None = None
        self.owed = True  # what the journal holds is still to be done
        self._catch_up()
        engine.commit()

    def answer(self, asked: Asked) -> Answer:
        """The answer to *asked*.

        Raises:
            SearchRefusal: it cannot be answered.
        """
        path = asked.path.strip("/")
        if path in reading.READS:
            return self._read(path, asked)
        handler = HANDLERS.get(path)
        if handler is None:
            raise RequestError(f"Not found: /{path}", 404)
        start = time.perf_counter()
        made = handler(self, asked)
        if isinstance(made, Text):
            return made
        spent = int((time.perf_counter() - start) * 1000)
        return {"responseHeader": {"status": 0, "QTime": spent}, **made}

    def _read(self, path: str, asked: Asked) -> Answer:
        if asked.body:
            raise RequestError(f"Bad contentType for search handler: {asked.kind or 'none'}: send a form", 415)
        view = self.engine.view
        if self.readers is None:
            return reading.answer(view, path, asked.params)
        told = self.readers.told(Read(view.number, path, asked.query, asked.form))
        return Text(told.content, code=told.code)

    def ping(self, asked: Asked) -> Answer:
        return {"status": "OK"}

    def update(self, asked: Asked) -> Answer:
        """Do what the body says: all of it, or, if something of it is not understood, nothing."""
        _refuse_unread(asked)
        commands = updates.parse(asked.body, asked.kind)
        at_once = any(asked.params.flag(name) for name in ("commit", "softCommit", "optimize"))
        within = asked.params.whole("commitWithin", -1)
        if not at_once and not asked.body and not asked.kind:
            raise RequestError("missing content stream")
        with self.engine.lock:
            self._catch_up()
            try:
                for command in self._checked(commands):
                    command()
                if at_once:
                    self.engine.commit()
                elif self.engine.changed:
                    self.engine.journal.append(asked.body, asked.kind)
            except StorageError:
                self.owed = True
                raise
            self._commit_within(commands, within)
        return {}

    def _catch_up(self) -> None:
        """Do again what was acknowledged before the writer, or the whole service, broke off."""
        if not self.owed:
            return
        for body, kind in self.engine.journal.kept():
            for command in updates.parse(body, kind):
                self._ready(_unversioned(command))()
        self.owed = False

    def _commit_within(self, commands: list[updates.Command], millis: int) -> None:
        given = [each.within for each in commands if isinstance(each, updates.Add)]
        wanted = [each for each in [*given, millis] if each is not None and each >= 0]
        if wanted and self.engine.changed and not (self.timer and self.timer.is_alive()):
            self.timer = threading.Timer(min(wanted) / 1000, self._commit_late)
            self.timer.daemon = True
            self.timer.start()

    def _commit_late(self) -> None:
        with self.engine.lock:
            try:
                self.engine.commit()
            except StorageError:
                self.owed = True  # the journal still has it
                log.exception("what was to be committed later is tried again with the next update")

    def _checked(self, commands: list[updates.Command]) -> list[Callable[[], object]]:
        """*commands* ready to run: what is wrong with one is said before any has run."""
        return [self._ready(command) for command in commands]

    def _ready(self, command: updates.Command) -> Callable[[], object]:
        engine = self.engine
        match command:
            case updates.Add(values, version):
                document = documents.read(values, engine.schema)
                return lambda: engine.write(document, version)
            case updates.Delete(keys, queries, version):
                questions = [local.question(text, Params({}), "lucene") for text in queries]
                return lambda: (engine.delete(keys, version), [self._delete(question) for question in questions])
            case updates.Commit():
                return engine.commit
        return engine.rollback

    def _delete(self, question: Any) -> None:
        self.engine.delete_found(Compiler(self.engine.view).compile(question))

    def schema(self, asked: Asked) -> Answer:
        name = asked.params.text("file", "schema.xml")
        if name not in ("schema.xml", "managed-schema", "managed-schema.xml"):
            raise RequestError(f"Can not find: {name}", 404)
        return Text(configset.schema_xml(self.engine.schema).encode(), "application/xml; charset=UTF-8")

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


def _unversioned(command: updates.Command) -> updates.Command:
    """*command* as it is done again: what it expected was there when it was done."""
    return replace(command, version=None) if isinstance(command, (updates.Add, updates.Delete)) else command


def _refuse_unread(asked: Asked) -> None:
    """Refuse what would change an update and is not known here."""
    for name in ("stream.body", "stream.url", "stream.file", "update.chain", "processor"):
        if name in asked.params.given:
            raise RequestError(f"the parameter {name} is not known here")
    updates.refuse_double(asked.params.first.get("overwrite"))


HANDLERS: Mapping[str, Callable[[Service, Asked], Answer]] = {
    "update": Service.update,
    "update/json": Service.update,
    "schema": Service.schema,
    "admin/file": Service.schema,
    "admin/ping": Service.ping,
    "admin/luke": Service.luke,
}
