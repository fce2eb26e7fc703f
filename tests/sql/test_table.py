"""What a table reads: files, folders, DataFrames and connections, and what it refuses."""

from __future__ import annotations

import sqlite3
import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from leadquery import Client, Leads, Query, count, periods, users
from leadquery.emulator import Emulator
from leadquery.emulator.demo import demo_fields, demo_leads, demo_users
from leadquery.errors import MissingDependencyError, QueryError, UnsupportedQueryError
from leadquery.fields import (
    Boolean,
    CreatedOn,
    DoNotCall,
    Field,
    Number,
    OwnerId,
    OwnerIdName,
    Phone,
    ProspectID,
    ProspectStage,
    Score,
    Source,
    Text,
)
from leadquery.sql import Table

NOW = datetime(2026, 6, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def client() -> Client:
    emulator = Emulator(demo_leads(300, 1, NOW), demo_users(1), demo_fields())
    return Client("demo.example.com", "key", "secret", emulator.session())


@pytest.fixture(scope="module")
def exported(client: Client, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All leads, as `leadquery export` writes them in both formats."""
    folder = tmp_path_factory.mktemp("exported")
    columns = (
        *(ProspectID, OwnerId, ProspectStage, Source, Score, Phone, CreatedOn),
        *("DoNotCall", "EngagementScore", "mx_City"),
    )
    for name in ("leads.parquet", "leads.csv"):
        client.export(Leads.select(*columns), folder / name)
    return folder


def owners() -> pd.DataFrame:
    return pd.DataFrame(demo_users(1))


QUERIES: list[Query[Any]] = [
    Leads.group_by(ProspectStage).count(),
    Leads.group_by(OwnerId).average("EngagementScore"),
    Leads.where(Score > 50).select(ProspectID, Score, CreatedOn, DoNotCall, Phone),
    Leads.group_by(CreatedOn.month()).count().order_by(CreatedOn.month()),
    Leads.group_by(OwnerId).count().with_owner_names().order_by(count().desc()),
    Leads.owned_by(users.Role == "Sales_User").group_by(OwnerId).count(),
    Leads.group_by(DoNotCall).aggregate(count(), CreatedOn.max(), Score.median()),
]


def rows_of(result: Any) -> list[str]:
    """Rows in any order. Whole numbers may be int or float."""
    return sorted(
        repr({k: float(v) if type(v) is int else v for k, v in row.items()}) for row in result
    )


@pytest.mark.parametrize("name", ["leads.parquet", "leads.csv"])
@pytest.mark.parametrize("query", QUERIES, ids=repr)
def test_a_file_gives_the_rows_of_the_client(
    client: Client, exported: Path, name: str, query: Query[Any]
) -> None:
    found = Table(exported / name, users=owners()).run(query)
    expected = client.run(query)

    assert rows_of(found) == rows_of(expected)
    assert found.columns == expected.columns
    assert found.grouped == expected.grouped
    assert found.to_arrow().schema.names == expected.to_arrow().schema.names


LEADS = {"ProspectID": ["1", "2", "3"], "Score": [1.0, 5.0, None], "Source": ["Web", "", None]}
HIGH = Leads.where(Score > 2).select(ProspectID, Score, Source)


@pytest.mark.parametrize(
    "data",
    [
        pd.DataFrame(LEADS),
        pl.DataFrame(LEADS),
        pl.DataFrame(LEADS | {"Score": [1.0, 5.0, float("nan")]}),
        pa.table(LEADS),
    ],
    ids=lambda data: type(data).__module__.partition(".")[0],
)
def test_a_frame(data: Any) -> None:
    table = Table(data)

    assert table.run(HIGH).rows == ({"ProspectID": "2", "Score": 5, "Source": None},)
    assert len(table.run(Leads.where(Score.has_no_data()).select(ProspectID))) == 1


INFINITE = {**LEADS, "Score": [float("inf"), 5.0, float("-inf")]}


def frames_of(folder: Path) -> Iterator[Any]:
    yield from (pd.DataFrame(INFINITE), pl.DataFrame(INFINITE), pa.table(INFINITE))
    yield pd.DataFrame(INFINITE).astype({"Score": "float32"})
    pl.DataFrame(INFINITE).write_parquet(folder / "leads.parquet")
    pl.DataFrame(INFINITE).write_csv(folder / "leads.csv")
    yield from (folder / "leads.parquet", folder / "leads.csv")


@pytest.mark.filterwarnings("ignore:the column 'Score' has")
def test_infinite_numbers_are_no_data(tmp_path: Path) -> None:
    """In a DataFrame as in text."""
    for data in frames_of(tmp_path):
        table = Table(data)
        assert table.run(HIGH).rows == ({"ProspectID": "2", "Score": 5, "Source": None},)
        assert len(table.run(Leads.where(Score.has_no_data()).select(ProspectID))) == 2
        total = table.run(Leads.aggregate(Score.sum(), Score.min(), Score.max()))
        assert total.rows == ({"Sum_Score": 5, "Min_Score": 5, "Max_Score": 5},)


def test_a_text_has_one_spelling_in_all_groups() -> None:
    rows = {"Source": ["web", "Web", "WEBSITE"], "mx_City": ["Delhi", "Pune", "Pune"]}
    table = Table(pd.DataFrame(rows))

    found = table.run(Leads.group_by("mx_City", Source).count())
    assert sorted(row["Source"] for row in found) == ["WEBSITE", "Web", "Web"]


UNREAD = {
    "ProspectID": ["1", "2", "3"],
    "Score": ["n/a", "many", "3"],
    "DoNotCall": ["Yes", "1", None],
}


@pytest.mark.parametrize("column", [["31/01/2026", "", "2026-02-01"], [None, "soon", "2026-02-01"]])
def test_text_that_is_read_as_no_data(column: list[str | None]) -> None:
    """One warning for each column of a table that the query asks about."""
    table = Table(pd.DataFrame(UNREAD | {"When": column}), columns={"CreatedOn": "When"})
    example = next(text for text in column if text)

    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        result = table.run(Leads.created_in(periods.month(2026, 2)).count())
        table.run(Leads.created_since("2026-01-01").where(ProspectID != "x").count())
        table.run(Leads.select(Score, DoNotCall))
    assert result.rows == ({"Count": 1},)
    dates, numbers, boxes = [str(one.message) for one in warned]
    assert dates == (
        f"the column 'When' has a value that CreatedOn cannot read, {example!r}, "
        "which counts as no data; write dates as YYYY-MM-DD HH:MM:SS, in UTC"
    )
    assert numbers.endswith(
        "2 values that Score cannot read, such as 'many', which count as no data; "
        "write numbers as 1030 or 10.5"
    )
    assert boxes.endswith("'Yes', which counts as no data; write 1 or 0, or true or false")


def test_a_folder_and_a_pattern(tmp_path: Path) -> None:
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        pd.DataFrame(LEADS).to_parquet(tmp_path / str(number) / "part.parquet")

    assert Table(tmp_path).run(Leads.count()).rows == ({"Count": 6},)
    assert Table(f"{tmp_path}/1/*.parquet").run(Leads.count()).rows == ({"Count": 3},)


def test_text_in_a_file_keeps_its_form(tmp_path: Path) -> None:
    """Phone numbers keep their zeros; text that is no number or date counts as no data."""
    file = tmp_path / "leads.csv"
    file.write_text(
        "ProspectID,Phone,Score,CreatedOn\n1,0123,5,2026-01-31 23:59:59.5\n2,0456,many,soon\n"
    )
    table = Table(file)

    with pytest.warns(UserWarning, match="which counts as no data"):
        listed = table.run(Leads.select(ProspectID, Phone, Score, CreatedOn).order_by(ProspectID))

    moment = datetime(2026, 1, 31, 23, 59, 59, 500_000, tzinfo=UTC)
    assert listed[0] == {"ProspectID": "1", "Phone": "0123", "Score": 5, "CreatedOn": moment}
    assert listed[1]["Score"] is listed[1]["CreatedOn"] is None
    assert table.run(Leads.group_by(CreatedOn.day()).count())[0]["CreatedOn_day"] == date(
        2026, 1, 31
    )
    assert table.run(Leads.where(Score.has_no_data()).count())[0]["Count"] == 1


@pytest.mark.parametrize(
    ("values", "condition", "found"),
    [
        (["1", "1.0", "02"], Field("mx_Own") == "1", 2),
        (["1", "1.0", "x"], Field("mx_Own") == "1", 1),
        ([1, 1, 2], Field("mx_Own") == "1", 2),
        ([True, False, None], Field("mx_Own") == "1", 1),
        ([True, False, None], Field("mx_Own") != "x", 2),
        ([True, False, None], Field("mx_Own") >= "1", 1),
        ([True, False, None], Field("mx_Own") > "1", 0),
        (["2026-01-01", "2026-01-02", None], Field("mx_Own") < "2026-01-02", 1),
        ([datetime(2026, 1, 1), datetime(2026, 1, 2), None], Field("mx_Own") < "2026-01-02", 1),
        ([date(2026, 1, 1), date(2026, 1, 2), None], Field("mx_Own") >= "2026-01-02", 1),
        ([7.5, 75.0, None], Field("mx_Own").contains("7"), 2),
        ([12, 21, 3], Text("mx_Own") == "12", 1),
        ([12, 21, 3], Text("mx_Own").has_data(), 3),
        ([12, None, 3], Text("mx_Own").has_no_data(), 1),
        ([12, 21, 3], Text("mx_Own") != "12", 2),
        (["b", "a", ""], Field("mx_Own") < "b", 1),
        (["b", "a", ""], Field("mx_Own") > "a", 1),
        ([True, False, None], Number("mx_Own") > 0, 1),
        ([date(2026, 1, 1), None, None], Number("mx_Own").has_data(), 0),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_field_compares_as_its_column(values: list[Any], condition: Any, found: int) -> None:
    table = Table(pa.table({"ProspectID": ["1", "2", "3"], "mx_Own": values}))

    assert len(table.run(Leads.where(condition).select(ProspectID))) == found


def test_a_connection_to_duckdb() -> None:
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA crm")
    connection.execute("CREATE TABLE crm.leads (ProspectID UUID, engagement DECIMAL(9, 2))")
    connection.execute("INSERT INTO crm.leads VALUES ('8c5d1b5e-0000-4000-8000-000000000000', 1.5)")
    table = Table(connection, "crm.leads", columns={"EngagementScore": "engagement"})

    rows = table.run(Leads.select(ProspectID, "EngagementScore")).rows

    assert rows == (
        {"ProspectID": str(UUID("8c5d1b5e-0000-4000-8000-000000000000")), "EngagementScore": 1.5},
    )
    assert repr(table) == "<Table: crm.leads in duckdb>"
    assert "engagement" in table.to_sql(Leads.select("EngagementScore"))


def test_names_of_owners_are_added_to_a_list() -> None:
    leads = pa.table({"ProspectID": ["1", "2"], "OwnerId": ["U1", "x"]})
    people = pa.table(
        {"UserId": ["u1", "u2"], "FirstName": [" Ann ", None], "LastName": ["B", "C"]}
    )
    table = Table(leads, users=people)

    rows = table.run(Leads.select(ProspectID, OwnerId).with_owner_names().order_by(ProspectID)).rows

    assert [row[OwnerIdName.name] for row in rows] == ["Ann B", None]


def test_ids_of_owners_need_no_users() -> None:
    table = Table(pa.table({"ProspectID": ["1", "2", "3"], "OwnerId": ["A-1", "b-2", None]}))
    owned = Leads.owned_by("a-1", "c-3")

    assert len(table.run(owned.select(ProspectID))) == 1
    assert len(table.run(Leads.where(~(users.UserID == "a-1")).select(ProspectID))) == 2


def sqlite_leads() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE leads (ProspectID TEXT, EngagementScore REAL, Source TEXT)")
    return connection


class Unknown:
    def cursor(self) -> None: ...


class Pool:
    def raw_connection(self) -> None: ...


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Table("leads.xlsx"),
            "there is no file 'leads.xlsx'; name a .parquet or .csv file, or a folder",
        ),
        (
            lambda: Table(__file__),
            (
                f"{__file__!r} is neither Parquet nor CSV; name a .parquet or .csv file, or a "
                f"folder "
                "of those"
            ),
        ),
        (
            lambda: Table(pd.DataFrame(), "leads"),
            "a file or a DataFrame has no table; leave table= out",
        ),
        (
            lambda: Table(pd.DataFrame(), dialect="duckdb"),
            "a file or a DataFrame has no dialect; leave dialect= out",
        ),
        (
            lambda: Table([{"Score": 5}]),
            (
                "Table takes a file, a DataFrame or a connection; write "
                "Table(pandas.DataFrame(rows)), "
                "or Emulator(rows), which answers from a list"
            ),
        ),
        (
            lambda: Table(Pool()),
            "Table takes a connection of the DB-API; write engine.raw_connection()",
        ),
        (
            lambda: Table(5),
            (
                "Table takes a file, a DataFrame, a connection of the DB-API or a SparkSession, "
                "not int"
            ),
        ),
        (
            lambda: Table(Unknown()),
            (
                f"the dialect of a connection of {Unknown.__module__.partition('.')[0]} is not "
                f"known; "
                "write dialect='postgres', or another"
            ),
        ),
        (
            lambda: Table(sqlite_leads(), dialect="postgre"),
            (
                "'postgre' is not a dialect of SQL that queries are written in; "
                "did you mean 'postgres'?"
            ),
        ),
        (
            lambda: Table(sqlite_leads(), dialect="x"),
            (
                "'x' is not a dialect of SQL that queries are written in; write one of "
                "duckdb, sqlite, "
                "postgres, mysql, bigquery, snowflake, redshift, databricks, spark, trino, "
                "clickhouse, "
                "tsql, oracle"
            ),
        ),
        (
            lambda: Table(sqlite_leads(), dialect=5),  # type: ignore[arg-type]
            "a dialect is text such as 'postgres', not 5",
        ),
        (
            lambda: Table(sqlite_leads(), 5),  # type: ignore[arg-type]
            "table= takes the name of a table such as 'crm.leads', not 5",
        ),
        (
            lambda: Table(sqlite_leads(), columns=[Score]),  # type: ignore[arg-type]
            (
                "columns= takes a dict of fields and columns, not [Score]; "
                "write columns={'EngagementScore': 'engagement'}"
            ),
        ),
        (
            lambda: Table(sqlite_leads(), columns={"Score": ""}),
            (
                "columns= has 'Score': ''; write the schema name of a field, and the name of its "
                "column, as in columns={'EngagementScore': 'engagement'}"
            ),
        ),
    ],
)
def test_data_that_is_no_table(make: Callable[[], object], message: str) -> None:
    with pytest.raises(QueryError) as caught:
        make()

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            Leads.where(Field("EngagementScor") > 5).select("ProspectID"),
            (
                "the table 'leads' has no column 'EngagementScor'; the nearest is "
                "'EngagementScore'; "
                "write columns={'EngagementScor': 'EngagementScore'} if it has another name"
            ),
        ),
        (
            Leads.select("Phone"),
            (
                "the table 'leads' has no column 'Phone'; it has ProspectID, EngagementScore, "
                "Source; "
                "write columns={'Phone': '...'} if it has another name"
            ),
        ),
        (Leads, "the query has no output yet; add select(...), or group_by(...) and count()"),
        (
            Leads.group_by(Source),
            "the query has no output yet; add count(), average(...), sum(...) or aggregate(...)",
        ),
        (5, "run takes a query such as Leads.select('Phone'), not 5"),
        (
            Leads.owned_by(users.Role == "x").select("ProspectID"),
            (
                "the table 'leads' has no column 'OwnerId'; "
                "it has ProspectID, EngagementScore, Source; write columns={'OwnerId': '...'} "
                "if it has another name"
            ),
        ),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_a_query_that_the_table_cannot_answer(query: Any, message: str) -> None:
    with pytest.raises(QueryError) as caught:
        Table(sqlite_leads()).run(query)

    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("connect", "reason"),
    [
        (sqlite_leads, ""),
        (duckdb.connect, ": Catalog Error: Table with name users does not exist!"),
    ],
)
def test_a_table_that_is_not_there(connect: Callable[[], Any], reason: str) -> None:
    with pytest.raises(QueryError) as caught:
        Table(connect(), "users").run(Leads.count())

    assert str(caught.value) == (
        f"there is no table 'users' to read{reason}; write its name, as in "
        "Table(connection, 'crm.leads')"
    )


def test_an_operator_on_users_that_nobody_has_documented() -> None:
    table = Table(pa.table({"OwnerId": ["a"]}), users=pa.table({"UserID": ["a"], "Role": ["b"]}))
    query = Leads.owned_by(users.Role.matches("sw", "Sales")).select(OwnerId)

    with pytest.raises(UnsupportedQueryError) as caught:
        table.run(query)

    assert str(caught.value) == (
        'users.Role.matches("sw", "Sales") has no SQL, because no documentation says what the '
        'operator finds; write users.Role.contains("Sales"), or == or .is_in()'
    )


@pytest.mark.parametrize("name", ["leads.db", "leads.duckdb"])
def test_a_database_file_needs_a_connection(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.touch()
    connect = {"leads.db": "sqlite3.connect", "leads.duckdb": "duckdb.connect"}[name]

    with pytest.raises(QueryError) as caught:
        Table(file)

    assert str(caught.value) == (
        f"{str(file)!r} is a database; write Table({connect}({str(file)!r}), 'leads')"
    )


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    file = tmp_path / "leads.parquet"
    file.write_text("not Parquet")

    with pytest.raises(QueryError, match="cannot be read: "):
        Table(file)
    with pytest.raises(QueryError, match=r"has no \.parquet and no \.csv file"):
        _empty(tmp_path)


def _empty(folder: Path) -> Table:
    (folder / "empty").mkdir()
    return Table(folder / "empty")


@pytest.mark.parametrize(
    ("module", "make", "message"),
    [
        (
            "duckdb",
            lambda: Table(pd.DataFrame()),
            (
                "Table of a file or a DataFrame needs duckdb, which is not installed; "
                "run pip install 'leadquery[duckdb]'"
            ),
        ),
        (
            "sqlglot",
            lambda: Table(pd.DataFrame()),
            "Table needs sqlglot, which is not installed; run pip install 'leadquery[duckdb]'",
        ),
        (
            "sqlglot",
            lambda: Table("leads.csv"),
            "Table needs sqlglot, which is not installed; run pip install 'leadquery[duckdb]'",
        ),
        (
            "sqlglot",
            lambda: Table(sqlite3.connect(":memory:"), "leads"),
            "Table needs sqlglot, which is not installed; run pip install 'leadquery[sql]'",
        ),
        (
            "sqlglot",
            lambda: Leads.count().to_sql("duckdb"),
            "to_sql() needs sqlglot, which is not installed; run pip install 'leadquery[sql]'",
        ),
    ],
)
def test_an_extra_that_is_not_installed(
    monkeypatch: pytest.MonkeyPatch, module: str, make: Callable[[], object], message: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingDependencyError) as caught:
        make()

    assert str(caught.value) == message


def test_a_statement_is_written_once_while_the_values_are_alike() -> None:
    connection = sqlite_leads()
    connection.execute("INSERT INTO leads VALUES ('1', 5, 'Sales')")
    table, query = Table(connection), Leads.where(Source == "sales").select(ProspectID)
    first = table.to_sql(query)

    assert table.to_sql(query) is first
    connection.execute("INSERT INTO leads VALUES ('2', 5, '\u017fales')")
    assert table.to_sql(query) != first
    assert len(table.run(query)) == 2


def test_statements_are_kept_until_there_are_many() -> None:
    table, query = Table(sqlite_leads()), Leads.select(ProspectID)
    first = table.to_sql(query)
    for number in range(256):
        table.to_sql(query.limit(number + 1))

    assert table.to_sql(query) is not first
    assert table.to_sql(query) == first


def test_a_comparison_to_date_is_written_for_the_present_time() -> None:
    table = Table(pd.DataFrame({"CreatedOn": [datetime(2026, 1, 31)]}))
    months = periods.last_month(), periods.this_month()
    query = Leads.count().compare(*months, on=CreatedOn, to_date=True)

    assert table.to_sql(query) is not table.to_sql(query)


WHEN = pd.DataFrame(
    {
        "Source": ["Web", "web", "Fair", "Fair"],
        "mx_Seen": pd.to_datetime(
            ["2026-01-01 10:00:00.1", "2026-01-01 10:00:00.9", "2026-01-02 10:00:00.5", None]
        ),
        "mx_Text": ["a", "b", "x", ""],
    }
)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        # Moments of the same second are one value.
        (Leads.aggregate(Field("mx_Seen").count_distinct()), [(2,)]),
        (Leads.where(Boolean("mx_Seen") == True).count(), [(0,)]),  # noqa: E712
        (Leads.group_by(Source).average("mx_Text"), [("Fair", 2, None), ("Web", 2, None)]),
        (Leads.group_by(Source).average("mx_Seen"), [("Fair", 2, None), ("Web", 2, None)]),
    ],
)
def test_a_column_of_another_type_than_the_query_needs(
    query: Query[Any], rows: list[tuple[object, ...]]
) -> None:
    assert [tuple(row.values()) for row in Table(WHEN).run(query)] == rows
