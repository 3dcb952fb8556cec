"""Passwords: long rather than complicated, and not the first that a program would try (OWASP ASVS 2.1)."""

from __future__ import annotations

from typing import Any

from ckan.plugins.toolkit import _, missing
from ckanext.landlab import config

__all__ = ["user_password_validator"]

OFTEN = ("passwort", "password", "geheim", "qwertz", "qwerty", "hallo", "admin", "123456", "abcdef", "opendata")
FILLED = "0123456789!?.-_ "


def user_password_validator(key: Any, data: dict[Any, Any], errors: dict[Any, Any], context: Any) -> None:
    """In the place of CKAN's validator of the same name, which takes eight characters of any kind."""
    password = data[key]
    if password is missing or password == "":
        return
    if not isinstance(password, str):
        errors[("password",)].append(_("The password must be text."))
    elif len(password) < config.password_length():
        message = _("The password must have at least {count} characters. Several words are a good password.")
        errors[("password",)].append(message.format(count=config.password_length()))
    elif is_guessed(password, str(data.get(("name",)) or "")):
        errors[("password",)].append(_("This password is too easy to guess. Several words are a good password."))


def is_guessed(password: str, name: str) -> bool:
    """Whether little is left of a password without its digits and the words that everybody uses."""
    left = password.lower()
    for word in (*OFTEN, name.lower()) if name else OFTEN:
        left = left.replace(word, "")
    return len(set(left.strip(FILLED))) < 4
