"""Strategies for dates in every accepted form, ranges, and periods."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from inspect import signature
from typing import Any, Final, get_args
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from leadquery import periods as period_functions
from leadquery.periods import DateLike, Period, TimeZone, end_of, is_whole_day, start_of
from leadquery.wire.types import format_timestamp

_MIN, _MAX = datetime(1970, 1, 1), datetime(2100, 12, 31)  # noqa: DTZ001 - the zone is added later
_EDGES: Final = ("0001-01-01", "0001-01-01 00:00:00", "9999-12-31", "9999-12-31T23:59:59Z")
_OFFSETS: Final[tuple[tzinfo, ...]] = (
    UTC,
    timezone(timedelta(hours=5, minutes=30)),
    timezone(timedelta(hours=-11)),
    ZoneInfo("America/New_York"),
    ZoneInfo("Australia/Lord_Howe"),
)
ZONES: Final[tuple[TimeZone, ...]] = (*_OFFSETS, "UTC", "Asia/Kolkata", "Europe/London")

_naive = st.one_of(
    st.datetimes(_MIN, _MAX).map(lambda moment: moment.replace(microsecond=0)),
    st.datetimes(_MIN, _MAX),
)
_aware = st.builds(
    lambda moment, zone: moment.replace(tzinfo=zone), _naive, st.sampled_from(_OFFSETS)
)
_safe: st.SearchStrategy[DateLike] = st.one_of(
    st.dates(_MIN.date(), _MAX.date()).map(date.isoformat),
    _naive.map(format_timestamp),
    st.dates(_MIN.date(), _MAX.date()),
    _aware,
    st.builds(datetime.isoformat, _naive, st.sampled_from((" ", "T"))),
    # One strategy for each form, so that none is rare.
    _aware.map(lambda moment: moment.isoformat(" ")),
    _aware.map(lambda moment: moment.isoformat("T")),
    _naive.map(lambda moment: f"{moment.isoformat()}Z"),
)


def moments() -> st.SearchStrategy[DateLike]:
    """Values for a date field: text in each accepted form, dates, and aware datetimes.

    Naive datetimes are left out, since they need a time zone. (API page: Date Filter)

    >>> from hypothesis import given
    >>> from leadquery.fields import LastVisitDate
    >>> @given(moments())
    ... def test_one_day_at_most(moment):
    ...     assert len((LastVisitDate == moment).filters) <= 2
    >>> test_one_day_at_most()
    """
    return _safe | st.sampled_from(_EDGES)


def _typed(zone: TimeZone) -> st.SearchStrategy[DateLike]:
    """Values to be read in a time zone, without those that clocks skip or repeat."""
    return (_safe | _naive).filter(lambda value: _occurs_once(value, zone))


def _occurs_once(value: DateLike, zone: TimeZone) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return is_whole_day(value) or start_of(value, zone) == end_of(value, zone)


@st.composite
def ranges(draw: st.DrawFn) -> tuple[DateLike, DateLike, TimeZone | None]:
    """A start, an end not before it, and the time zone of both, which may be None."""
    zone = draw(st.none() | st.sampled_from(ZONES))
    dates = moments() if zone is None else _typed(zone)
    start, end = sorted((draw(dates), draw(dates)), key=lambda moment: start_of(moment, zone))
    return start, end, zone


@st.composite
def starts(draw: st.DrawFn) -> tuple[DateLike, TimeZone | None, datetime]:
    """A start, its time zone, and a later datetime to serve as now."""
    zone = draw(st.none() | st.sampled_from(ZONES))
    start, now = draw(_safe if zone is None else _typed(zone)), draw(_aware)
    return start, zone, max(now, start_of(start, zone))


_ARGUMENTS: Final[dict[str, st.SearchStrategy[Any]]] = {
    # Before any end, and any `now`.
    "start": st.dates(date(1960, 1, 1), date(1969, 12, 30)).map(date.isoformat),
    "end": _safe,
    "year": st.integers(1971, 2099),
    "quarter": st.integers(1, 4),
    "month": st.integers(1, 12),
    # Those that every year and month has.
    "week": st.integers(1, 52),
    "day": st.integers(1, 28),
    "n": st.integers(1, 400),
    "tz": st.sampled_from(ZONES),
    "now": _aware,
    "week_starts": st.sampled_from(get_args(period_functions.Weekday)),
}
PERIOD_FUNCTIONS: Final[tuple[Callable[..., Period], ...]] = tuple(
    function
    for function in (getattr(period_functions, name) for name in period_functions.__all__)
    if getattr(function, "__annotations__", {}).get("return") in (Period, Period.__name__)
)


@st.composite
def _periods(draw: st.DrawFn, build: Callable[..., Period]) -> Period:
    # Without `now` every run would draw another period.
    return build(**{name: draw(_ARGUMENTS[name]) for name in signature(build).parameters})


def periods() -> st.SearchStrategy[Period]:
    """Periods from every function of `leadquery.periods`, in several time zones.

    >>> from hypothesis import given
    >>> from leadquery import Leads
    >>> @given(periods())
    ... def test_a_period_is_one_range(period):
    ...     assert len(Leads.created_in(period).dates) == 1
    >>> test_a_period_is_one_range()
    """
    return st.one_of(*map(_periods, PERIOD_FUNCTIONS))
