"""Periods as values, and the modules that importing them loads."""

from __future__ import annotations

import pickle
import subprocess
import sys
from datetime import datetime

import pytest

from leadquery import Leads, periods
from leadquery.periods import Period, between
from tests.periods.support import ends_of, refusal


def test_a_reversed_period_is_rejected() -> None:
    """The message names both ends."""
    text = refusal(between, "2026-02-01", "2026-01-01")

    assert text == (
        "start 2026-02-01 00:00:00 is after end 2026-01-01 23:59:59 (UTC); "
        "write the earlier one first"
    )
    assert refusal(Period, "2026-02-01", "2026-01-01") == text


@pytest.mark.parametrize(
    ("start", "end", "tz", "text"),
    [
        (
            "2026-03-29 02:00:00",
            "2026-03-29 02:59:59",
            "Europe/Berlin",
            "the time from 2026-03-29 02:00:00 to 2026-03-29 02:59:59 does not exist; write a time",
        ),
        (
            "2011-12-30",
            "2011-12-30",
            "Pacific/Apia",
            "2011-12-30 does not exist; write the day",
        ),
    ],
)
def test_a_range_that_clocks_skip_is_refused(start: str, end: str, tz: str, text: str) -> None:
    what, hint = text.split(";")
    text = f"{what} in {tz}, where clocks skipped it;{hint} before or after"

    assert refusal(between, start, end, tz) == text
    assert refusal(Leads.created_between, start, end, tz=tz) == text
    assert refusal(Leads.modified_between, start, end, tz=tz) == text


def test_a_query_reads_repeated_times_as_a_period_does() -> None:
    """Of a time that occurs twice, a start is the earlier one, and the warning is at the call."""
    with pytest.warns(UserWarning, match="occurs twice in Europe/Berlin") as caught:
        query = Leads.created_since("2026-10-25 02:30:00", tz="Europe/Berlin", now="2026-11-01")

    assert ends_of(Period(query.dates[0].start, query.dates[0].end))[0] == "2026-10-25 00:30:00"
    assert caught[0].filename == __file__


def test_a_period_between_two_values() -> None:
    """Both ends are parsed; a single second is a period."""
    period = between("2026-03-01", datetime(2026, 3, 2, 12), tz="Asia/Kolkata")
    instant = between("2026-03-01 12:00:00", "2026-03-01 12:00:00")

    assert ends_of(period) == ("2026-02-28 18:30:00", "2026-03-02 06:30:00")
    assert instant.start == instant.end


def test_a_period_is_a_value() -> None:
    """Equal periods have equal hashes, can be pickled, and have a repr that builds them."""
    period = periods.month(2026, 3)

    assert len({period, Period("2026-03-01", "2026-03-31")}) == 1
    assert pickle.loads(pickle.dumps(period)) == period
    assert repr(period) == "Period(start='2026-03-01 00:00:00', end='2026-03-31 23:59:59')"
    assert eval(repr(period)) == period
    with pytest.raises(AttributeError):
        period.start = period.end  # type: ignore[misc]  # frozen, which is the claim


def test_importing_periods_loads_few_modules() -> None:
    heavy = ("zoneinfo", "difflib", "calendar", "requests")
    code = (
        "import sys, leadquery.periods as p; p.month(2026, 3, tz='UTC');"
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "[]\n"
