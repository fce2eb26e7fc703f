"""Results as Excel workbooks, read back by openpyxl."""

from __future__ import annotations

import errno
import os
import sys
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, strategies as st

from leadquery import Client, Leads, Result
from leadquery.client.progress import Progress
from leadquery.emulator import Emulator
from leadquery.errors import MissingDependencyError, QueryError
from leadquery.fields import CreatedOn, DoNotCall, ProspectID, Score
from leadquery.result.excel import MAX_CELL_LENGTH, MAX_COLUMNS, MAX_ROWS, check_size
from leadquery.result.frames import ColumnType

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def client() -> Client:
    """A client of demo leads."""
    return Client("api.example.com", "key", "secret", Emulator.demo(60).session())


def cells(file: Any) -> list[list[Any]]:
    """The cells of the only sheet, the header first."""
    [sheet] = openpyxl.load_workbook(file).worksheets
    return [list(row) for row in sheet.iter_rows()]


def written(*rows: dict[str, Any], **options: Any) -> list[list[Any]]:
    """The cells of rows as a workbook."""
    file = BytesIO()
    Result(rows, len(rows), **options).to_excel(file)
    file.seek(0)
    return cells(file)


def test_dates_are_dates() -> None:
    """In a format that shows them in full; the header names the zone of times."""
    header, row = written(
        {"At": NOON, "Exact": NOON + timedelta(milliseconds=250), "Month": date(2026, 1, 1)}
    )

    assert [cell.value for cell in header] == ["At (UTC)", "Exact (UTC)", "Month"]
    assert [cell.value for cell in row] == [
        datetime(2026, 1, 31, 12),
        datetime(2026, 1, 31, 12, 0, 0, 250_000),
        datetime(2026, 1, 1),
    ]
    assert [cell.number_format for cell in row] == [
        "yyyy-mm-dd hh:mm:ss",
        "yyyy-mm-dd hh:mm:ss.000",
        "yyyy-mm-dd",
    ]
    assert all(cell.is_date for cell in row)


@pytest.mark.parametrize(
    ("tz", "header", "local"),
    [
        ("Asia/Kolkata", "At (Asia/Kolkata)", datetime(2026, 1, 31, 17, 30)),
        (timezone(timedelta(hours=-3)), "At (-03:00)", datetime(2026, 1, 31, 9)),
        ("UTC", "At (UTC)", datetime(2026, 1, 31, 12)),
    ],
)
def test_times_are_local(tz: Any, header: str, local: datetime) -> None:
    file = BytesIO()
    Result(({"At": NOON}, {"At": "unknown"}), 2).tz_convert(tz).to_excel(file)

    [head], [first], [second] = cells(file)

    assert (head.value, first.value, second.value) == (header, local, "unknown")


def test_times_of_another_zone_are_converted() -> None:
    """Also those of a result that was made without a zone."""
    india = timezone(timedelta(hours=5, minutes=30))

    [_], [cell] = written({"At": NOON.astimezone(india)})

    assert cell.value == datetime(2026, 1, 31, 12)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (date(1899, 12, 31), "1899-12-31"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01 00:00:00"),
        (date(1900, 1, 1), datetime(1900, 1, 1)),
        (date(1900, 3, 1), datetime(1900, 3, 1)),
        (date(9999, 12, 31), datetime(9999, 12, 31)),
    ],
)
def test_dates_that_excel_lacks_are_text(value: date, cell: object) -> None:
    _, [found] = written({"D": value})

    assert found.value == cell


def test_the_year_9999_ends_in_utc() -> None:
    """Where the local time would be after it."""
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    file = BytesIO()

    Result(({"D": last},), 1).tz_convert("Asia/Kolkata").to_excel(file)

    assert cells(file)[1][0].value == last.replace(tzinfo=None)


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (7, 7),
        (-0.5, -0.5),
        (1e300, 1e300),
        (10**15 - 1, 10**15 - 1),
        (1 - 10**15, 1 - 10**15),
        (10**15, "1000000000000000"),
        (-(10**15), "-1000000000000000"),
        (2**63, "9223372036854775808"),
        (True, True),
        (None, None),
        (float("nan"), None),
        (float("-inf"), None),
        ([1, "a"], '[1, "a"]'),
        ("0012", "0012"),
        ("1e5", "1e5"),
    ],
)
def test_numbers_and_other_values(value: object, cell: object) -> None:
    """Numbers of more than 15 digits, and those that were text, are text."""
    _, [other, found] = written({"A": "x", "B": value})

    assert other.value == "x"
    assert (found.value, type(found.value)) == (cell, type(cell))


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "{=SUM(A1)}",
        "https://example.com/",
        "mailto:a@example.com",
        "internal:Sheet1!A1",
        "@SUM(1)",
        "-x",
        " padded ",
        "two\nlines",
        "_x0041_",
        "<b>&amp;\"'",
        "क्या 🎉",
    ],
)
def test_text_is_text(text: str) -> None:
    """No formula, and no link."""
    [header], [cell] = written({text: text})

    for one in (header, cell):
        assert (openpyxl.utils.escape.unescape(one.value), one.data_type) == (text, "s")
        assert one.hyperlink is None


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5))
def test_any_text_is_read_back(texts: list[str]) -> None:
    """With control characters as Excel escapes them."""
    found = written({"A": "A"}, *({"A": text} for text in texts))[2:]

    values = [openpyxl.utils.escape.unescape(row[0].value or "") for row in found]
    assert values == texts[: len(values)]
    assert not any(texts[len(values) :])


def test_a_result_without_rows() -> None:
    types = {"D": ColumnType.TIMESTAMP}

    [header] = written(requested_columns=("A", "D"), types=types)

    assert [cell.value for cell in header] == ["A", "D (UTC)"]


def test_the_longest_text() -> None:
    _, [cell] = written({"A": "x" * MAX_CELL_LENGTH})

    assert len(cell.value) == MAX_CELL_LENGTH


@pytest.mark.parametrize("text", ["x" * (MAX_CELL_LENGTH + 1), "🎉" * (MAX_CELL_LENGTH // 2 + 1)])
def test_a_text_that_no_cell_has_room_for(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file keeps its content, and nothing is left in the folder for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    file = tmp_path / "leads.xlsx"
    file.write_bytes(b"before")

    with pytest.raises(QueryError) as caught:
        Result(({"Notes": "a"}, {"Notes": text}), 2).to_excel(file)

    assert str(caught.value) == (
        "row 2, 'Notes': the text has 32,768 characters, and a cell of Excel has room for 32,767; "
        "leave the field out, or write a .csv or .parquet file"
    )
    assert file.read_bytes() == b"before"
    assert [one.name for one in tmp_path.iterdir()] == ["leads.xlsx"]


def test_half_of_a_surrogate_pair() -> None:
    with pytest.raises(QueryError, match=r"row 2, 'A': .* has half of a surrogate pair"):
        written({"A": "a"}, {"A": "b\ud800"})
    with pytest.raises(QueryError, match="has half of a surrogate pair"):
        written({"A\ud800": "a"})


def test_more_rows_or_columns_than_a_sheet_has() -> None:
    check_size(MAX_ROWS)
    with pytest.raises(QueryError) as caught:
        check_size(MAX_ROWS + 1)
    with pytest.raises(QueryError, match="has 16,384 columns, and there are 16,385; write"):
        written({f"C{n}": n for n in range(MAX_COLUMNS + 1)})

    assert str(caught.value) == (
        "a sheet of Excel has 1,048,575 rows below its header, and there are 1,048,576; "
        "write a .parquet or .csv file, or limit the rows to 1_048_575"
    )


def test_a_full_disk_is_an_os_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(ZipFile, "writestr", fail)
    monkeypatch.setattr(ZipFile, "write", fail)

    with pytest.raises(OSError, match="No space left"):
        written({"A": 1})


def test_without_xlsxwriter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An export says so before it asks for a page."""
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    emulator = Emulator.demo(9)
    asking = Client("api.example.com", "key", "secret", emulator.session())

    with pytest.raises(MissingDependencyError) as caught:
        Result((), 0).to_excel(BytesIO())
    with pytest.raises(MissingDependencyError, match="an export to Excel needs xlsxwriter"):
        asking.export(Leads.select("Phone"), tmp_path / "leads.xlsx")

    assert str(caught.value) == (
        "to_excel() needs xlsxwriter, which is not installed; run pip install 'leadquery[excel]'"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("tz", [None, "Asia/Kolkata"])
def test_an_export_is_the_same_workbook(tz: str | None, tmp_path: Path) -> None:
    query = Leads.select(ProspectID, CreatedOn, Score, DoNotCall).page(1, 7)
    asking = client()

    done = asking.export(query, tmp_path / "leads.xlsx", tz=tz)
    asking.run(query, tz=tz).to_excel(tmp_path / "result.xlsx")

    exported, result = (
        [[(cell.value, cell.number_format) for cell in row] for row in cells(tmp_path / name)]
        for name in ("leads.xlsx", "result.xlsx")
    )
    assert done.rows == 60
    assert exported == result
    assert len(exported) == 61
    assert [one.name for one in tmp_path.iterdir() if one.suffix == ".part"] == []


def test_an_export_stops_at_once_if_no_sheet_has_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first page, which has the total; it does not read the others."""
    monkeypatch.setattr("leadquery.result.excel.MAX_ROWS", 59)
    pages: list[Progress] = []

    with pytest.raises(QueryError, match="has 59 rows below its header, and there are 60"):
        client().export(
            Leads.select(ProspectID).page(1, 7), tmp_path / "leads.xlsx", progress=pages.append
        )

    assert pages == []
    client().export(Leads.select(ProspectID), tmp_path / "leads.xlsx", limit=59, resume=False)
    assert len(cells(tmp_path / "leads.xlsx")) == 60
