"""Leads in files, as spreadsheets and the vendor's calls write them: read, or refused."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from click import ClickException, UsageError
from hypothesis import HealthCheck, given, settings, strategies as st

from leadquery import Client, Leads
from leadquery.cli.row_files import read_rows
from leadquery.emulator import Emulator
from leadquery.fields import CreatedOn, LastVisitDate, ProspectID
from tests.cli.shell import Write

ROW = {"ProspectID": "a", "Score": "5"}
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def refusal(file: Path) -> str:
    """The message of a file that is refused, without its name."""
    with pytest.raises(ClickException) as caught:
        list(read_rows(str(file)))

    return caught.value.message.removeprefix(f"{str(file)!r}").removeprefix(": ")


@pytest.mark.parametrize(
    "text",
    [
        "ProspectID,Score\na,5\n",
        "ProspectID;Score\na;5\n",
        "ProspectID\tScore\na\t5\n",
        "ProspectID|Score\na|5",
        "sep=,\nProspectID,Score\na,5\n",
        "SEP=;\r\nProspectID;Score\r\na;5\r\n",
        '"sep=;"\nProspectID;Score\na;5\n',
        "\ufeffsep=\t\nProspectID\tScore\na\t5\n",
        "sep=^\nProspectID^Score\na^5\n",
        "\ufeffProspectID,Score\na,5\n",
        "\n \nProspectID,Score\n\na,5\n\n",
        "ProspectID,Score\ra,5\r",
        '"ProspectID","Score"\n"a","5"\n',
        # Columns without a name, which spreadsheets add.
        "ProspectID,Score,\na,5,\n",
        "ProspectID,,,Score\na,,,5\n",
    ],
)
def test_csv(write: Write, text: str) -> None:
    assert [*read_rows(str(write("leads.csv", text)))] == [ROW]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_byte_order_mark(tmp_path: Path, encoding: str) -> None:
    """A spreadsheet's "Unicode text" is UTF-16, with tabs."""
    file = tmp_path / "leads.csv"
    file.write_text("ProspectID\tCompany\na\tZürich\n", encoding)

    assert [*read_rows(str(file))] == [{"ProspectID": "a", "Company": "Zürich"}]


INSTEAD = "write that of the field, such as 'mx_Deal_Value'"


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("ProspectID,Score,Score", "the header has 'Score' twice; remove one of the columns"),
        ("Lead Id,Score", "the header: 'Lead Id' is not a schema name; write 'ProspectID'"),
        ("ProspectID, Score", "the header: ' Score' is not a schema name; write 'Score'"),
        (
            "ProspectID,Deal Value",
            f"the header: 'Deal Value' is not a schema name; {INSTEAD}",
        ),
        (
            "ProspectID^Score",
            f"the header: 'ProspectID^Score' is not a schema name; {INSTEAD}",
        ),
        (
            "ProspectID;Company, Ltd",
            (
                "the header: 'ProspectID;Company' is not a schema name; "
                "write one of them: 'ProspectID' or 'Company'"
            ),
        ),
        ("a1b2,5", f"the header: '5' is not a schema name; {INSTEAD}"),
        ("<html>", f"the header: '<html>' is not a schema name; {INSTEAD}"),
        ("ProspectID,", "line 2 has '5' in column 2, which has no name; write one in the header"),
    ],
)
def test_headers_that_hide_a_column(write: Write, header: str, message: str) -> None:
    assert refusal(write("leads.csv", f"{header}\na,5\n")) == message


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    for content in ("ProspectID\na\nZoë\n".encode("cp1252"), b"\xff\xfea", b"\x1f\x8b\x08"):
        file.write_bytes(content)

        assert refusal(file).endswith(" is not UTF-8; save it as UTF-8")


def test_the_separator_that_makes_schema_names_counts(write: Write) -> None:
    """Not the one that occurs most often."""
    file = write("leads.csv", 'ProspectID;"Score";Company\na;5;"A,B,C,D"\n')

    assert [*read_rows(str(file))] == [{**ROW, "Company": "A,B,C,D"}]


PAIRS = [{"Attribute": name, "Value": value} for name, value in ROW.items()]


@pytest.mark.parametrize(
    "value",
    [
        [ROW],
        {"RecordCount": 1, "Leads": [ROW]},
        # Leads.Get and Leads.RecentlyModified.
        {"RecordCount": 1, "Leads": [{"LeadPropertyList": PAIRS}]},
        [PAIRS],
    ],
)
def test_responses_of_the_vendor(write: Write, value: Any) -> None:
    assert [*read_rows(str(write("leads.json", json.dumps(value))))] == [ROW]
    lines = value if isinstance(value, list) else value["Leads"]
    text = "\n".join(map(json.dumps, lines))
    assert [*read_rows(str(write("leads.jsonl", text)))] == [ROW]


@pytest.mark.parametrize("row", [7, [], [{"Attribute": "Score"}], {"mx_A": []}, {"mx_A": [1]}])
def test_other_rows_are_as_they_are(write: Write, row: Any) -> None:
    """The mock API says what is wrong with them."""
    assert [*read_rows(str(write("leads.json", json.dumps([row]))))] == [row]


def test_display_names_in_json_are_refused(write: Write) -> None:
    """Also those that only a later lead has."""
    text = json.dumps([{"ProspectID": "a"}, {"ProspectID": "b", "Lead Score": 5}])
    message = "'Lead Score' is not a schema name; write 'Score'"

    assert refusal(write("leads.json", text)) == message
    assert refusal(write("leads.jsonl", '{"prospectid": "a"}')).startswith("'prospectid' differs")


def test_names_in_tables_are_checked(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    openpyxl = pytest.importorskip("openpyxl")
    parquet.write_table(arrow.table({"Lead Id": ["a"]}), tmp_path / "leads.parquet")
    workbook = openpyxl.Workbook()
    for line in ([], ["Leads of May"], ["ProspectID", "Score"], ["a", 5]):
        workbook.active.append(line)
    workbook.save(tmp_path / "leads.xlsx")

    assert "write 'ProspectID'" in refusal(tmp_path / "leads.parquet")
    assert "'Leads of May' is not a schema name" in refusal(tmp_path / "leads.xlsx")


@pytest.fixture(scope="module")
def files_of_rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The same leads in files of each format."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    openpyxl = pytest.importorskip("openpyxl")
    folder = tmp_path_factory.mktemp("rows")
    rows = [{"ProspectID": f"{number}", "Score": number} for number in range(50)]
    (folder / "a.csv").write_text(
        "ProspectID,Score\r\n"
        + "".join(f'{row["ProspectID"]},"{row["Score"]}"\r\n' for row in rows)
    )
    (folder / "a.json").write_text(json.dumps(rows))
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, rows)))
    parquet.write_table(arrow.Table.from_pylist(rows), folder / "a.parquet")
    workbook = openpyxl.Workbook()
    for line in (["ProspectID", "Score"], *([*row.values()] for row in rows)):
        workbook.active.append(line)
    workbook.save(folder / "a.xlsx")
    return {file.suffix: file.read_bytes() for file in folder.iterdir()}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_damaged_files_are_read_or_refused(
    data: st.DataObject, files_of_rows: dict[str, bytes], tmp_path: Path
) -> None:
    suffix = data.draw(st.sampled_from(sorted(files_of_rows)))
    content = bytearray(files_of_rows[suffix])
    start = data.draw(st.integers(0, len(content) - 1))
    content[start : start + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    file = tmp_path / f"leads{suffix}"
    file.write_bytes(content)

    with suppress(ClickException, UsageError):
        list(read_rows(str(file)))


def test_a_number_with_too_many_digits_is_refused(write: Write) -> None:
    text = f'[{{"ProspectID": "a", "Score": {"9" * 5_000}}}]'

    assert (
        refusal(write("leads.json", text)) == " is damaged (ValueError); save it again, or as CSV"
    )


@pytest.mark.parametrize("tz", [None, "Asia/Kolkata", timezone(timedelta(hours=-3, minutes=-30))])
@pytest.mark.parametrize("name", ["leads.xlsx", "leads.csv"])
def test_an_export_for_a_spreadsheet_is_read_back(name: str, tz: Any, tmp_path: Path) -> None:
    """Its times are local, and its header names their zone."""
    emulator = Emulator.demo(20)
    client = Client("api.example.com", "key", "secret", emulator.session())
    query = Leads.select(ProspectID, CreatedOn, LastVisitDate)
    file = tmp_path / name

    client.export(query, file, tz=tz, spreadsheet=name.endswith("csv"))

    again = Client(
        "api.example.com", "key", "secret", Emulator(read_rows(str(file))).session()
    ).run(query)
    assert sorted(map(str, again)) == sorted(map(str, client.run(query)))
    assert None in again["LastVisitDate"]


@pytest.mark.parametrize(
    ("header", "text", "value"),
    [
        ("CreatedOn (UTC)", "2026-01-31 12:00:00", datetime(2026, 1, 31, 12, tzinfo=UTC)),
        ("CreatedOn (Asia/Kolkata)", "unknown", "unknown"),
        ("CreatedOn (Asia/Kolkata)", "2026-01-31 12:00:00+00:00", NOON),
        ("CreatedOn (Asia/Kolkata)", "2026-01-31 17:30:00", NOON),
        ("CreatedOn (+05:30)", "2026-01-31 17:30:00", NOON),
    ],
)
def test_a_column_with_a_time_zone(header: str, text: str, value: object, write: Write) -> None:
    [row] = read_rows(str(write("leads.csv", f"{header},Score\n{text},1\n")))

    assert row["CreatedOn"] == value


@pytest.mark.parametrize("header", ["Amount (INR)", "Created On (UTC)", "CreatedOn (+99:00)"])
def test_a_header_without_a_time_zone(header: str, write: Write) -> None:
    file = write("leads.csv", f"{header},Score\n2026-01-31,1\n")

    assert repr(header) in refusal(file)
