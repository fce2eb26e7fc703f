"""Dates in other formats: how they are read, and which are ambiguous."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from leadquery import check
from leadquery._util.date_guess import guess_datetimes
from leadquery.wire.types import TIMESTAMP_PATTERN, parse_timestamp

OUTPUT = {"Type": "list", "IncludeCSV": "Phone"}
PAGING = {"PageIndex": 1, "PageSize": 100}


def diagnostic_of(date: object, key: str = "FromDate") -> Any:
    """The diagnostic for an end of a range, by default the start."""
    ends = {"FromDate": "0001-01-01 00:00:00", "ToDate": "9999-12-31 23:59:59"}
    one = {"DateField": "LeadCreatedOn", **ends, key: date}
    [diagnostic] = check({"DateFilter": [one], "Output": OUTPUT, "Paging": PAGING})
    return diagnostic


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
    """If it can be read in one way only."""
    diagnostic = diagnostic_of(date)
    [edit] = diagnostic.fix.edits

    assert (diagnostic.code, diagnostic.hint) == ("LQ307", "write '2026-01-31 21:05:00'")
    assert (edit.to, diagnostic.fix.safe) == ("2026-01-31 21:05:00", True)


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
def test_a_day_or_timestamp_as_a_start_has_an_unsafe_fix(date: object) -> None:
    """Another time of day may be intended."""
    diagnostic = diagnostic_of(date)

    assert diagnostic.hint == "write '2026-01-31 00:00:00'"
    assert diagnostic.fix.edits[0].to == "2026-01-31 00:00:00"
    assert not diagnostic.fix.safe


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
def test_a_day_as_an_end_is_fixed_to_its_last_second(date: str) -> None:
    """As in Python queries; the fix is unsafe."""
    diagnostic = diagnostic_of(date, "ToDate")

    assert diagnostic.hint == "write '2026-03-31 23:59:59'"
    assert diagnostic.fix.edits[0].to == "2026-03-31 23:59:59"
    assert not diagnostic.fix.safe


@pytest.mark.parametrize(
    ("date", "text", "safe"),
    [
        ("2026-03-31T00:00:00", "2026-03-31 00:00:00", True),
        ("31.03.2026 00:00", "2026-03-31 00:00:00", True),
        ("1774915200", "2026-03-31 00:00:00", False),
        (1774915200000, "2026-03-31 00:00:00", False),
    ],
)
def test_a_time_of_day_in_an_end_is_kept(date: object, text: str, safe: bool) -> None:
    """Only a day alone means the whole day."""
    diagnostic = diagnostic_of(date, "ToDate")
    [edit] = diagnostic.fix.edits

    assert (diagnostic.hint, edit.to, diagnostic.fix.safe) == (f"write {text!r}", text, safe)


def test_the_last_day_of_the_calendar_has_an_end() -> None:
    assert diagnostic_of("9999-12-31", "ToDate").hint == "write '9999-12-31 23:59:59'"


@pytest.mark.parametrize(
    ("date", "texts"),
    [
        ("01/02/2026", ("2026-02-01 00:00:00", "2026-01-02 00:00:00")),
        ("01-02-2026 10:30", ("2026-02-01 10:30:00", "2026-01-02 10:30:00")),
    ],
)
def test_ambiguous_days_and_months_get_both_hints(date: str, texts: tuple[str, str]) -> None:
    """And no fix."""
    diagnostic = diagnostic_of(date)

    assert diagnostic.hint == "write {!r} or {!r}, whichever is meant".format(*texts)
    assert diagnostic.fix is None


def test_ambiguous_days_and_months_at_the_end_get_both_hints() -> None:
    """Each with its last second."""
    diagnostic = diagnostic_of("01/02/2026", "ToDate")

    assert diagnostic.hint == (
        "write '2026-02-01 23:59:59' or '2026-01-02 23:59:59', whichever is meant"
    )
    assert diagnostic.fix is None


@pytest.mark.parametrize(
    ("date", "text"),
    [
        ("01.02.2026", "2026-02-01 00:00:00"),
        ("02/02/2026", "2026-02-02 00:00:00"),
        ("01.31.2026", "2026-01-31 00:00:00"),
    ],
)
def test_unambiguous_days_and_months(date: str, text: str) -> None:
    """With points the day comes first, unless there is no such month."""
    assert diagnostic_of(date).hint == f"write {text!r}"


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
def test_invalid_dates_get_no_fix(date: object) -> None:
    """The hint is an example of the format."""
    diagnostic = diagnostic_of(date)

    assert diagnostic.hint == "write a date and time such as '2026-01-31 00:00:00', in UTC"
    assert diagnostic.fix is None


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
def test_hour_24_is_the_next_day(date: str, hint: str, to: str | None) -> None:
    """If there is one."""
    diagnostic = diagnostic_of(date)

    assert (diagnostic.code, diagnostic.hint) == ("LQ308", hint)
    assert (diagnostic.fix and diagnostic.fix.edits[0].to) == to


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
def test_a_timestamp_is_a_whole_second_in_utc(written: str, text: str) -> None:
    """Around noon, and at the ends of a minute, an hour and a day."""
    moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=timezone.utc)

    assert guess_datetimes(written) == ((moment,), False, True)


@pytest.mark.parametrize("written", ["2026-01-31+05:30", "2026-01-31-05:30", "20260131+0530"])
def test_an_offset_is_no_time_of_day(written: str) -> None:
    """Python takes any sign for the one between date and time."""
    assert guess_datetimes(written).moments == ()


@pytest.mark.parametrize("value", [True, None, [], {}])
def test_other_json_types_get_no_fix(value: object) -> None:
    assert diagnostic_of(value).fix is None


@given(
    moment=st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9998, 12, 31)),
    form=st.sampled_from(
        ["%d %b %Y %H:%M:%S", "%B %d, %Y %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%d.%m.%Y, %H:%M:%S"]
    ),
    minutes=st.integers(-14 * 60, 14 * 60),
)
def test_python_datetimes_are_read(moment: datetime, form: str, minutes: int) -> None:
    """With their offsets."""
    here = timezone(timedelta(minutes=minutes))
    there = moment.replace(tzinfo=timezone.utc, microsecond=0).astimezone(here)

    assert guess_datetimes(there.strftime(f"{form} %z")) == (
        (moment.replace(tzinfo=timezone.utc, microsecond=0),),
        False,
        True,
    )


NEARLY = st.tuples(
    st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S").zfill(19)),
    st.integers(0, 18),
    st.sampled_from((*"0123456789-:TWZ+. ", "\u0967", "\ud800", "")),
).map(lambda parts: parts[0][: parts[1]] + parts[2] + parts[0][parts[1] + 1 :])


@example("2026-01-31 24:00:00")
@example("2026-W05-6 00:00:00")
@example("20260131T000000.000")
@given(NEARLY)
def test_a_timestamp_is_in_the_format_of_the_api(text: str) -> None:
    """Of all that `fromisoformat` reads."""
    try:
        moment = parse_timestamp(text)
    except ValueError:
        moment = None
    expected = None
    if re.fullmatch(TIMESTAMP_PATTERN, text):
        with suppress(ValueError):
            expected = datetime(*map(int, re.findall("[0-9]+", text)), tzinfo=UTC)  # type: ignore[arg-type, misc]

    assert moment == expected
