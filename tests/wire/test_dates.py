"""Dates in other forms: what they say, and where it cannot be told."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, strategies as st

from leadquery import check
from leadquery._util.date_guess import guess_datetimes

OUTPUT = {"Type": "list", "IncludeCSV": "Phone"}
PAGING = {"PageIndex": 1, "PageSize": 100}


def problem_of(date: object, key: str = "FromDate") -> Any:
    """What is said of an end of a range, the start unless told."""
    ends = {"FromDate": "0001-01-01 00:00:00", "ToDate": "9999-12-31 23:59:59"}
    one = {"DateField": "LeadCreatedOn", **ends, key: date}
    [problem] = check({"DateFilter": [one], "Output": OUTPUT, "Paging": PAGING})
    return problem


@pytest.mark.parametrize(
    "date",
    [
        "2026-01-31T21:05:00",
        "2026-01-31T21:05:00.250Z",
        "2026-02-01T02:35:00+05:30",
        "2026-02-01 02:35:00 +0530",
        "2026-1-31 21:5:0",
        "2026/01/31 21:05:00",
        "2026.01.31 21:05",
        "2026-01-31 9:05:00 PM",
        "01/31/2026 09:05:00 PM",
        "1/31/2026, 9:05:00 p.m.",
        "31/01/2026 21:05",
        "31-01-2026 21:05:00",
        "31.01.2026 21:05",
        "31.1.2026, 21:05",
        "31 Jan 2026 21:05",
        "31-January-2026 21:05:00",
        "Jan. 31st, 2026 at 9:05 pm",
        "January 31 2026 21:05:00 UTC",
        "Sat, 31 Jan 2026 21:05:00 GMT",
        "Sun Feb 01 2026 02:35:00 GMT+0530 (India Standard Time)",
        "Sat Jan 31 2026 13:05:00 GMT-0800 (Pacific Standard Time)",
        "20260131T210500Z",
        "20260131210500",
        "/Date(1769893500000)/",
        "/Date(1769893500000+0530)/",
    ],
)
def test_a_date_in_another_format_has_a_safe_fix(date: str) -> None:
    """Where it can be read in one way only."""
    problem = problem_of(date)
    [edit] = problem.fix.edits

    assert (problem.code, problem.hint) == ("LQ307", "write '2026-01-31 21:05:00'")
    assert (edit.to, problem.fix.safe) == ("2026-01-31 21:05:00", True)


@pytest.mark.parametrize(
    "date",
    [
        "2026-01-31",
        "2026/1/31",
        "20260131",
        "01/31/2026",
        "31/01/2026",
        "31.01.2026",
        "31-01-2026",
        "31 January 2026",
        "Sat Jan 31, 2026",
        "1769817600",
        "1769817600000",
        "1769817600.25",
        1769817600,
        1769817600000,
        1769817600.0,
    ],
)
def test_a_day_or_a_count_of_seconds_at_the_start_is_likely_its_first_moment(date: object) -> None:
    """But another may be meant, so that the fix is not safe."""
    problem = problem_of(date)

    assert problem.hint == "write '2026-01-31 00:00:00'"
    assert problem.fix.edits[0].to == "2026-01-31 00:00:00"
    assert not problem.fix.safe


@pytest.mark.parametrize(
    "date",
    [
        "2026-03-31",
        "2026/3/31",
        "20260331",
        "03/31/2026",
        "31/03/2026",
        "31.03.2026",
        "31-03-2026",
        "31 March 2026",
        "31-Mar-2026",
        "March 31st, 2026",
        "Tue Mar 31, 2026",
    ],
)
def test_a_day_at_the_end_is_likely_its_last_second(date: str) -> None:
    """A range up to a day holds the day, as it does in Python; the fix is no surer than that."""
    problem = problem_of(date, "ToDate")

    assert problem.hint == "write '2026-03-31 23:59:59'"
    assert problem.fix.edits[0].to == "2026-03-31 23:59:59"
    assert not problem.fix.safe


@pytest.mark.parametrize(
    ("date", "text", "safe"),
    [
        ("2026-03-31T00:00:00", "2026-03-31 00:00:00", True),
        ("31.03.2026 00:00", "2026-03-31 00:00:00", True),
        ("1774915200", "2026-03-31 00:00:00", False),
        (1774915200000, "2026-03-31 00:00:00", False),
    ],
)
def test_a_time_that_was_said_stays_at_the_end(date: object, text: str, safe: bool) -> None:
    """Midnight was written, or counted; only a day alone is its whole day."""
    problem = problem_of(date, "ToDate")
    [edit] = problem.fix.edits

    assert (problem.hint, edit.to, problem.fix.safe) == (f"write {text!r}", text, safe)


def test_the_last_day_of_the_calendar_has_an_end() -> None:
    """No day comes after it, and none is needed."""
    assert problem_of("9999-12-31", "ToDate").hint == "write '9999-12-31 23:59:59'"


@pytest.mark.parametrize(
    ("date", "texts"),
    [
        ("01/02/2026", ("2026-02-01 00:00:00", "2026-01-02 00:00:00")),
        ("01-02-2026 10:30", ("2026-02-01 10:30:00", "2026-01-02 10:30:00")),
    ],
)
def test_day_and_month_may_change_places(date: str, texts: tuple[str, str]) -> None:
    """Both are named, and neither is written."""
    problem = problem_of(date)

    assert problem.hint == "write {!r} or {!r}, whichever is meant".format(*texts)
    assert problem.fix is None


def test_day_and_month_may_change_places_at_the_end() -> None:
    """Each is its last second."""
    problem = problem_of("01/02/2026", "ToDate")

    assert problem.hint == (
        "write '2026-02-01 23:59:59' or '2026-01-02 23:59:59', whichever is meant"
    )
    assert problem.fix is None


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("01.02.2026", "2026-02-01 00:00:00"),
        ("02/02/2026", "2026-02-02 00:00:00"),
        ("01.31.2026", "2026-01-31 00:00:00"),
    ],
)
def test_one_order_of_day_and_month(date: str, text: str) -> None:
    """With points the day comes first, unless there is no such month."""
    assert problem_of(date).hint == f"write {text!r}"


@pytest.mark.parametrize(
    "date",
    [
        "",
        "today",
        "31/01/26",
        "32/13/2026",
        "2026-01-31 13:00 PM",
        "2026-01-31 0:30 am",
        "2026-01-31 25:00",
        "2026-01-31 10:60",
        "31.01.2026 10:30:60",
        "2026-01-31T24:00:00",
        "31.01.2026 10",
        "31 Jam 2026",
        "31 Jan 2026 10:30 IST",
        "0000/01/01",
        "0001-01-01 00:00:00 +05:30",
        "31 Jan 2026 " + "0" * 10_000,
        "/Date(99999999999999)/" + "0",
        "123456789",
        12,
        -1769817600,
        pytest.param(10**5_000, id="very large"),
        float("nan"),
        float("inf"),
    ],
)
def test_what_says_no_moment_gets_no_fix(date: object) -> None:
    """Then an example says how one is written."""
    problem = problem_of(date)

    assert problem.hint == "write a date and time such as '2026-01-31 00:00:00', in UTC"
    assert problem.fix is None


@pytest.mark.parametrize(
    ("date", "hint", "to"),
    [
        (
            "2026-01-31 24:00:00",
            "write '2026-02-01 00:00:00', the midnight after it",
            "2026-02-01 00:00:00",
        ),
        ("2026-02-30 24:00:00", "write a day and time that exist", None),
        ("9999-12-31 24:00:00", "write a day and time that exist", None),
        ("2026-01-31 24:00:01", "write a day and time that exist", None),
    ],
)
def test_the_end_of_a_day_is_the_next_one(date: str, hint: str, to: str | None) -> None:
    """Where there is one."""
    problem = problem_of(date)

    assert (problem.code, problem.hint) == ("LQ308", hint)
    assert (problem.fix and problem.fix.edits[0].to) == to


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("2026-01-31T21:05:00.999999", "2026-01-31 21:05:00"),
        ("2026-01-31T21:05:00.999Z", "2026-01-31 21:05:00"),
        ("/Date(1769893500999)/", "2026-01-31 21:05:00"),
        ("31 Jan 2026 23:59:59", "2026-01-31 23:59:59"),
        ("31 Jan 2026 12:00 am", "2026-01-31 00:00:00"),
        ("31 Jan 2026 1:59 am", "2026-01-31 01:59:00"),
        ("31 Jan 2026 12:30 pm", "2026-01-31 12:30:00"),
        ("1 Sept 2026 10:00", "2026-09-01 10:00:00"),
    ],
)
def test_a_moment_is_a_whole_second_in_utc(written: str, text: str) -> None:
    """On either side of noon, and at the ends of a minute, an hour and a day."""
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)

    assert guess_datetimes(written) == ((moment,), False, True)


@pytest.mark.parametrize("value", [True, None, [], {}])
def test_what_is_neither_text_nor_number_says_no_moment(value: object) -> None:
    """It is told by its kind alone."""
    assert problem_of(value).fix is None


@given(
    moment=st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9998, 12, 31)),
    form=st.sampled_from(
        ["%d %b %Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%d.%m.%Y, %H:%M:%S"]
    ),
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_what_python_writes_is_read(moment: datetime, form: str, minutes: int) -> None:
    """With its offset, which is that of the place it was written at."""
    here = timezone(timedelta(minutes=minutes))
    there = moment.replace(tzinfo=timezone.utc, microsecond=0).astimezone(here)

    assert guess_datetimes(there.strftime(f"{form} %z")) == (
        (moment.replace(tzinfo=timezone.utc, microsecond=0),),
        False,
        True,
    )
