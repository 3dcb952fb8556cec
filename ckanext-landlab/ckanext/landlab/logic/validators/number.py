"""Counts and measures; the German decimal comma is understood."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import ckan.plugins.toolkit as tk
from ckan.plugins.toolkit import _
from ckanext.landlab.logic.kinds import one

__all__ = ["landlab_decimal", "landlab_number"]

_LARGEST = Decimal(2**63 - 1)  # what a bigint of the database and an xsd:long can hold


def _decimal(text: str) -> str:
    try:
        number = Decimal(text.replace(",", ".", 1))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not 0 <= number <= _LARGEST:
        raise tk.Invalid(_("A number that is not negative is expected here, for example 12 or 0,5."))
    return f"{number.normalize():f}"


def _number(text: str) -> str:
    plain = text.replace(".0", "") if text.endswith(".0") else text
    if not (plain.isascii() and plain.isdigit() and int(plain) <= _LARGEST):
        raise tk.Invalid(_("A whole number is expected here, without a sign, a comma or a unit."))
    return str(int(plain))


landlab_decimal = one(_decimal, limit=60)
landlab_number = one(_number, limit=60)
