"""What can be wished of a source beside its address: its priority, a number in the form, JSON for the API.

ckanext-harvest stores what `validate_config` gives back, so the number that was typed becomes the JSON there.
"""

from __future__ import annotations

import json

from ckan.plugins.toolkit import _

HIGHEST = 1000
_NAME = "priority"


def configuration(typed: str | None) -> str:
    """The configuration that is stored for a priority, typed as a number or given in JSON.

    Raises ValueError with the sentence that says what is wrong.
    """
    text = (typed or "").strip()
    number = _in_json(text) if text.startswith(("{", "[")) else _typed(text)
    if not isinstance(number, int) or isinstance(number, bool) or abs(number) > HIGHEST:
        sentence = _("The priority has to be a whole number from -{highest} to {highest}.")
        raise ValueError(sentence.format(highest=HIGHEST))
    return json.dumps({_NAME: number}) if number else ""


def priority_in(config: str | None) -> int:
    """The priority that a stored configuration gives; 0 unless it gives one."""
    try:
        said = json.loads(config or "{}")
    except ValueError:
        return 0
    value = said.get(_NAME, 0) if isinstance(said, dict) else 0
    return value if isinstance(value, int) else 0


def _typed(text: str) -> object:
    try:
        return int(text or "0")
    except ValueError:
        return text


def _in_json(text: str) -> object:
    try:
        said = json.loads(text)
    except ValueError as error:
        sentence = _('This is not JSON. The configuration may only give the priority: {"priority": 10}')
        raise ValueError(sentence) from error
    if not isinstance(said, dict) or set(said) - {_NAME}:
        raise ValueError(_('The configuration may only give the priority: {"priority": 10}'))
    return said.get(_NAME, 0)
