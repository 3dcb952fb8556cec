"""The account that PostgreSQL runs under when we are root, because PostgreSQL refuses to be root.

Other servers keep our own account.  A checkout may lie where strangers cannot look (`/root` is 0700); then the
server keeps the one capability that opens its own files to it, instead of us opening the folder to everybody.
"""

from __future__ import annotations

import ctypes
import os
import pwd
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

CANDIDATES = ("postgres", "nobody")

CAP_DAC_OVERRIDE = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITY_VERSION_3 = 0x20080522


@dataclass(frozen=True)
class Account:
    """An account without rights: its name and numbers."""

    name: str
    uid: int
    gid: int

    def own(self, folder: Path) -> None:
        """Hand *folder* and all below it to this account."""
        for path in (folder, *folder.rglob("*")):
            if path.lstat().st_uid != self.uid:
                os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def become(self, see_all: bool = False) -> None:
        """Turn this process, which is root, into the account; with *see_all* closed folders stay open to it."""
        os.setgroups([])
        os.setgid(self.gid)
        if see_all:
            _call("prctl", PR_SET_KEEPCAPS, 1, 0, 0, 0)
        os.setuid(self.uid)
        if see_all:
            _keep_capability(CAP_DAC_OVERRIDE)


def unprivileged() -> Account | None:
    """The account to use instead of root; None when we are not root and need none."""
    if os.geteuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise LookupError("none of the accounts " + ", ".join(CANDIDATES) + " exists; create one or do not run as root")


def is_open_to_all(paths: Iterable[Path]) -> bool:
    """Whether every account can reach and read the *paths*."""
    for path in map(Path.resolve, paths):
        if not path.stat().st_mode & 0o004 or any(not folder.stat().st_mode & 0o001 for folder in path.parents):
            return False
    return True


class _Header(ctypes.Structure):
    _fields_ = (("version", ctypes.c_uint32), ("pid", ctypes.c_int))


class _Sets(ctypes.Structure):
    _fields_ = (("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32))


def _keep_capability(capability: int) -> None:
    """Keep *capability*, and only it, through the coming exec (capabilities(7), "ambient")."""
    bit = 1 << capability
    sets = (_Sets * 2)(_Sets(bit, bit, bit), _Sets(0, 0, 0))
    _call("capset", ctypes.byref(_Header(CAPABILITY_VERSION_3, 0)), sets)
    _call("prctl", PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability, 0, 0)


def _call(name: str, *arguments: object) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
