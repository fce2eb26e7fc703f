"""Results as tables of other libraries, as CSV, JSON and Parquet, and as charts."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, strategies as st
from pyarrow import parquet

from leadquery import Client, Leads, Result
from leadquery.emulator import Emulator
from leadquery.errors import LeadQueryError, MissingDependencyError, QueryError
from leadquery.fields import CreatedOn, DoNotCall, OwnerId, Revenue, Score
from leadquery.result.frames import ColumnType, TypeInference
from leadquery.result.serialize import json_lines, json_row

NOON = datetime(2026, 1, 31, 12, 0, 0, 500_000, timezone.utc)
ROWS: tuple[dict[str, Any], ...] = (
    {"N": 7, "F": 0.5, "T": "a", "B": True, "D": NOON, "X": None, "M": 7},
    {"N": None, "F": None, "T": None, "B": None, "D": None, "X": None, "M": "7.50"},
    {"N": -1, "F": 2, "T": 'ü"\n,', "B": False, "D": NOON, "X": None, "M": NOON},
)
RESULT = Result(ROWS, 30)
PLAIN: tuple[dict[str, Any], ...] = (
    {**ROWS[0], "M": "7"},
    ROWS[1],
    {**ROWS[2], "M": "2026-01-31 12:00:00.5"},
)
"""The rows as a table has them: values of several sorts are texts."""


def client() -> Client:
    """A client of demo leads."""
    return Client("api.example.com", "key", "secret", Emulator.demo(200).session())


def test_to_pandas() -> None:
    """With nullable types."""
    frame = RESULT.to_pandas()

    assert [str(one) for one in frame.dtypes] == [
        "Int64", "Float64", "string", "boolean", "datetime64[us, UTC]", "string", "string",
    ]  # fmt: skip
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    assert rows == list(PLAIN)


def test_to_polars() -> None:
    frame = RESULT.to_polars()

    assert list(frame.schema.values()) == [
        pl.Int64, pl.Float64, pl.String, pl.Boolean, pl.Datetime("us", "UTC"), pl.String, pl.String,
    ]  # fmt: skip
    assert frame.rows(named=True) == list(PLAIN)


def test_to_arrow() -> None:
    table = RESULT.to_arrow()

    assert [str(one) for one in table.schema.types] == [
        "int64", "double", "string", "bool", "timestamp[us, tz=UTC]", "string", "string",
    ]  # fmt: skip
    assert table.to_pylist() == list(PLAIN)


LIBRARIES = ["nanoarrow", "pyarrow", "polars"]


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The only library that makes Arrow streams."""
    for name in LIBRARIES:
        if name != request.param:
            monkeypatch.setitem(sys.modules, name, None)
    return str(request.param)


def stream_table(result: Result) -> pa.Table:
    """What a library reads from the stream of a result."""
    return pa.RecordBatchReader.from_stream(result).read_all()


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("tz", [None, "Asia/Kolkata", timezone(timedelta(hours=-3, minutes=-30))])
def test_the_arrow_stream(tz: Any) -> None:
    """The same table, whichever library makes it."""
    days: list[dict[str, Any]] = [{"Y": date(2026, 2, 1)}, {"Y": None}, {"Y": date(1, 1, 1)}]
    rows = tuple(row | day for row, day in zip(ROWS, days, strict=True))
    result = Result(rows, 30).tz_convert(tz)
    name = tz if isinstance(tz, str) else "UTC"

    table = stream_table(result)

    assert [str(one).replace("string_view", "string") for one in table.schema.types] == [
        "int64", "double", "string", "bool", f"timestamp[us, tz={name}]", "string", "string",
        "date32[day]",
    ]  # fmt: skip
    assert table.to_pylist() == [
        plain | day for plain, day in zip(PLAIN, days, strict=True)
    ]  # fmt: skip


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("result", [Result((), 0, ("A", "B")), Result(({"A": 1},), 1), RESULT[:0]])
def test_small_results_as_streams(result: Result) -> None:
    table = stream_table(result)

    assert (tuple(table.column_names), table.num_rows) == (result.columns, len(result))


CELLS = st.fixed_dictionaries(
    {
        "N": st.none() | st.integers(-(2**63), 2**63 - 1),
        "F": st.none() | st.floats(allow_nan=False),
        "T": st.none() | st.text(),
        "B": st.none() | st.booleans(),
        "D": st.none() | st.datetimes(timezones=st.just(timezone.utc)),
        "Y": st.none() | st.dates(),
        "M": st.none() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates(),
    }
)


@given(st.lists(CELLS, max_size=4))
def test_the_stream_of_any_rows(rows: list[dict[str, Any]]) -> None:
    """By nanoarrow, as by pyarrow."""
    result = Result(tuple(rows), len(rows), ("N", "F"))

    assert stream_table(result) == result.to_arrow()


def test_libraries_take_a_result_as_a_table() -> None:
    """As if it were one of their own."""
    result = client().run(Leads.select(Score, CreatedOn), tz="Asia/Kolkata")

    summed = duckdb.sql("select count(*), sum(Score) from result")
    assert summed is not None
    assert summed.fetchall() == [(200, sum(filter(None, result["Score"])))]
    assert pl.DataFrame(result).equals(result.to_polars())
    assert pa.table(result) == result.to_arrow()
    assert pd.DataFrame.from_arrow(result).shape == (200, 2)


def test_duckdb_and_polars_need_no_pyarrow() -> None:
    """In a new process, where nothing has loaded it."""
    code = """
import sys
sys.modules["pyarrow"] = None
import duckdb, polars
from leadquery import Result
result = Result(({"A": 1}, {"A": 2}), 2)
print(duckdb.sql("select sum(A) from result").fetchall(), polars.DataFrame(result)["A"].sum())
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout == "[(3,)] 3\n"


def test_streams_without_a_library(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in LIBRARIES:
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(MissingDependencyError) as caught:
        RESULT.__arrow_c_stream__()

    assert str(caught.value) == (
        "a table by the Arrow C stream needs nanoarrow or pyarrow or polars, which is not "
        "installed; run pip install 'leadquery[arrow]'"
    )


@pytest.mark.parametrize("turn", ["to_pandas", "to_polars", "to_arrow"])
def test_a_clients_result_as_a_table(turn: str) -> None:
    """Columns without a value have the type of their field."""
    query = Leads.select(Score, CreatedOn, DoNotCall, Revenue, "mx_Nowhere")

    some = getattr(client().run(query), turn)()
    none = getattr(client().run(query.where(Score > 10**6)), turn)()

    assert (some.shape, none.shape) == ((200, 5), (0, 5))
    schemas = [str(getattr(one, "schema", getattr(one, "dtypes", None))).lower() for one in (none,)]
    assert all(name in schemas[0] for name in ("float", "bool", "date", "str")) or (
        turn == "to_arrow" and all(name in schemas[0] for name in ("double", "bool", "timestamp"))
    )


def test_groups_without_rows_hold_numbers() -> None:
    """Counts are integers and averages are floats."""
    query = Leads.group_by("ProspectStage").average(Score)
    some, none = client().run(query), client().run(query.where(Score > 10**6))

    assert none.to_polars().schema == some.to_polars().schema
    assert none.to_arrow().schema == some.to_arrow().schema


@pytest.mark.parametrize(
    ("values", "dtype"),
    [
        ([2**63 - 1, -(2**63)], "Int64"),
        ([2**63], "string"),
        ([2**63, 0.5], "string"),
        ([2**53, 0.5], "Float64"),
        ([2**53 + 1, 0.5], "string"),
        ([-(2**53) - 1, 0.5], "string"),
        ([2**53 + 1, 7], "Int64"),
        ([1, 0.5], "Float64"),
        ([True, 1], "string"),
        ([["a"], {"b": None}], "string"),
        ([], "string"),
    ],
)
def test_the_type_of_a_column(values: list[Any], dtype: str) -> None:
    """Numbers that the type of their column would not hold exactly become text."""
    result = Result(tuple({"A": value} for value in values), len(values), ("A",))

    frame = result.to_pandas()

    assert (str(frame.dtypes["A"]), len(frame)) == (dtype, len(values))
    if dtype in ("string", "Int64") and values and type(values[0]) is int:
        assert list(frame["A"]) == (list(map(str, values)) if dtype == "string" else values)


@pytest.mark.parametrize("value", ["a\ud800", ["a", "\udfff"]])
@pytest.mark.parametrize(
    "convert",
    [
        Result.to_csv,
        Result.to_json,
        Result.to_arrow,
        Result.to_pandas,
        Result.to_polars,
        lambda result: result.to_csv(spreadsheet=True),
    ],
)
def test_half_of_a_surrogate_pair_is_an_error(
    convert: Callable[[Result], object], value: object
) -> None:
    """It names the row. Lists in a table or in CSV are JSON, which escapes it."""
    result = Result(({"A": "é"}, {"A": value}), 2)
    if isinstance(value, list) and convert is not Result.to_json:
        convert(result)
        return

    with pytest.raises(QueryError) as caught:
        convert(result)

    assert str(caught.value) == (
        f"row 2, 'A': {value!r} has half of a surrogate pair, which UTF-8 cannot encode; "
        "correct the lead, or leave the field out"
    )


def test_csv_for_spreadsheets() -> None:
    """Text that a spreadsheet would run gets an apostrophe; numbers do not."""
    texts = ["=1+1", "+91 98", "-x", "@SUM(A1)", "\tx", "\rx", "\uff1d1", "a=1", "", "'"]
    result = Result(({"=N": -1, **{f"T{n}": text for n, text in enumerate(texts)}, "M": None},), 1)

    text = result.to_csv(spreadsheet=True)
    plain = result.to_csv()

    assert text.startswith("\ufeff'=N,T0,")
    assert next(csv.reader(StringIO(text.split("\n", 1)[1], newline=""))) == [
        "-1", "'=1+1", "'+91 98", "'-x", "'@SUM(A1)", "'\tx", "'\rx", "'\uff1d1", "a=1", "", "'",
        "",
    ]  # fmt: skip
    assert next(csv.reader(StringIO(plain.split("\n", 1)[1], newline=""))) == ["-1", *texts, ""]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=1+1", "a;'=1+1"),
        ("a\t=1", "a\t'=1"),
        ("a\n=1\r\n-1", "a\n'=1\r\n'-1"),
        ('a;"=1"', 'a;"\'=1"'),
        ('a;""=1', 'a;""\'=1'),
        ('"=1"', '"\'=1"'),
        ("  =1", "  '=1"),
        ("\u200b\ufeff\x00=1", "\u200b\ufeff\x00'=1"),
        ("a; \t =1", "a; \t '=1"),
        ("\t=1", "'\t'=1"),
        ("a;\uff1d1;\uff0b1;\uff0d1;\uff201", "a;'\uff1d1;'\uff0b1;'\uff0d1;'\uff201"),
        ("a - b, -c", "a - b, -c"),
        ("a@example.com; b", "a@example.com; b"),
    ],
)
def test_no_part_of_a_cell_is_run(text: str, cell: str) -> None:
    """Also where the separator is a semicolon, so that quotes do not keep a cell together."""
    content = Result(({"A": "1", "B": text},), 1).to_csv(spreadsheet=True)

    assert next(csv.reader(StringIO(content.split("\n", 1)[1], newline=""))) == ["1", cell]


@given(
    text=st.text(st.sampled_from(" ;\t\r\n\"'=-+@\uff1da1\ufeff"), max_size=12),
    separator=st.sampled_from(",;\t"),
)
def test_no_cell_is_run_with_any_separator(text: str, separator: str) -> None:
    content = Result(({"A": text, "B": text, "C": [text]},), 1).to_csv(spreadsheet=True)

    for cells in csv.reader(StringIO(content, newline=""), delimiter=separator):
        for cell in cells:
            assert cell.strip(' \r\n\t"\ufeff')[:1] not in tuple("=-+@\uff1d"), cell


def test_cells_of_blanks_are_defused_in_linear_time() -> None:
    text = "\n" * 200_000 + "a=1"

    assert Result(({"A": text},), 1).to_csv(spreadsheet=True).endswith('a=1"\r\n')


def test_to_csv() -> None:
    """In the API's format."""
    assert RESULT.to_csv() == (
        "N,F,T,B,D,X,M\r\n"
        "7,0.5,a,1,2026-01-31 12:00:00.5,,7\r\n"
        ",,,,,,7.50\r\n"
        '-1,2,"ü""\n,",0,2026-01-31 12:00:00.5,,2026-01-31 12:00:00.5\r\n'
    )
    assert Result((), 0, ("A", "B")).to_csv() == "A,B\r\n"


def test_csv_is_written_as_received() -> None:
    query = Leads.select("ProspectID", Score, CreatedOn, DoNotCall, "mx_City").page(1, 40)
    file, asking = StringIO(), client()

    asking.csv(query, file)

    assert asking.run(query).to_csv() == file.getvalue()


def test_to_json() -> None:
    """Dates in ISO 8601, no NaN or infinity."""
    assert json.loads(RESULT.to_json())[0] == {
        **ROWS[0], "D": "2026-01-31T12:00:00.500000+00:00",
    }  # fmt: skip
    assert RESULT[1:2].to_json(indent=1).startswith('[\n {\n  "N": null,')
    assert Result(({"A": float("nan"), "B": float("inf"), "C": "ü"},), 1).to_json() == (
        '[{"A": null, "B": null, "C": "ü"}]'
    )
    assert Result((), 0).to_json() == "[]"


def test_to_parquet(tmp_path: Path) -> None:
    """It round-trips."""
    RESULT.to_parquet(tmp_path / "leads.parquet")
    open_file = BytesIO()
    RESULT.to_parquet(open_file)

    assert parquet.read_table(tmp_path / "leads.parquet") == RESULT.to_arrow()
    assert parquet.read_table(pa.BufferReader(open_file.getvalue())) == RESULT.to_arrow()


@given(
    st.lists(st.fixed_dictionaries({"A": st.text(), "B": st.none() | st.integers()}), min_size=1)
)
def test_csv_is_read_back(rows: list[dict[str, Any]]) -> None:
    """Whatever its texts."""
    text = Result(tuple(rows), len(rows)).to_csv()

    assert list(csv.DictReader(StringIO(text, newline=""))) == [
        {"A": row["A"], "B": "" if row["B"] is None else str(row["B"])} for row in rows
    ]


VALUES = st.one_of(
    st.none() | st.booleans() | st.integers() | st.floats() | st.datetimes() | st.dates(),
    st.text() | st.sampled_from(["}, {", "}\n{", [{}, {}], {"a": [{"b": 1}, {"b": "}, {"}]}]),
)


@given(st.lists(st.dictionaries(st.text() | st.just("}, {"), VALUES, max_size=3)))
def test_lines_of_json_are_those_of_each_row(rows: list[dict[str, Any]]) -> None:
    """Whatever looks like the end of a row."""
    lines = (json.dumps(json_row(row), ensure_ascii=False) for row in rows)

    assert json_lines(rows) == "".join(f"{line}\n" for line in lines).encode()


@pytest.mark.parametrize("make", [BytesIO, StringIO, SpooledTemporaryFile])
def test_files_that_are_open(make: Any) -> None:
    """Binary or text; they stay open."""
    with make() as file:
        assert RESULT.to_csv(file) is None
        file.seek(0)
        written = file.read()

    assert (written if isinstance(written, str) else written.decode()) == RESULT.to_csv()


def test_a_path_is_replaced_atomically(tmp_path: Path) -> None:
    """A failed write keeps the old file with its mode, and leaves no temporary file."""
    file = tmp_path / "leads.json"
    file.write_text("before")
    file.chmod(0o640)
    link = tmp_path / "link.json"
    link.symlink_to(file)

    with pytest.raises(TypeError):
        Result(({"A": object()},), 1).to_json(link)
    assert file.read_text() == "before"

    RESULT.to_json(link)
    assert (file.read_text("utf-8"), file.stat().st_mode & 0o777) == (RESULT.to_json(), 0o640)
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [file, link]


WRITERS = {
    ".csv": ("to_csv", "result.to_csv"),
    ".json": ("to_json", "result.to_json"),
    ".jsonl": (None, "client.export"),
    ".parquet": ("to_parquet", "result.to_parquet"),
    ".xlsx": ("to_excel", "result.to_excel"),
}


@pytest.mark.parametrize(
    ("method", "suffix", "other"),
    [
        (method, suffix, other)
        for suffix, (method, _) in WRITERS.items()
        for other in WRITERS
        if method and other != suffix
    ],
)
def test_a_file_of_another_format_is_refused(
    method: str, suffix: str, other: str, tmp_path: Path
) -> None:
    """The error names the method that writes it."""
    file = tmp_path / f"leads{other.upper()}"
    file.write_text("before")
    call = WRITERS[other][1]

    with pytest.raises(QueryError, match=rf"a {suffix} file, .* write {call}\(.*{file.name}"):
        getattr(RESULT, method)(file)

    assert file.read_text() == "before"


def test_a_compressed_file_is_refused(tmp_path: Path) -> None:
    """As nothing would compress it."""
    with pytest.raises(QueryError, match=r"ends with \.gz; leave \.gz out"):
        RESULT.to_csv(tmp_path / "leads.csv.gz")

    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("method", ["to_csv", "to_json", "to_parquet", "to_excel"])
@pytest.mark.parametrize("name", ["leads", "leads.txt", "a.csv.tmp"])
def test_a_file_of_an_unknown_format_is_written(method: str, name: str, tmp_path: Path) -> None:
    getattr(RESULT[:1], method)(str(tmp_path / name))

    assert (tmp_path / name).stat().st_size


def test_a_pipe_is_written_directly() -> None:
    """It cannot be replaced."""
    RESULT.to_csv(os.devnull)
    assert not Path(os.devnull).is_file()

    code = "from leadquery import Result; Result(({'A': 1},), 1).to_csv('/dev/stdout')"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)

    assert ran.stdout == b"A\r\n1\r\n"


def test_a_slice_is_a_result() -> None:
    """With the same total."""
    part = RESULT[1:]

    assert (list(part), part.total) == (list(ROWS[1:]), 30)
    assert RESULT[-1] == ROWS[-1]


def test_repr_has_the_number_of_rows() -> None:
    assert repr(RESULT) == "<Result: 3 of 30 rows, 7 columns>"


METHODS = {
    "to_pandas": ("pandas", "pandas", ()),
    "to_polars": ("polars", "polars", ()),
    "to_arrow": ("pyarrow", "pyarrow", ()),
    "to_parquet": ("pyarrow", "'leadquery[parquet]'", ("leads.parquet",)),
    "plot": ("matplotlib", "'leadquery[plot]'", ()),
}


@pytest.mark.parametrize("method", METHODS)
def test_a_library_that_is_not_installed(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says what to install."""
    name, installed, more = METHODS[method]
    for loaded in [one for one in sys.modules if one.partition(".")[0] == name]:
        monkeypatch.delitem(sys.modules, loaded)
    monkeypatch.setitem(sys.modules, name, None)
    result = Result(({"A": "a", "Count": 1},), 1, grouped=True)

    with pytest.raises(MissingDependencyError) as caught:
        getattr(result, method)(*more)

    assert str(caught.value) == (
        f"{method}() needs {name}, which is not installed; run pip install {installed}"
    )
    assert isinstance(caught.value, (LeadQueryError, ImportError))


def test_errors_of_a_broken_library_pass_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "polars.py").write_text("import a_part_that_is_missing")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "polars")

    with pytest.raises(ModuleNotFoundError) as caught:
        RESULT.to_polars()

    assert caught.value.name == "a_part_that_is_missing"


GROUPS = Result(
    (
        {"OwnerId": "$a_1$ " + "x" * 50, "Count": 1200, "Average_Score": 9.944},
        {"OwnerId": None, "Count": 300, "Average_Score": None},
        {"OwnerId": NOON, "Count": 0, "Average_Score": -4.5},
    ),
    3,
    grouped=True,
)


def test_groups_as_a_chart() -> None:
    """A bar for each, the first on top, with its number beside it."""
    figure = GROUPS.plot()
    (axes,) = figure.axes

    assert [tick.get_text() for tick in axes.get_yticklabels()] == [
        rf"\$a_1\$ {'x' * 33}…",
        "(no data)",
        "2026-01-31 12:00:00.5",
    ]
    assert [bar.get_width() for bar in axes.patches] == [9.944, 0, -4.5]  # type: ignore[attr-defined]
    assert [text.get_text() for text in axes.texts] == ["9.94", "", "-4.50"]
    assert axes.yaxis_inverted()
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == (
        "Average_Score",
        "OwnerId",
        "Average_Score per OwnerId",
    )


def test_a_chart_of_another_column() -> None:
    """Drawn to a file without a window."""
    file = BytesIO()

    figure = GROUPS.plot("Count")
    figure.savefig(file)

    assert figure.axes[0].get_xlabel() == "Count"
    assert [text.get_text() for text in figure.axes[0].texts] == ["1,200", "300", "0"]
    assert file.getvalue().startswith(b"\x89PNG")


def test_a_chart_of_many_groups() -> None:
    """The first fifty, as the title says."""
    groups = tuple({"OwnerId": f"{n}", "Count": n} for n in range(1_200))

    axes = Result(groups, 1_200, grouped=True).plot().axes[0]

    assert len(axes.patches) == 50
    assert axes.get_title() == "Count per OwnerId (the first 50 of 1,200)"


@pytest.mark.parametrize(
    ("result", "column", "message"),
    [
        (
            RESULT,
            None,
            (
                "plot() draws the groups of an aggregate; "
                "write group_by(...) and count(), average(...), sum(...) or aggregate(...)"
            ),
        ),
        (
            GROUPS,
            "Sum_Score",
            "'Sum_Score' is not a column of numbers; write one of 'Count', 'Average_Score'",
        ),
        (
            Result((), 0, ("OwnerId", "Count"), grouped=True),
            None,
            "the result has no numbers to plot",
        ),
    ],
)
def test_results_that_cannot_be_plotted(result: Result, column: str | None, message: str) -> None:
    """The message says what can."""
    with pytest.raises(QueryError) as caught:
        result.plot(column)

    assert str(caught.value) == message


def test_a_chart_of_a_clients_result() -> None:
    result = client().run(Leads.group_by(OwnerId).average(Score))

    assert len(result.plot().axes[0].patches) == len(result)


def test_a_column_missing_from_some_rows() -> None:
    """It is empty there."""
    result = Result(({"A": 1}, {"A": 2, "B": 3}), 2)

    assert result.to_polars().rows() == [(1, None), (2, 3)]
    assert result.to_csv() == "A,B\r\n1,\r\n2,3\r\n"


def test_columns_that_appear_late() -> None:
    """In rows that come one by one."""
    columns = TypeInference(("A", "B"), {"B": ColumnType.BOOLEAN})
    columns.observe([{"A": 1}, {"A": None, "X": 0.5}])

    assert columns.types == {
        "A": ColumnType.INTEGER,
        "B": ColumnType.BOOLEAN,
        "X": ColumnType.NUMBER,
    }


def test_a_frame_without_columns() -> None:
    """It has rows."""
    assert pd.DataFrame(Result(({}, {}), 2).to_pandas()).shape == (2, 0)


def test_dates_of_periods() -> None:
    """A day has no time, in any form."""
    day = date(2026, 1, 1)
    result = Result(({"CreatedOn_month": day, "Count": 2},), 1, grouped=True)

    assert result.to_json() == '[{"CreatedOn_month": "2026-01-01", "Count": 2}]'
    assert result.to_csv() == "CreatedOn_month,Count\r\n2026-01-01,2\r\n"
    assert str(result.to_pandas().dtypes["CreatedOn_month"]) == "datetime64[us]"
    assert str(result.to_arrow().schema.field("CreatedOn_month").type) == "date32[day]"
    assert result.to_polars()["CreatedOn_month"].to_list() == [day]
