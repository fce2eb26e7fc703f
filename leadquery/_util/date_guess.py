"""Dates as other countries, programs and APIs write them, and the text of each as this API's.

Loaded when a date is met that is not in the API's format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Final, NamedTuple

_LONGEST: Final = 100

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)

_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_NAME = r"(?P<name>[a-z]{3,9})\.?"

_NTH = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

_YEAR = r"(?P<year>[0-9]{4})"

_DAYS: Final = (
    rf"{_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}})",
    rf"(?P<one>[0-9]{{1,2}})(?P<sign>[-/.])(?P<other>[0-9]{{1,2}})(?P=sign){_YEAR}",
    rf"{_NTH}[ -]{_NAME},?[ -]{_YEAR}",
    rf"{_NAME}[ -]{_NTH},?[ -]{_YEAR}",
)

_CLOCK: Final = (
    r"(?:(?:\ ?[t,]\ ?|\ (?:at\ )?)(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:[.,][0-9]+)?)?)?"
    r"(?:\ ?(?P<half>[ap])\.?m\.?)?"
    r"(?:\ ?(?P<zone>z|(?:utc|gmt)?(?:[+-][0-9]{2}:?[0-9]{2})?)(?:\ \([^()]*\))?)?)?"
)

_WEEKDAY: Final = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\ )?"

_written = tuple(re.compile(f"{_WEEKDAY}{day}{_CLOCK}", re.IGNORECASE).fullmatch for day in _DAYS)

_run_together = re.compile("^([0-9]{8})([0-9]{6})$").sub

_midnight = re.compile("[T ]24").search

_counted = re.compile(r"[0-9]{10}(?:[0-9]{3})?(?:\.[0-9]*)?").fullmatch

_vendors = re.compile(r"/Date\(([0-9]{1,14})(?:[+-][0-9]{4})?\)/").fullmatch


class DateGuess(NamedTuple):
    """The moments that a text may say, most of the time one, in UTC.

    `whole_day` is a date without a time of day: its first moment stands for it. A text that is
    `sure` can say nothing else.
    """

    moments: tuple[datetime, ...]
    whole_day: bool = False
    sure: bool = False


def guess_datetimes(written: str | float) -> DateGuess:
    """What a date in another form says; no moment where it cannot be told.

    >>> [str(one) for one in guess_datetimes("31.01.2026 9:05 pm").moments]
    ['2026-01-31 21:05:00+00:00']
    >>> [f"{one:%B}" for one in guess_datetimes("01/02/2026").moments]
    ['February', 'January']
    """
    try:
        text = " ".join(str(written)[:_LONGEST].split())
        return _iso(text) or _by_form(text) or _by_count(text) or DateGuess(())
    except (ValueError, OverflowError):
        return DateGuess(())


def _iso(text: str) -> DateGuess | None:
    # Later versions of Python read 24:00 as the next midnight.
    if _midnight(text):
        return None
    try:
        read = datetime.fromisoformat(_run_together(r"\1T\2", text))
    except ValueError:
        return None
    whole_day = len(text) <= len("2026-01-31")
    return DateGuess((_in_utc(read),), whole_day, sure=not whole_day)


def _in_utc(read: datetime) -> datetime:
    """A moment in UTC, which is also where one is taken to be that does not say."""
    if read.tzinfo is None:
        return read.replace(tzinfo=timezone.utc, microsecond=0)
    return read.astimezone(timezone.utc).replace(microsecond=0)


def _by_form(text: str) -> DateGuess | None:
    for form in _written:
        if found := form(text):
            clock = _clock(found)
            if clock is None:
                return None
            days = tuple(dict.fromkeys(_days(found)))
            timed = found["hour"] is not None
            return DateGuess(
                tuple(day + clock for day in days), not timed, sure=timed and len(days) == 1
            )
    return None


def _days(found: re.Match[str]) -> Iterator[datetime]:
    """The days that a text may name: with points the day comes first, else it may come second."""
    parts = found.groupdict()
    year = int(parts["year"])
    if "one" not in parts:
        month = int(parts["month"]) if "month" in parts else _month(parts["name"])
        orders = [(month, int(parts["day"]))]
    else:
        one, other = int(parts["one"]), int(parts["other"])
        orders = [(other, one), (one, other)]
    for month, day in orders:
        try:
            yield datetime(year, month, day, tzinfo=timezone.utc)
        except ValueError:
            continue
        if parts.get("sign") == ".":
            return


def _month(name: str) -> int:
    """The month of a name or the start of one; 0, which is none, for any other text."""
    known = (at for at, month in enumerate(_MONTHS, 1) if month.startswith(name.casefold()))
    return next(known, 0)


def _clock(found: re.Match[str]) -> timedelta | None:
    """How far into the day in UTC a text is; None for a time that no clock shows."""
    if found["hour"] is None:
        return timedelta()
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    half = (found["half"] or "").casefold()
    if not (half or found["minute"]) or hour > 23 or minute > 59 or second > 59:
        return None
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half == "p")
    return timedelta(hours=hour, minutes=minute, seconds=second) - _offset(found["zone"] or "")


def _offset(zone: str) -> timedelta:
    digits = "".join(filter(str.isdigit, zone))
    if not digits:
        return timedelta()
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if "-" in zone else offset


def _by_count(text: str) -> DateGuess | None:
    """Seconds or milliseconds since 1970; the vendor's own form of these says what it is."""
    if vendors := _vendors(text):
        return DateGuess((_since(int(vendors[1]) // 1_000),), sure=True)
    if _counted(text):
        return DateGuess((_since(int(text[:10])),))
    return None


def _since(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
