"""Guess the date in text of another format, to suggest it in the API's own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Final, NamedTuple

from leadquery._util.text import plain_letters

_MAX_LENGTH: Final = 100

# Those that word processors write for a hyphen, and the minus.
_DASHES: Final = dict.fromkeys((*range(0x2010, 0x2016), 0x2212), "-")

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

_MONTH_NAME = r"(?P<name>[a-z]{3,9})\.?"

_DAY_NUMBER = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"

_YEAR = r"(?P<year>[0-9]{4})"

_DATE_PATTERNS: Final = (
    rf"{_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}})",
    rf"(?P<one>[0-9]{{1,2}})(?P<sign>[-/.])(?P<other>[0-9]{{1,2}})(?P=sign){_YEAR}",
    rf"{_DAY_NUMBER}[ -]{_MONTH_NAME},?[ -]{_YEAR}",
    rf"{_MONTH_NAME}[ -]{_DAY_NUMBER},?[ -]{_YEAR}",
)

_TIME_PATTERN: Final = (
    r"(?:(?:\ ?[t,]\ ?|\ (?:at\ )?)(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:[.,][0-9]+)?)?)?"
    r"(?:\ ?(?P<half_day>[ap])\.?m\.?)?"
    r"(?:\ ?(?P<zone>z|(?:utc|gmt)?(?:[+-][0-9]{2}:?[0-9]{2})?)(?:\ \([^()]*\))?)?)?"
)

_WEEKDAY_PATTERN: Final = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\ )?"

# Compiled on first use, because few payloads and queries have such a date.
_matchers = tuple(
    partial(re.fullmatch, f"{_WEEKDAY_PATTERN}{day}{_TIME_PATTERN}", flags=re.IGNORECASE)
    for day in _DATE_PATTERNS
)

_insert_t = partial(re.sub, "^([0-9]{8})([0-9]{6})$")

_hour_24 = partial(re.search, "[T ]24")

_date_with_offset = partial(re.match, r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}[+-]")

_unix_time = partial(re.fullmatch, r"[0-9]{10}(?:[0-9]{3})?(?:\.[0-9]*)?")

_json_date = partial(re.fullmatch, r"/Date\(([0-9]{1,14})(?:[+-][0-9]{4})?\)/")


class DateGuess(NamedTuple):
    """The datetimes that a text may mean, in UTC; several where day and month may be swapped.

    `whole_day` is a date without a time of day, given by its first second. `sure` means that the
    text has no other reading.
    """

    moments: tuple[datetime, ...]
    whole_day: bool = False
    sure: bool = False


def guess_datetimes(text: str | float) -> DateGuess:
    """Read a date in ISO 8601, a common written form, or as a Unix timestamp.

    Text without an offset is read as UTC. `moments` is empty if the text is no date.

    >>> [str(moment) for moment in guess_datetimes("31.01.2026 9:05 pm").moments]
    ['2026-01-31 21:05:00+00:00']
    >>> [f"{moment:%B}" for moment in guess_datetimes("01/02/2026").moments]
    ['February', 'January']
    """
    try:
        plain = plain_letters(str(text)[:_MAX_LENGTH]).translate(_DASHES).strip("'\"#")
        text = " ".join(plain.split())
        return _from_iso(text) or _from_pattern(text) or _from_unix_time(text) or DateGuess(())
    except (ValueError, OverflowError):
        return DateGuess(())


def _from_iso(text: str) -> DateGuess | None:
    # Python 3.13 and later read 24:00 as the next midnight.
    # It takes any sign for a separator, and so the offset of a date for a time.
    if _hour_24(text) or _date_with_offset(text):
        return None
    try:
        moment = datetime.fromisoformat(_insert_t(r"\1T\2", text))
    except ValueError:
        return None
    whole_day = len(text) <= len("2026-01-31")
    return DateGuess((_to_utc(moment),), whole_day, sure=not whole_day)


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=timezone.utc, microsecond=0)
    return moment.astimezone(timezone.utc).replace(microsecond=0)


def _from_pattern(text: str) -> DateGuess | None:
    for matcher in _matchers:
        if match := matcher(text):
            time_of_day = _time_of_day(match)
            if time_of_day is None:
                return None
            days = tuple(dict.fromkeys(_days(match)))
            has_time = match["hour"] is not None
            moments = tuple(day + time_of_day for day in days)
            return DateGuess(moments, not has_time, sure=has_time and len(days) == 1)
    return None


def _days(match: re.Match[str]) -> Iterator[datetime]:
    """The possible days: in 1.2.2026 the day comes first, in 1/2/2026 it may be either."""
    parts = match.groupdict()
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
    """The month that begins with `name`; 0 if none does."""
    prefix = name.casefold()
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(prefix)), 0)


def _time_of_day(match: re.Match[str]) -> timedelta | None:
    """The time since midnight UTC; None for one that does not exist."""
    if match["hour"] is None:
        return timedelta()
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    half_day = (match["half_day"] or "").casefold()
    if not (half_day or match["minute"]) or hour > 23 or minute > 59 or second > 59:
        return None
    if half_day:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (half_day == "p")
    return timedelta(hours=hour, minutes=minute, seconds=second) - _offset(match["zone"] or "")


def _offset(zone: str) -> timedelta:
    digits = "".join(filter(str.isdigit, zone))
    if not digits:
        return timedelta()
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return -offset if "-" in zone else offset


def _from_unix_time(text: str) -> DateGuess | None:
    """Seconds or milliseconds since 1970, bare or as /Date(1769853600000)/."""
    if json_date := _json_date(text):
        return DateGuess((_from_seconds(int(json_date[1]) // 1_000),), sure=True)
    if _unix_time(text):
        return DateGuess((_from_seconds(int(text[:10])),))
    return None


def _from_seconds(seconds: int) -> datetime:
    return _EPOCH + timedelta(seconds=seconds)
