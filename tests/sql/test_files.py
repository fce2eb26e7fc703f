"""`Table` of CSV and Parquet files that differ from each other, or are damaged."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from leadquery import Leads
from leadquery.errors import QueryError
from leadquery.fields import FirstName, LastName, Notes, ProspectID, Score
from leadquery.sql import Table

NAMES = Leads.select(ProspectID, FirstName, LastName)
SCORES = Leads.select(ProspectID, Score)

HEADER = "ProspectID,FirstName,LastName\n"
ROW = "a,Ann,Rao\n"
LEAD = {"ProspectID": "a", "FirstName": "Ann", "LastName": "Rao"}


def written(folder: Path, **texts: str) -> Path:
    """A folder with CSV files of these texts."""
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def rows_of(result: Any) -> list[Any]:
    return sorted(result.rows, key=lambda row: str(row["ProspectID"]))


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("LastName,ProspectID,FirstName\nNg,b,Bo\n", {"LastName": "Ng", "FirstName": "Bo"}),
        ("lastname;PROSPECTID;firstname\nNg;b;Bo\n", {"LastName": "Ng", "FirstName": "Bo"}),
        ("LastName\tProspectID\nNg\tb\n", {"LastName": "Ng", "FirstName": None}),
        ("ProspectID,FirstName,Phone\nb,Bo,1\n", {"LastName": None, "FirstName": "Bo"}),
    ],
)
def test_columns_of_several_csv_files_are_joined_by_name(
    tmp_path: Path, text: str, lead: dict[str, Any]
) -> None:
    written(tmp_path, one=HEADER + ROW, two=text)

    assert rows_of(Table(tmp_path).run(NAMES)) == [LEAD, {"ProspectID": "b", **lead}]
    assert rows_of(Table(f"{tmp_path}/*.csv").run(NAMES)) == [LEAD, {"ProspectID": "b", **lead}]


@pytest.mark.parametrize(
    ("tables", "scores"),
    [
        ([{"Score": [5]}, {"Score": [6.5]}], [5, 6.5]),
        ([{"Score": [5]}, {"Score": ["6.5"]}], [5, 6.5]),
        ([{"Score": pa.nulls(1)}, {"Score": [6.5]}], [None, 6.5]),
        ([{"mx_Own": [1]}, {"Score": [6.5]}], [None, 6.5]),
    ],
)
def test_columns_of_several_parquet_files_keep_their_values(
    tmp_path: Path, tables: list[dict[str, Any]], scores: list[Any]
) -> None:
    for number, table in enumerate(tables):
        columns = {"ProspectID": [str(number)], **table}
        parquet.write_table(pa.table(columns), tmp_path / f"{number}.parquet")

    assert [row["Score"] for row in rows_of(Table(tmp_path).run(SCORES))] == scores


def test_a_folder_with_names_of_all_kinds(tmp_path: Path) -> None:
    folder = tmp_path / "leads [2026]"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.csv", "b.CSV", "c[1].csv", "deep/d.tsv"):
        (folder / name).write_text((HEADER + ROW).replace(",", "\t" if ".tsv" in name else ","))
    (folder / "e.csv.gz").write_bytes(gzip.compress((HEADER + ROW).encode()))

    assert Table(folder).run(NAMES).rows == (LEAD,) * 5
    assert Table(folder / "c[1].csv").run(NAMES).rows == (LEAD,)


def test_files_are_read_as_they_are_at_each_run(tmp_path: Path) -> None:
    table = Table(written(tmp_path, one=HEADER + ROW))
    assert len(table.run(NAMES)) == 1

    written(tmp_path, two=HEADER + ROW)
    assert len(table.run(NAMES)) == 2

    written(tmp_path, three="ProspectID,Score\nz,7\n")
    assert rows_of(table.run(SCORES))[-1] == {"ProspectID": "z", "Score": 7}


@pytest.mark.parametrize(
    "text",
    [
        f"Export of leads\n\n{HEADER}{ROW}",
        f"#exported\n{HEADER}{ROW}",
        f"sep=,\n\n{HEADER}{ROW}",
        f"\n\n{HEADER}{ROW}\n",
        HEADER.replace(",", " , ") + ROW,
        HEADER + ROW.replace("\n", ",\n"),
        (HEADER + ROW).replace(",", "|"),
        (HEADER + ROW).replace("\n", "\r"),
    ],
)
def test_a_csv_file_in_other_forms(tmp_path: Path, text: str) -> None:
    assert Table(written(tmp_path, leads=text)).run(NAMES).rows == (LEAD,)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Notes\nc;d\n", "c;d"),
        ('Notes\n"a ""b"" c"\n', 'a "b" c'),
        ('Notes\n"a \\"b\\" c"\n', 'a "b" c'),
        ('Notes\n"C:\\"\n', "C:\\"),
        ("Notes\n'quoted'\n", "'quoted'"),
    ],
)
def test_text_in_a_csv_file_is_not_taken_apart(tmp_path: Path, text: str, note: str) -> None:
    assert Table(written(tmp_path, leads=text)).run(Leads.select(Notes)).rows == ({"Notes": note},)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEADER}a,Ann,Rao,x\n{ROW}", "line 2 has 4 values, but the header has 3 names"),
        (f"{HEADER}{ROW}a,Ann\n", "line 3 has 2 values, but the header has 3 names"),
        (f'{HEADER}a,Ann,"Rao\n{ROW}b,"Bo, Jr",Ng\n', "a quote in line 2 is not closed"),
        (f"{HEADER}{ROW}".replace("\n", "\r\n", 1) + ROW, "its lines end in two ways; save it"),
        (f"Score,{HEADER}".replace("\n", ",score\n"), "the header has 'score' twice; remove one"),
        ("\n \n", "is empty; write the names of its columns in the first line"),
        ("sep=\nA\n", "'sep=' names no separator; write sep=, or sep=;"),
    ],
)
def test_a_damaged_csv_file_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    """Also for a query that reads no column of it."""
    (tmp_path / "leads.csv").write_bytes(text.encode())

    with pytest.raises(QueryError) as caught:
        Table(tmp_path / "leads.csv").run(Leads.count())

    assert message in str(caught.value)


def test_a_csv_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_bytes(f"{HEADER}a,Zoé,Rao\n".encode("cp1252"))

    with pytest.raises(QueryError, match="it is not UTF-8; save it as UTF-8"):
        Table(tmp_path).run(NAMES)


def test_a_csv_file_without_a_header_beside_others(tmp_path: Path) -> None:
    written(tmp_path, one=HEADER + ROW, two="b,Bo,Ng\n")

    with pytest.raises(QueryError, match=r"has no column of .*one\.csv'; write the names"):
        Table(tmp_path)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame([["a", 5, 6]], columns=["ProspectID", "Score", "Score"]),
        pd.DataFrame({"ProspectID": ["a"], "score": [5], "Score": [6]}),
        pl.DataFrame({"ProspectID": ["a"], "score": [5], "Score": [6]}),
        pa.table([["a"], [5], [6]], names=["ProspectID", "Score", "Score"]),
    ],
    ids=lambda frame: type(frame).__module__.partition(".")[0],
)
def test_a_frame_with_two_columns_of_one_name(frame: Any) -> None:
    with pytest.raises(QueryError, match="has the column 'Score' twice; rename one of them"):
        Table(frame)


def test_a_pattern_without_files(tmp_path: Path) -> None:
    with pytest.raises(QueryError, match="there is no file"):
        Table(f"{tmp_path}/*.csv")
