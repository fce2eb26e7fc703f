"""Moments, zones and periods: what a person says about time, as moments in UTC.

>>> from leadquery import periods
>>> periods.quarter(2026, 1, tz="Asia/Kolkata")
Period(start='2025-12-31 18:30:00', end='2026-03-31 18:29:59')
"""

from __future__ import annotations

from functools import cache, wraps
from typing import TYPE_CHECKING, Any

from leadquery.periods.parsing import DateLike, TimeZone, end_of, is_whole_day, start_of, zone
from leadquery.periods.period import Period, between

if TYPE_CHECKING:
    from collections.abc import Callable

    from leadquery.periods.calendar import (
        Weekday,
        day,
        last_days,
        last_month,
        last_quarter,
        last_week,
        last_year,
        month,
        quarter,
        since,
        this_month,
        this_quarter,
        this_week,
        this_year,
        today,
        week,
        year,
        yesterday,
    )

__all__ = [
    "DateLike",
    "Period",
    "TimeZone",
    "Weekday",
    "between",
    "day",
    "end_of",
    "is_whole_day",
    "last_days",
    "last_month",
    "last_quarter",
    "last_week",
    "last_year",
    "month",
    "quarter",
    "since",
    "start_of",
    "this_month",
    "this_quarter",
    "this_week",
    "this_year",
    "today",
    "week",
    "year",
    "yesterday",
    "zone",
]


def __getattr__(name: str) -> object:
    # Periods of the calendar are loaded on first use: a query of text and numbers needs none.
    if name.startswith("__"):
        raise AttributeError(name)
    if name not in __all__:
        from leadquery._explain import module_attribute_error
        from leadquery._explain.aliases import counted_days

        days = counted_days(name)
        otherwise = "several weeks or months are last_days(n), or days of your own between(...)"
        if days is not None:
            otherwise = f"that is last_days({days})"
        # A name with a number in it means no period that has none.
        known = {} if any(map(str.isdigit, name)) else {one: one for one in __all__}
        raise module_attribute_error("leadquery.periods", name, known, otherwise)
    from leadquery.periods import calendar

    found = getattr(calendar, name)
    return _explain_calls(found) if callable(found) and name != "Weekday" else found


@cache
def _explain_calls(make: Callable[..., Period]) -> Callable[..., Period]:
    """What makes a period, and says what to write where it is called otherwise."""

    @wraps(make)
    def call(*given: Any, **named: Any) -> Period:
        try:
            return make(*given, **named)
        except TypeError as error:
            # One that is raised further in is no matter of the call.
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise
        from leadquery._explain.period_calls import period_misuse

        raise period_misuse(make, given, named)

    call.__module__ = __name__
    return call


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
