"""Calendar periods and dates as ranges in UTC.

`month(2026, 3)`, `last_days(7)` and the other functions make a `Period`, for `created_in`,
`modified_in` and `during`. `months(2026)`, `last_months(6)` and their kind make a list of periods
that follow each other, for `in_periods`. `start_of` and `end_of` read a single date.

>>> from leadquery import periods
>>> periods.quarter(2026, 1, tz="Asia/Kolkata")
Period(start='2025-12-31 18:30:00', end='2026-03-31 18:29:59')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadquery.periods.parsing import (
    DateLike,
    Period,
    TimeZone,
    between,
    end_of,
    is_whole_day,
    start_of,
    zone,
)

if TYPE_CHECKING:
    from leadquery.periods.calendar import (
        Weekday,
        day,
        month,
        months,
        quarter,
        quarters,
        week,
        weeks,
        year,
    )
    from leadquery.periods.relative import (
        last_days,
        last_month,
        last_months,
        last_quarter,
        last_quarters,
        last_week,
        last_weeks,
        last_year,
        last_years,
        since,
        this_month,
        this_quarter,
        this_week,
        this_year,
        today,
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
    "last_months",
    "last_quarter",
    "last_quarters",
    "last_week",
    "last_weeks",
    "last_year",
    "last_years",
    "month",
    "months",
    "quarter",
    "quarters",
    "since",
    "start_of",
    "this_month",
    "this_quarter",
    "this_week",
    "this_year",
    "today",
    "week",
    "weeks",
    "year",
    "yesterday",
    "zone",
]


def __getattr__(name: str) -> object:
    # Loaded on first use, because most queries need no periods.
    if name.startswith("__"):
        raise AttributeError(name)
    if name not in __all__:
        from leadquery.unknown_names import unknown_name_error

        advice = "days of your own are between(...)"
        # A name with a number, such as last_7_days, resembles none of these.
        known = {} if any(map(str.isdigit, name)) else {period: period for period in __all__}
        raise unknown_name_error("leadquery.periods", name, known, advice)
    from leadquery.periods import calendar, relative

    return getattr(calendar if hasattr(calendar, name) else relative, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
