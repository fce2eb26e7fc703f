"""Payloads to check: a clean one, and one for each class of fix."""

from __future__ import annotations

from typing import Final

PAGING: Final = '"Paging": {"PageIndex": 1, "PageSize": 100}'
CLEAN: Final = '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, ' + PAGING + "}"
SUSPICIOUS: Final = CLEAN.replace("Output", "output")
"""A warning with a safe fix."""

WRONG: Final = CLEAN.replace('"PageIndex": 1', '"PageIndex": 0')
"""An error without a fix."""

BACKWARDS: Final = (
    '{"DateFilter": [{"DateField": "LeadCreatedOn", "FromDate": "2026-02-01 00:00:00",\n'
    '                 "ToDate": "2026-01-01 00:00:00"}], ' + CLEAN[1:]
)
"""An error with an unsafe fix."""
