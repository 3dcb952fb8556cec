"""Answers that are kept until the next commit, as many as fit into a bounded memory."""

from __future__ import annotations

import threading

from ckanext.landlab.search.memory import Memory
from ckanext.landlab.search.reader import Read

MOST = 32 * 1024 * 1024  # bytes of all answers


class Answers:
    """The answers of one commit."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.number = 0
        self.memory = Memory(MOST)

    def kept(self, read: Read) -> bytes | None:
        """The answer that is kept to *read*, if there is one."""
        with self.lock:
            return self.memory.recall(read)

    def keep(self, read: Read, content: bytes) -> None:
        """Keep *content* as the answer to *read*; a later commit than those before forgets them."""
        with self.lock:
            if read.number > self.number:
                self.memory.forget()
                self.number = read.number
            if read.number == self.number:
                self.memory.keep(read, content, len(content) + len(read.query) + len(read.form))
