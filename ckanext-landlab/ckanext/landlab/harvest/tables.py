"""ckanext-harvest's tables, whose columns its own types hide."""

from __future__ import annotations

from typing import Any

from ckanext.harvest import model as theirs

HarvestJob: Any = theirs.HarvestJob
HarvestObject: Any = theirs.HarvestObject
HarvestObjectError: Any = theirs.HarvestObjectError
HarvestObjectExtra: Any = theirs.HarvestObjectExtra
HarvestGatherError: Any = theirs.HarvestGatherError
HarvestSource: Any = theirs.HarvestSource
