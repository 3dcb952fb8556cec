"""Where in a declaration something stands, so that an error can name the line."""

from __future__ import annotations

import yaml

from . import HERE


def line_of(name: str, *path: str | int) -> int:
    """The line of `schemas/<name>.yaml` where *path* begins, or its nearest parent that is there."""
    node = yaml.compose((HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    line = 1
    for step in path:
        below = _below(node, step)
        if below is None:
            break
        line, node = below
    return line


def _below(node: yaml.Node | None, step: str | int) -> tuple[int, yaml.Node] | None:
    match node, step:
        case yaml.SequenceNode(value=items), int() if step < len(items):
            return items[step].start_mark.line + 1, items[step]
        case yaml.MappingNode(value=pairs), _:
            return next(((key.start_mark.line + 1, value) for key, value in pairs if key.value == str(step)), None)
    return None
