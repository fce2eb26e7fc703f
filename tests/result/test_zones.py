"""Results in a time zone: on the way from the client, in files and in tables."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from pyarrow import parquet

from leadquery import Client, Leads, Result
from leadquery.emulator import Emulator
from leadquery.errors import QueryError
from leadquery.fields import CreatedOn, OwnerId, ProspectID, Score
from leadquery.sql import Table

NOON = datetime(2026, 1, 31, 12, 0, 0, 500_000, UTC)
INDIA = "Asia/Kolkata"
OFFSET = timezone(timedelta(hours=5, minutes=30))
RESULT = Result(({"At": NOON, "Day": date(2026, 1, 1), "Text": "x"},), 1)
LIST = Leads.select(ProspectID, CreatedOn).page(1, 20)


def client() -> Client:
    """A client of demo leads."""
    return Client("api.example.com", "key", "secret", Emulator.demo(60).session())


def test_times_are_converted() -> None:
    """The moments are the same; days and texts are left alone."""
    result = RESULT.tz_convert(INDIA)

    assert result[0] == RESULT[0]
    assert str(result[0]["At"]) == "2026-01-31 17:30:00.500000+05:30"
    assert result.tz == INDIA
    assert result.tz_convert(None) == RESULT
    assert RESULT.tz_convert("UTC") is RESULT


@pytest.mark.parametrize("tz", [ZoneInfo(INDIA), OFFSET])
def test_zones_that_are_objects(tz: Any) -> None:
    assert RESULT.tz_convert(tz)[0]["At"].hour == 17


@pytest.mark.parametrize("tz", ["IST", "Asia/Calcuta", 5.5])
def test_an_unknown_zone_is_refused_before_a_request(tz: Any, tmp_path: Path) -> None:
    asking = Client("api.example.com", "key", "secret", Emulator.demo(9).session())
    several = Leads.group_by(OwnerId, Score.bins(0)).count()
    table = Table(leads_frame())
    for call in (
        RESULT.tz_convert,
        lambda tz: asking.run(LIST, tz=tz),
        lambda tz: asking.run(several, tz=tz),
        lambda tz: asking.run_page(LIST, tz=tz),
        lambda tz: asking.pages(LIST, tz=tz),
        lambda tz: asking.rows(LIST, tz=tz),
        lambda tz: asking.export(LIST, tmp_path / "leads.csv", tz=tz),
        lambda tz: table.run(LIST, tz=tz),
    ):
        with pytest.raises(QueryError, match="is not a time zone"):
            call(tz)

    assert list(tmp_path.iterdir()) == []


def leads_frame() -> Any:
    """A table of demo leads."""
    return client().run(LIST).to_polars()


def test_every_call_of_a_client_converts() -> None:
    asking = client()
    expected = asking.run(LIST).tz_convert(INDIA)

    assert expected[0]["CreatedOn"].utcoffset() == timedelta(hours=5, minutes=30)
    assert asking.run(LIST, tz=INDIA) == expected
    assert asking.run_page(LIST, tz=INDIA).rows == expected.rows[:20]
    assert [row for page in asking.pages(LIST, tz=INDIA) for row in page] == list(expected)
    assert {page.tz for page in asking.pages(LIST, tz=INDIA)} == {INDIA}
    assert list(asking.rows(LIST, tz=INDIA)) == list(expected)
    assert all(row["CreatedOn"].tzinfo == ZoneInfo(INDIA) for row in asking.rows(LIST, tz=INDIA))
    table = Table(leads_frame()).run(LIST, tz=INDIA)
    assert (set(table["CreatedOn"]), table.tz) == (set(expected["CreatedOn"]), INDIA)


def test_the_months_of_a_query_stay() -> None:
    """They are of its own time zone; the first and last times are converted."""
    query = Leads.group_by(CreatedOn.month(tz=INDIA)).aggregate(CreatedOn.max())
    asking = client()

    local, utc = asking.run(query, tz=INDIA), asking.run(query)

    assert local["CreatedOn_month"] == utc["CreatedOn_month"]
    for row in local:
        last = row["Max_CreatedOn"]
        assert last.utcoffset() == timedelta(hours=5, minutes=30)
        assert (last.year, last.month) == (
            row["CreatedOn_month"].year,
            row["CreatedOn_month"].month,
        )


def test_tables_have_the_zone() -> None:
    result = RESULT.tz_convert(INDIA)

    assert str(result.to_pandas().dtypes["At"]) == "datetime64[us, Asia/Kolkata]"
    assert str(result.to_arrow().schema.field("At").type) == "timestamp[us, tz=Asia/Kolkata]"
    assert result.to_polars().schema["At"].time_zone == INDIA  # type: ignore[attr-defined]
    assert result.to_polars()["At"][0] == NOON


def test_tables_of_an_offset() -> None:
    """There are none in polars: its times are in UTC."""
    result = RESULT.tz_convert(OFFSET)

    assert str(result.to_pandas().dtypes["At"]) == "datetime64[us, UTC+05:30]"
    assert str(result.to_arrow().schema.field("At").type) == "timestamp[us, tz=+05:30]"
    assert result.to_polars().schema["At"].time_zone == "UTC"  # type: ignore[attr-defined]
    assert result.to_polars()["At"][0] == NOON


def test_csv_has_the_offset() -> None:
    """In UTC it is as the API writes it; for a spreadsheet the header has the zone."""
    local = RESULT.tz_convert(INDIA)

    assert RESULT.to_csv() == "At,Day,Text\r\n2026-01-31 12:00:00.5,2026-01-01,x\r\n"
    assert local.to_csv() == "At,Day,Text\r\n2026-01-31 17:30:00.5+05:30,2026-01-01,x\r\n"
    assert local.to_csv(spreadsheet=True) == (
        "\ufeffAt (Asia/Kolkata),Day,Text\r\n2026-01-31 17:30:00.5,2026-01-01,x\r\n"
    )
    assert RESULT.to_csv(spreadsheet=True).startswith("\ufeffAt,Day")


def test_json_has_the_offset() -> None:
    assert json.loads(RESULT.tz_convert(INDIA).to_json())[0]["At"] == (
        "2026-01-31T17:30:00.500000+05:30"
    )


def test_times_that_a_clock_shows_twice() -> None:
    """The offset tells them apart."""
    moments = [datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1)]
    result = Result(tuple({"At": moment} for moment in moments), 2).tz_convert("Europe/Berlin")

    assert result.to_csv().splitlines()[1:] == [
        "2026-10-25 02:30:00+02:00",
        "2026-10-25 02:30:00+01:00",
    ]
    assert [moment.tz_convert(UTC) for moment in result.to_pandas()["At"]] == moments


def test_the_last_second_of_the_calendar() -> None:
    """It has no local time east of UTC, and stays in UTC."""
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    result = Result(({"At": last}, {"At": None}), 2).tz_convert(INDIA)

    assert result["At"] == [last, None]
    assert result.to_csv() == 'At\r\n9999-12-31 23:59:59+00:00\r\n""\r\n'


def test_a_time_without_a_zone_is_left_alone() -> None:
    naive = datetime(2026, 1, 31, 12)

    assert Result(({"At": naive},), 1).tz_convert(INDIA)["At"] == [naive]


@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=1), st.timezones())
def test_files_have_the_same_moments(moments: list[datetime], tz: Any) -> None:
    """In any zone."""
    result = Result(tuple({"At": moment} for moment in moments), len(moments)).tz_convert(tz)

    for line, moment in zip(csv.DictReader(StringIO(result.to_csv())), moments, strict=True):
        text = line["At"]
        parsed = datetime.fromisoformat(text)
        assert parsed.replace(tzinfo=parsed.tzinfo or UTC) == moment
    parsed_rows = json.loads(result.to_json())
    assert [datetime.fromisoformat(row["At"]) for row in parsed_rows] == moments
    in_arrow = result.to_arrow()["At"].to_pylist()
    assert [moment.astimezone(UTC) for moment in in_arrow] == moments


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("tz", [None, INDIA, OFFSET])
def test_an_export_is_as_the_result(ending: str, tz: Any, tmp_path: Path) -> None:
    file = tmp_path / f"leads.{ending}"
    asking = client()

    asking.export(LIST, file, tz=tz)

    result = asking.run(LIST, tz=tz)
    if ending == "csv":
        assert file.read_bytes().decode() == result.to_csv()
    elif ending == "jsonl":
        lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        assert lines == json.loads(result.to_json())
    else:
        assert parquet.read_table(file) == result.to_arrow()


def test_an_export_for_a_spreadsheet_names_the_zone(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    asking = client()

    asking.export(LIST, file, spreadsheet=True, tz=INDIA)

    assert file.read_bytes().decode() == asking.run(LIST, tz=INDIA).to_csv(spreadsheet=True)
    assert "CreatedOn (Asia/Kolkata)" in file.read_text("utf-8")
