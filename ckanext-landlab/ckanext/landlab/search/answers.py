"""Answers that are kept until the next commit, as many as fit into a bounded memory."""

from __future__ import annotations

import threading
from collections import OrderedDict

from ckanext.landlab.search.reader import Read

MOST = 32 * 1024 * 1024  # bytes of all answers
LONGEST = 1024 * 1024  # bytes of one


class Answers:
    """The answers of one commit; those asked for least recently leave first."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.number = 0
        self.size = 0
        self.held: OrderedDict[Read, bytes] = OrderedDict()

    def kept(self, read: Read) -> bytes | None:
        """The answer that is kept to *read*, if there is one."""
        with self.lock:
            content = self.held.get(read)
            if content is not None:
                self.held.move_to_end(read)
            return content

    def keep(self, read: Read, content: bytes) -> None:
        """Keep *content* as the answer to *read*; a later commit than those before forgets them."""
        size = len(content) + len(read.query) + len(read.form)
        with self.lock:
            if read.number > self.number:
                self.held.clear()
                self.number, self.size = read.number, 0
            if size > LONGEST or read.number < self.number or read in self.held:
                return
            self.held[read] = content
            self.size += size
            while self.size > MOST:
                old, gone = self.held.popitem(last=False)
                self.size -= len(gone) + len(old.query) + len(old.form)
