"""Moments in UTC, as the API writes them."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

import attrs

from leadquery.lint.json_values import describe_json, report_wrong_type
from leadquery.lint.rules.registry import Rule
from leadquery.wire.protocol import TIMESTAMP
from leadquery.wire.types.string import Bind

if TYPE_CHECKING:
    from leadquery.lint.diagnostics import Cursor, Fix, Invalid, Json


FIRST: Final = time(0)

LAST: Final = time(23, 59, 59)
"""The first and the last second of a day."""

_TIMESTAMP = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"

# Later versions of Python read 24:00 as the next midnight.
_READABLE = "[0-9]{4}-[0-9]{2}-[0-9]{2} (?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}"

# Twice as fast as isoformat, which writes the offset too.
_TWO = tuple(f"{number:02}" for number in range(60))

_readable = re.compile(_READABLE).fullmatch

# Days that every month has, in years that the calendar has: no need to ask it.
_USUAL = (
    "(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    " (?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
)


def format_timestamp(moment: datetime) -> str:
    """A moment as the API writes it; `moment` is in UTC and has no fraction of a second."""
    year = moment.year
    return (
        f"{year if year > 999 else f'{year:04}'}-{_TWO[moment.month]}-{_TWO[moment.day]} "
        f"{_TWO[moment.hour]}:{_TWO[moment.minute]}:{_TWO[moment.second]}"
    )


def parse_timestamp(text: str) -> datetime:
    """The moment of a text in the API's format; ValueError for any other."""
    if not _readable(text):
        raise ValueError(text)
    return datetime.fromisoformat(f"{text}Z")


@attrs.frozen(eq=False, repr=False)
class Timestamp:
    """A moment in UTC, to the second; a day alone stands for its first, or for its `last`."""

    last: bool = False

    def write_source(self, value: str, bind: Bind) -> str:
        return f"{bind(format_timestamp)}({value})"

    def read(self, raw: Json, spot: Cursor) -> datetime | Invalid:
        if not isinstance(raw, str):
            return self._mistyped(raw, spot)
        try:
            return parse_timestamp(raw)
        except ValueError:
            pass
        if re.fullmatch(_TIMESTAMP, raw):
            return _off_the_calendar(raw, spot)
        message = f"{describe_json(raw)} is not in the format {TIMESTAMP!r}"
        hint, fix = self._written_so(raw, spot)
        broken = spot.report(Rule.TIMESTAMP, message, hint, fix)
        return parse_timestamp(fix.edits[0].to) if fix and fix.safe else broken

    def clean_source(self, raw: str, bind: Bind) -> str:
        usual = bind(re.compile(_USUAL).fullmatch)
        return f"type({raw}) is str and ({usual}({raw}) or {bind(parse_timestamp)}({raw}))"

    def schema(self) -> dict[str, Json]:
        return {
            "type": "string",
            "pattern": f"^{_TIMESTAMP}$",
            "description": f"Written as {TIMESTAMP}, in UTC.",
            "examples": ["2026-01-31 00:00:00"],
        }

    def _mistyped(self, raw: Json, spot: Cursor) -> Invalid:
        expected = f"a date as text, {TIMESTAMP!r}"
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return report_wrong_type(raw, expected, spot, *self._written_so(raw, spot))
        return report_wrong_type(raw, expected, spot)

    def _written_so(self, raw: str | float, spot: Cursor) -> tuple[str, Fix | None]:
        """What to write for a date in another form, and a fix where there is no choice."""
        from leadquery._util.date_guess import guess_datetimes

        meant = guess_datetimes(raw)
        # A day alone is said with a time that was not: the whole day is likely meant, not surely.
        late = meant.whole_day and self.last
        texts = [
            format_timestamp(datetime.combine(one, LAST) if late else one) for one in meant.moments
        ]
        if not texts:
            return "write a date and time such as '2026-01-31 00:00:00', in UTC", None
        if len(texts) > 1:
            return f"write {' or '.join(map(repr, texts))}, whichever is meant", None
        return f"write {texts[0]!r}", spot.write(texts[0], safe=meant.sure)


def _off_the_calendar(raw: str, spot: Cursor) -> Invalid:
    message, hint, fix = f"{raw!r} does not exist", "write a day and time that exist", None
    try:
        if raw.endswith(_MIDNIGHT):
            text = format_timestamp(parse_timestamp(f"{raw[:11]}00:00:00") + timedelta(days=1))
            hint, fix = f"write {text!r}, the midnight after it", spot.write(text, safe=False)
    except (ValueError, OverflowError):
        pass
    return spot.report(Rule.CALENDAR, message, hint, fix)


_MIDNIGHT = " 24:00:00"
