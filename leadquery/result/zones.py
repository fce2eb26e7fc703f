"""Times of a result in the time zone that it is read in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone, tzinfo
from typing import Any

from leadquery.periods import zone

ZoneKey = str | timezone | None
"""A time zone as `zone_key` has it: its name, an offset, or None for UTC."""


def name_zone(tz: ZoneKey) -> str:
    """A time zone as tables name it, such as "UTC", "Asia/Kolkata" or "+05:30"."""
    if isinstance(tz, timezone):
        return format_offset(datetime(2000, 1, 1, tzinfo=tz))
    return tz or "UTC"


def format_offset(moment: datetime) -> str:
    """The offset of a time from UTC, such as "+05:30"; empty without a time zone."""
    return moment.isoformat(timespec="seconds")[19:]


def to_zone(moment: datetime, tz: tzinfo) -> datetime:
    """A time in a zone, unless the years end before; without a zone as it is."""
    try:
        return moment.astimezone(tz) if moment.tzinfo else moment
    except OverflowError:
        return moment


def convert_rows(rows: Iterable[dict[str, Any]], tz: ZoneKey) -> list[dict[str, Any]]:
    """Rows with their times in a zone."""
    local = zone(tz)
    return [
        {
            name: to_zone(value, local) if isinstance(value, datetime) else value
            for name, value in row.items()
        }
        for row in rows
    ]
