"""Read text, dates and datetimes as datetimes in UTC, and as periods."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from attrs import frozen

from leadquery._util.text import corrected_name, describe_json, python_literal, warn_user
from leadquery.errors import QueryError
from leadquery.wire.types import format_timestamp, parse_timestamp

DateLike = str | date | datetime
"""A date or time: text, a `date`, or a `datetime`."""

TimeZone = str | tzinfo
"""A time zone: a name such as 'Asia/Kolkata', or a `tzinfo`."""

_SECOND = timedelta(seconds=1)

_DATE_PATTERN = "[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}"

_TIME_PATTERN = "(?P<hour>[0-9]{2})(?:(?P<colon>:?)[0-9]{2}(?:(?P=colon)[0-9]{2}(?:[.,][0-9]+)?)?)?"

_OFFSET_PATTERN = "Z|[+-][0-9]{2}(?::?[0-9]{2}){0,2}"

# datetime.fromisoformat accepts more than ISO 8601, and reads "2026-01-31+05:30" as a time.
# Compiled, and kept, by the re module on first use.
_PATTERN = f"(?:{_DATE_PATTERN})(?P<clock>[ T]{_TIME_PATTERN}(?:{_OFFSET_PATTERN})?)?"


def start_of(value: DateLike, tz: TimeZone | None = None, what: str = "start") -> datetime:
    """The first second of a date or time, in UTC; fractions of a second are dropped.

    For a date without a time that is the beginning of the day. Text without an offset, dates and
    naive datetimes are read in the time zone `tz`, by default UTC for text and dates. `what` names
    the value in errors. A time that occurs twice, because clocks are set back, is the earlier one;
    inside the repeated hour this warns. A time that clocks skip is the first second after the gap.

    Raises QueryError for a naive datetime without `tz`, for a value that is not a date, and for a
    time outside the years 1 to 9999. (API page: Date Filter)

    >>> start_of("2026-03-01", "Asia/Kolkata")
    datetime.datetime(2026, 2, 28, 18, 30, tzinfo=datetime.timezone.utc)
    """
    return _parse(value, tz, what, False)


def end_of(value: DateLike, tz: TimeZone | None = None, what: str = "end") -> datetime:
    """The last second of a date or time, in UTC.

    For a date without a time that is the second before the next day begins. Times are read as by
    `start_of`, except that one that occurs twice is the later one, and one that clocks skip is the
    last second before the gap.

    >>> end_of("2026-03-01", "Asia/Kolkata")
    datetime.datetime(2026, 3, 1, 18, 29, 59, tzinfo=datetime.timezone.utc)
    """
    return _parse(value, tz, what, True)


def is_whole_day(value: object) -> bool:
    """Whether a value is a date without a time of day, as text or as a `date`.

    >>> is_whole_day("2026-03-01"), is_whole_day("2026-03-01 00:00:00")
    (True, False)
    """
    if isinstance(value, str):
        match = re.fullmatch(_PATTERN, value)
        return match is not None and match["clock"] is None
    return isinstance(value, date) and not isinstance(value, datetime)


def is_naive(value: object) -> bool:
    """Whether a value is a datetime without a time zone.

    >>> is_naive(datetime(2026, 3, 1)), is_naive(datetime(2026, 3, 1, tzinfo=UTC))
    (True, False)
    """
    # pandas.NaT is a datetime that does not equal itself.
    if not isinstance(value, datetime) or value != value:
        return False
    return value.utcoffset() is None


def zone(tz: TimeZone | None) -> tzinfo:
    """The time zone of a name; UTC for None, and a `tzinfo` unchanged.

    Raises QueryError for an unknown name.

    >>> zone("Asia/Kolkata")
    zoneinfo.ZoneInfo(key='Asia/Kolkata')
    """
    if tz is None or tz == "UTC":
        return UTC
    if isinstance(tz, str):
        return _zone_by_name(tz)
    if not isinstance(tz, tzinfo):
        raise _unknown_zone_error(tz)
    # datetime.replace(tzinfo=...) with a pytz zone gives local mean time, so use its name.
    name = getattr(tz, "zone", None) if hasattr(tz, "localize") else None
    return _zone_by_name(name) if isinstance(name, str) else tz


def repr_value(value: object) -> str:
    """The repr of a value in a message."""
    if value is None or isinstance(value, (bool, date)):
        return str(value)
    return describe_json(value)


def out_of_range_error(what: str, text: str) -> QueryError:
    """The error for a time before year 1 or after year 9999."""
    return QueryError(
        f"{what}: {text} is outside the years 1 to 9999 in UTC; write a time within them"
    )


def _parse(value: DateLike, tz: TimeZone | None, what: str, is_end: bool) -> datetime:
    if tz is None and type(value) is str:
        try:
            return parse_timestamp(value)
        except ValueError:
            pass
    elif type(value) is datetime and value.tzinfo is UTC and not value.microsecond:
        return value
    time_zone = zone(tz)
    parsed = _parse_text(value, tz, what) if isinstance(value, str) else value
    # pandas.NaT is a datetime that does not equal itself.
    if not isinstance(parsed, date) or parsed != parsed:
        raise _not_a_date_error(value, tz, what)
    try:
        if not isinstance(parsed, datetime):
            return (_last_second if is_end else _first_second)(parsed, time_zone)
        naive = is_naive(parsed)
        if naive and tz is None and parsed is value:
            raise _naive_error(value, what)
        # A plain datetime: a subclass such as pandas.Timestamp has nanoseconds.
        local = datetime.combine(parsed.date(), parsed.time().replace(microsecond=0))
        local = local.replace(tzinfo=time_zone if naive else parsed.tzinfo, fold=parsed.fold)
        if naive and not local.fold and _is_repeated(local):
            if _is_repeated(local + (_SECOND if is_end else -_SECOND)):
                _warn_repeated(what, local, is_end=is_end)
            local = local.replace(fold=1) if is_end else local
        return _to_utc(local, is_end=is_end)
    except OverflowError:
        raise out_of_range_error(what, repr_value(value)) from None


def _parse_text(text: str, tz: TimeZone | None, what: str) -> date:
    match = re.fullmatch(_PATTERN, text)
    if match is None:
        raise _not_a_date_error(text, tz, what)
    try:
        if match["clock"] is None:
            return date.fromisoformat(text)
        # Python 3.13 and later read 24:00 as the next day.
        if match["hour"] < "24":
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise QueryError(f"{what}: {repr_value(text)} does not exist; write a day and time that exist")


def _to_utc(local: datetime, *, is_end: bool = False) -> datetime:
    """A datetime with a time zone in UTC, to the second.

    A time that clocks skip is the first second after the gap, or for an end the last one before it.
    """
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    utc = second if local.fold else first
    if second < first:
        utc = _first_after_gap(local, second, first) - (_SECOND if is_end else timedelta(0))
    return utc.replace(microsecond=0)


def _first_after_gap(local: datetime, early: datetime, late: datetime) -> datetime:
    """The first second between two at which clocks no longer show a time before `local`."""
    from bisect import bisect_left

    wall = local.replace(tzinfo=None)
    seconds = range(int((late - early).total_seconds()))
    after = bisect_left(
        seconds,
        True,
        key=lambda second: (
            (early + timedelta(seconds=second)).astimezone(local.tzinfo).replace(tzinfo=None)
            >= wall
        ),
    )
    return early + timedelta(seconds=after)


def _is_repeated(local: datetime) -> bool:
    """Whether clocks show this time twice."""
    first, second = (local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))
    return first < second


def _warn_repeated(what: str, local: datetime, *, is_end: bool) -> None:
    early, late = (local.replace(fold=fold).isoformat(" ") for fold in (0, 1))
    chosen, other = (late, early) if is_end else (early, late)
    warn_user(
        f"{what}: {format_timestamp(local)!r} occurs twice in {local.tzinfo}, where clocks are set "
        f"back; a range that ends at it includes both, and overlaps one that begins at it; write "
        f"{chosen!r} to keep this reading, or {other!r}"
    )


def _first_second(day: date, time_zone: tzinfo) -> datetime:
    return _to_utc(datetime(day.year, day.month, day.day, tzinfo=time_zone))


def _last_second(day: date, time_zone: tzinfo) -> datetime:
    if day >= date.max:
        return _to_utc(datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=time_zone))
    return _first_second(day + timedelta(days=1), time_zone) - _SECOND


def _zone_by_name(name: str) -> tzinfo:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise _unknown_zone_error(name) from None


def _unknown_zone_error(tz: object) -> QueryError:
    from zoneinfo import available_timezones

    # Leave out Etc/GMT+5, which is west of Greenwich, and EST, which has no summer time.
    names = {
        name.casefold(): name
        for name in available_timezones()
        if name == "UTC" or ("/" in name and not name.startswith("Etc/"))
    }
    cities: dict[str, list[str]] = {}
    for folded, name in names.items():
        cities.setdefault(folded.rpartition("/")[2], []).append(name)
    single = {city: found[0] for city, found in cities.items() if len(found) == 1}
    written = tz.strip("/") if isinstance(tz, str) else ""
    near = corrected_name(written, names) or corrected_name(written, single)
    hint = repr(near) if near else "a name such as 'Asia/Kolkata'"
    return QueryError(f"tz: {repr_value(tz)} is not a time zone; write {hint}")


def _not_a_date_error(value: object, tz: TimeZone | None, what: str) -> QueryError:
    hint = "write '2026-01-31', '2026-01-31 12:00:00', a date or a datetime"
    if isinstance(value, str):
        hint = _hint_for_text(value, tz) or hint
    return QueryError(f"{what}: {repr_value(value)} is not a date; {hint}")


def _hint_for_text(text: str, tz: TimeZone | None) -> str | None:
    """What to write for a date in another format, or for the name of a period."""
    from leadquery._util.date_guess import guess_datetimes

    if period := _named_period(text):
        return f"write {period}, in created_in(...), modified_in(...) or CreatedOn.during(...)"
    guess = guess_datetimes(text)
    # The guess of a time is in UTC, and would be read in the zone.
    if tz is not None and not guess.whole_day:
        return None
    texts = [
        repr(str(moment.date()) if guess.whole_day else format_timestamp(moment))
        for moment in guess.moments
    ]
    advice = ", whichever is meant" if len(texts) > 1 else ""
    return f"write {' or '.join(texts)}{advice}" if texts else None


def _named_period(text: str) -> str | None:
    """The call for the name of a period, such as 'last month'."""
    name = text.strip().casefold().replace(" ", "_").replace("-", "_")
    return f"periods.{name}()" if name in _NAMED_PERIODS else None


_NAMED_PERIODS = {"today", "yesterday"}.union(
    f"{which}_{unit}" for which in ("this", "last") for unit in ("week", "month", "quarter", "year")
)


def _naive_error(value: object, what: str) -> QueryError:
    return QueryError(
        f'{what}: {repr_value(value)} has no time zone; give tz="Asia/Kolkata", an aware datetime '
        "such as datetime(2026, 1, 1, tzinfo=timezone.utc), or text, which is read as UTC"
    )


def _repr_timestamp(moment: datetime) -> str:
    return repr(format_timestamp(moment))


@frozen(repr=False, init=False)
class Period:
    """The time from `start` to `end`, both included, as datetimes in UTC, to the second.

    The arguments are read by `start_of` and `end_of`. Raises QueryError if `start` is after `end`,
    and for a value that is not a date. (API page: Date Filter)

    >>> Period("2026-03-01", "2026-03-31")
    Period(start='2026-03-01 00:00:00', end='2026-03-31 23:59:59')
    """

    start: datetime
    end: datetime

    # attrs would read the signature of each converter.
    def __init__(self, start: DateLike, end: DateLike) -> None:
        first, last = start_of(start), end_of(end)
        if first > last:
            raise reversed_error(first, last)
        object.__setattr__(self, "start", first)
        object.__setattr__(self, "end", last)

    def __repr__(self) -> str:
        return f"Period(start={_repr_timestamp(self.start)}, end={_repr_timestamp(self.end)})"


def not_a_period_error(where: str, value: object) -> QueryError:
    """The error for a value that is not a period; `where` says what takes one."""
    several = [*value] if isinstance(value, (list, tuple)) else []
    if several and all(isinstance(one, Period) for one in several):
        start, end = min(one.start for one in several), max(one.end for one in several)
        ends = f"{_repr_timestamp(start)}, {_repr_timestamp(end)}"
        return QueryError(
            f"{where} one period, not a list of them; from the first to the last is "
            f"periods.between({ends})"
        )
    named = _named_period(value) if isinstance(value, str) else None
    hint = f"; write {named}" if named else ""
    return QueryError(
        f"{where} a period such as periods.last_month(), not {python_literal(value)}{hint}"
    )


def parse_range(start: DateLike, end: DateLike, tz: TimeZone | None) -> tuple[datetime, datetime]:
    """The first and the last second of a range. Raises QueryError for one without a second."""
    first, last = _parse(start, tz, "start", False), _parse(end, tz, "end", True)
    if first > last:
        raise _empty_range_error(start, end, tz)
    return first, last


def _empty_range_error(start: DateLike, end: DateLike, tz: TimeZone | None) -> QueryError:
    """The error for a range without a second in it: reversed, or skipped by clocks."""
    if start_of(end, tz) >= start_of(start, tz):
        times = str(start) if start == end else f"the time from {start} to {end}"
        return QueryError(
            f"{times} does not exist in {zone(tz)}, where clocks skipped it; "
            f"write {_BEFORE_OR_AFTER[is_whole_day(end)]}"
        )
    return reversed_error(start_of(start, tz), end_of(end, tz))


_BEFORE_OR_AFTER = {True: "the day before or after", False: "a time before or after"}


def reversed_error(start: datetime, end: datetime) -> QueryError:
    """The error for a start after the end."""
    return QueryError(
        f"start {format_timestamp(start)} is after end {format_timestamp(end)} (UTC); "
        "write the earlier one first"
    )


def between(start: DateLike, end: DateLike, tz: TimeZone | None = None) -> Period:
    """The period between two dates, both included, read in the time zone `tz`, by default UTC.

    A date without a time is a whole day. Raises QueryError as `start_of` does, and if `start` is
    after `end`. (API page: Date Filter)

    >>> between("2026-03-01", "2026-03-02 12:00:00", tz="Asia/Kolkata")
    Period(start='2026-02-28 18:30:00', end='2026-03-02 06:30:00')
    """
    return Period(*parse_range(start, end, tz))
