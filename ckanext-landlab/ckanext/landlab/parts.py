"""What the sub-modules of an edge package offer, gathered by their `__all__`.

To add an action, authorisation, validator, helper, view or command, put a module with an
`__all__` into the package it belongs to; nothing else has to be told.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from ckanext.landlab.errors import DeclarationError


def offered(package: ModuleType) -> dict[str, Any]:
    """Every member that a sub-module of *package* names in its `__all__`, by name.

    Raises DeclarationError when two sub-modules offer the same name.
    """
    members: dict[str, Any] = {}
    for found in sorted(iter_modules(package.__path__), key=lambda entry: entry.name):
        module = import_module(f"{package.__name__}.{found.name}")
        for name in module.__all__:
            if name in members:
                raise DeclarationError(f"{module.__name__}.py", name, "another module of the package offers this name")
            members[name] = getattr(module, name)
    return members
