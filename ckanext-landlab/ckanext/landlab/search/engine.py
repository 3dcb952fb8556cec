"""The index on disk: one writer, any number of readers, and a commit that the next request sees."""

from __future__ import annotations

import hashlib
import logging
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import tantivy
from ckanext.landlab.errors import StorageError, VersionConflict
from ckanext.landlab.search import documents, german
from ckanext.landlab.search.documents import Document
from ckanext.landlab.search.journal import Journal
from ckanext.landlab.search.schema import Schema
from ckanext.landlab.search.view import View, fields, opened

log = logging.getLogger(__name__)

FORMAT = 5  # goes up when `documents.py` or `words.py` make something else of a document
READABLE = ("2 ", "3 ", "4 ", "5 ")  # what those formats keep of a document can be read and indexed anew
HEAP = 50_000_000  # what the writer may hold before it writes a segment


class Engine:
    """The index in *folder*; changes go through one lock, reading needs none."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        self.folder = folder
        self.schema = schema
        self.fields = fields(schema)
        self.lock = threading.RLock()
        self.pending: dict[str, int | None] = {}  # versions that are written but not committed; None is deleted
        self._version = 0
        self.folder.mkdir(parents=True, exist_ok=True)
        self.index = self._opened()
        self.writer = self.index.writer(HEAP, 1)
        self.changed = False
        self.view = self._seen(1)
        self.journal = Journal(self.folder / "journal")

    def _opened(self) -> tantivy.Index:
        """The index, written anew if it was made by other declarations, or empty if it cannot be read."""
        path = self.folder / "index"
        mark = self.folder / "made-by"
        try:
            made_by = mark.read_text(encoding="utf-8") if mark.exists() else ""
            if made_by == self.fingerprint or not path.exists():
                return self._index(path)
            if not made_by.startswith(READABLE):
                raise ValueError("another version has written it")
            log.info("The fields or words of the search have changed: the index is written anew.")
            self._rewrite(path)
            return self._index(path)
        except (ValueError, OSError) as error:
            aside = self.folder / f"index.broken-{time.strftime('%Y%m%d-%H%M%S')}"
            log.error(
                "The search index in %s cannot be read (%s). It is moved to %s and an empty one is begun: "
                "run `ckan search-index rebuild`.",
                path,
                error,
                aside,
            )
            shutil.move(path, aside)
            return self._index(path)
        finally:
            mark.write_text(self.fingerprint, encoding="utf-8")

    @cached_property
    def fingerprint(self) -> str:
        """What tells whether an index was made with the same fields and the same words as now."""
        return f"{FORMAT} {hashlib.sha256(repr((self.schema, german.declared())).encode()).hexdigest()}"

    def _rewrite(self, path: Path) -> None:
        """Write the index at *path* anew from the documents that it keeps."""
        searcher = tantivy.Index.open(str(path)).searcher()
        fresh = path.with_name("index.new")
        shutil.rmtree(fresh, ignore_errors=True)
        writer = self._index(fresh).writer(HEAP, 1)
        hits = searcher.search(tantivy.Query.all_query(), max(searcher.num_docs, 1), count=False).hits
        for _, address in hits:
            writer.add_document(documents.indexed(documents.kept(searcher.doc(address), self.schema), self.schema))
        writer.commit()
        writer.wait_merging_threads()
        shutil.rmtree(path)
        fresh.rename(path)

    def _index(self, path: Path) -> tantivy.Index:
        return opened(path, self.schema)

    def _seen(self, number: int) -> View:
        return View(self.index.searcher(), self.index, self.schema, self.fields, number)

    def write(self, document: Document, expected: int | None = None) -> int:
        """Add *document*, in place of the one with its key, and say its version.

        Raises:
            VersionConflict: the index does not hold the *expected* version.
        """
        with self.lock:
            self._expect(document.key, expected)
            version = self._next_version()
            document.values["_version_"] = [str(version)]
            entry = documents.indexed(document, self.schema)
            with self._storing():
                self._remove(document.key)
                self.writer.add_document(entry)
            self.pending[document.key] = version
            self.changed = True
            return version

    def delete(self, keys: Iterable[str], expected: int | None = None) -> None:
        """Remove the documents with these *keys*.

        Raises:
            VersionConflict: the index does not hold the *expected* version.
        """
        with self.lock:
            for key in keys:
                self._expect(key, expected)
                self._remove(key)
                self.pending[key] = None
            self.changed = True

    def delete_found(self, query: tantivy.Query) -> None:
        """Remove the documents that *query* finds."""
        with self.lock:
            self.writer.delete_documents_by_query(query)
            self.changed = True

    def _remove(self, key: str) -> None:
        self.writer.delete_documents_by_term(self.schema.key, key)

    def commit(self) -> None:
        """Put all changes on disk and before the next reader.

        Raises:
            StorageError: they cannot be written; they are given up.
        """
        with self.lock:
            if not self.changed:
                return
            with self._storing():
                self.writer.commit()
            self.changed = False
            self.pending.clear()
            self.index.reload()
            self.view = self._seen(self.view.number + 1)
            self.journal.empty()

    @contextmanager
    def _storing(self) -> Iterator[None]:
        """What the writer cannot do is said, and a new writer begins where the last commit ended."""
        try:
            yield
        except (ValueError, OSError) as error:
            self._restart_writer()
            raise StorageError(str(error)) from error

    def rollback(self) -> None:
        """Give up all changes since the last commit."""
        with self.lock:
            self.writer.rollback()
            self.pending.clear()
            self.changed = False
            self.journal.empty()

    def _restart_writer(self) -> None:
        del self.writer
        self.index = self._index(self.folder / "index")
        self.writer = self.index.writer(HEAP, 1)
        self.pending.clear()
        self.changed = False

    def close(self) -> None:
        """Commit, and end the writer's threads."""
        with self.lock:
            self.commit()
            self.writer.wait_merging_threads()

    def version(self, key: str) -> int | None:
        """The version of the document *key*, uncommitted changes included; None if there is none."""
        if key in self.pending:
            return self.pending[key]
        found = self.view.searcher.search(tantivy.Query.term_query(self.fields, self.schema.key, key), 1).hits
        if not found:
            return None
        values = documents.restored(self.view.searcher.doc(found[0][1]))
        return int(values["_version_"][0])

    def _expect(self, key: str, expected: int | None) -> None:
        """Solr's optimistic concurrency: above 1 exactly this version, 1 any, below 0 none, 0 whatever."""
        if not expected:
            return
        actual = self.version(key)
        held = actual is not None
        if (expected > 1 and actual != expected) or (expected == 1 and not held) or (expected < 0 and held):
            raise VersionConflict(key, expected, -1 if actual is None else actual)

    def _next_version(self) -> int:
        self._version = max(self._version + 1, int(time.time() * 1000) << 20)
        return self._version
