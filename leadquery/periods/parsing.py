"""Moments and zones: text, dates and datetimes, read as moments in UTC."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

from leadquery._util.suggest import closest_match
from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.wire.types import parse_timestamp

DateLike = str | date | datetime
"""What a moment is said with."""

TimeZone = str | tzinfo
"""What a time zone is said with: a name such as 'Asia/Kolkata', or a tzinfo."""

_DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}"

_TIME_PATTERN = "(?P<hour>[0-9]{2})(?:(?P<colon>:?)[0-9]{2}(?:(?P=colon)[0-9]{2}(?:[.,][0-9]+)?)?)?"

_OFFSET_PATTERN = "Z|[+-][0-9]{2}(?::?[0-9]{2}){0,2}"

# Python reads more than ISO 8601 says, and "2026-01-31+05:30" as a time of day.
# Compiled, and kept, by the re module on first use.
_PATTERN = f"(?:{_DATE_PATTERN})(?P<clock>[ T]{_TIME_PATTERN}(?:{_OFFSET_PATTERN})?)?"


def start_of(value: DateLike, tz: TimeZone | None = None, what: str = "start") -> datetime:
    """The first moment meant, in UTC, to the second; fractions are dropped.

    A date without a time of day means its first second. Text without an offset, a date, and a
    naive datetime are read in `tz`; for text and dates that is UTC unless given. `what` is what
    errors call the value. A time that occurs twice is its first one, and one that clocks skip is
    as much later as they skip.

    Raises QueryError for a naive datetime without `tz`, for what is no date, and for moments
    outside the years 1 to 9999.

    >>> start_of("2026-03-01", "Asia/Kolkata")
    datetime.datetime(2026, 2, 28, 18, 30, tzinfo=datetime.timezone.utc)
    """
    return _parse(value, tz, what, _first_second)


def end_of(value: DateLike, tz: TimeZone | None = None, what: str = "end") -> datetime:
    """The last moment meant: as `start_of`, but a date alone means its last second.

    That is the second before the next day begins, so a day may have 23 or 25 hours.

    >>> end_of("2026-03-01", "Asia/Kolkata")
    datetime.datetime(2026, 3, 1, 18, 29, 59, tzinfo=datetime.timezone.utc)
    """
    return _parse(value, tz, what, _last_second)


def is_whole_day(value: object) -> bool:
    """Whether a value is a date without a time of day, be it text or a `date`.

    >>> is_whole_day("2026-03-01"), is_whole_day("2026-03-01 00:00:00")
    (True, False)
    """
    if isinstance(value, str):
        match = re.fullmatch(_PATTERN, value)
        return match is not None and match["clock"] is None
    return isinstance(value, date) and not isinstance(value, datetime)


def is_naive(value: object) -> bool:
    """Whether a value is a datetime that does not say in which zone.

    >>> is_naive(datetime(2026, 3, 1)), is_naive(datetime(2026, 3, 1, tzinfo=UTC))
    (True, False)
    """
    # pandas.NaT is a datetime, and equals nothing.
    if not isinstance(value, datetime) or value != value:
        return False
    return value.utcoffset() is None


def zone(tz: TimeZone | None) -> tzinfo:
    """The time zone of a name, UTC for None; a tzinfo is itself.

    Raises QueryError for what names no zone.

    >>> zone("Asia/Kolkata")
    zoneinfo.ZoneInfo(key='Asia/Kolkata')
    """
    if tz is None or tz == "UTC":
        return UTC
    if isinstance(tz, str):
        return _zone_by_name(tz)
    if not isinstance(tz, tzinfo):
        raise _unknown_zone_error(tz)
    # Set on a datetime, a zone of pytz means the local mean time of long ago; its name is sound.
    name = getattr(tz, "zone", None) if hasattr(tz, "localize") else None
    return _zone_by_name(name) if isinstance(name, str) else tz


def repr_value(value: object) -> str:
    """A value in a message."""
    if value is None or isinstance(value, (bool, date)):
        return str(value)
    return describe_json(value)


def out_of_range_error(what: str, text: str) -> QueryError:
    """The error for a moment beyond either end of the calendar."""
    return QueryError(
        f"{what}: {text} lies outside the years 1 to 9999 in UTC; write a moment within"
    )


def _parse(
    value: DateLike, tz: TimeZone | None, what: str, of_day: Callable[[date, tzinfo], datetime]
) -> datetime:
    if tz is None and type(value) is str:
        try:
            return parse_timestamp(value)
        except ValueError:
            pass
    elif type(value) is datetime and value.tzinfo is UTC and not value.microsecond:
        return value
    place = zone(tz)
    read = _parse_text(value, what) if isinstance(value, str) else value
    # pandas.NaT is a datetime, and equals nothing.
    if not isinstance(read, date) or read != read:
        raise _not_a_date_error(value, what)
    try:
        if not isinstance(read, datetime):
            return of_day(read, place)
        if is_naive(read):
            if tz is None and read is value:
                raise _naive_error(value, what)
            read = read.replace(tzinfo=place)
        return _to_utc(read)
    except OverflowError:
        raise out_of_range_error(what, repr_value(value)) from None


def _parse_text(text: str, what: str) -> date:
    match = re.fullmatch(_PATTERN, text)
    if match is None:
        raise _not_a_date_error(text, what)
    try:
        if match["clock"] is None:
            return date.fromisoformat(text)
        # Later versions of Python read 24:00 as the next day.
        if match["hour"] < "24":
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise QueryError(
        f"{what}: {repr_value(text)} is not on the calendar; write a day and time that exist"
    )


def _to_utc(moment: datetime) -> datetime:
    utc = moment.astimezone(UTC)
    # Built anew: a subclass, such as pandas.Timestamp, may hold more than a datetime.
    return datetime(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second, tzinfo=UTC)


def _first_second(day: date, place: tzinfo) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=place)
    begin = midnight.astimezone(UTC)
    if begin.astimezone(place).replace(tzinfo=None) != midnight.replace(tzinfo=None):
        from bisect import bisect_left

        # Clocks skip this midnight. Read by the offset after the gap, it lies before the gap.
        early = midnight.replace(fold=1).astimezone(UTC)
        skipped = range(int((begin - early).total_seconds()))
        begin = early + timedelta(
            seconds=bisect_left(
                skipped,
                True,
                key=lambda second: (
                    (early + timedelta(seconds=second)).astimezone(place).date() >= day
                ),
            )
        )
    return _to_utc(begin)


def _last_second(day: date, place: tzinfo) -> datetime:
    if day >= date.max:
        return _to_utc(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=place))
    return _first_second(day + timedelta(days=1), place) - timedelta(seconds=1)


def _zone_by_name(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise _unknown_zone_error(name) from None


def _unknown_zone_error(tz: object) -> QueryError:
    from zoneinfo import available_timezones

    # Of the others, Etc/GMT+5 lies west of Greenwich, and EST has no summer time.
    names = {
        name.casefold(): name
        for name in available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith("Etc/"))
    }
    near = closest_match(tz.casefold(), names) if isinstance(tz, str) else None
    hint = repr(near) if near else "a name such as 'Asia/Kolkata'"
    return QueryError(f"tz: {repr_value(tz)} is no time zone; write {hint}")


def _not_a_date_error(value: object, what: str) -> QueryError:
    return QueryError(
        f"{what}: {repr_value(value)} is no date; "
        "write '2026-01-31', '2026-01-31 12:00:00', a date or a datetime"
    )


def _naive_error(value: object, what: str) -> QueryError:
    return QueryError(
        f'{what}: {repr_value(value)} has no time zone; give tz="Asia/Kolkata", an aware datetime '
        "such as datetime(2026, 1, 1, tzinfo=timezone.utc), or text, which is read as UTC"
    )
