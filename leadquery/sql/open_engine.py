"""The engine for some data: a connection or a session, or DuckDB for files and DataFrames."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from glob import has_magic
from pathlib import Path
from typing import Any, Final

from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.collation import text_key
from leadquery.result.frames import import_optional
from leadquery.sql.dialects import DIALECTS, find_dialect
from leadquery.sql.engines import DbApiEngine, DuckDbEngine, Engine, SparkEngine, SqliteEngine
from leadquery.sql.tables import LEADS, USERS, Stored, table_of
from leadquery.sql.text_patterns import CASEFOLD


def _duckdb(
    label: str,
    connection: Any,
    leads: exp.Table,
    users: exp.Table | None,
    files: dict[str, dict[str, Stored]] | None = None,
) -> DuckDbEngine:
    # Another Table may have added it.
    with suppress(Exception):
        connection.create_function(CASEFOLD, text_key, ["VARCHAR"], "VARCHAR")
    return DuckDbEngine(label, connection, DIALECTS["duckdb"], leads, users, files)


def open_engine(data: Any, table: str | None, dialect: str | None, users: Any) -> Engine:
    """The engine for some data. Raises QueryError for data of another kind."""
    module = type(data).__module__.partition(".")[0]
    if isinstance(data, (str, Path)) or module in _FRAMES:
        if table is not None or dialect is not None:
            argument = "table" if table is not None else "dialect"
            raise QueryError(f"a file or a DataFrame has no {argument}; leave {argument}= out")
        is_file = isinstance(data, (str, Path))
        return _own_duckdb(data, users, str(data) if is_file else f"a {type(data).__name__}")
    known = _DRIVERS.get(module)
    if known != "spark" and not hasattr(data, "cursor"):
        raise _not_data_error(data)
    if dialect is None and known is None:
        raise QueryError(
            f"the dialect of a connection of {module} is not known; "
            "write dialect='postgres', or another"
        )
    found = find_dialect(dialect or known)
    leads = table_of(LEADS if table is None else table, found, "table")
    owners = None if users is None else table_of(users, found, "users")
    label = f"{leads.sql()} in {module.lstrip('_')}"
    if known == "duckdb":
        return _duckdb(label, data, leads, owners)
    if known == "spark":
        return SparkEngine(label, data, DIALECTS["spark"], leads, owners)
    is_sqlite = isinstance(data, sqlite3.Connection)
    return (SqliteEngine if is_sqlite else DbApiEngine)(label, data, found, leads, owners)


_DRIVERS: Final = {
    "pyspark": "spark",
    **dict.fromkeys(("duckdb", "_duckdb"), "duckdb"),
    "sqlite3": "sqlite",
    **dict.fromkeys(("psycopg", "psycopg2", "pg8000", "asyncpg"), "postgres"),
    **dict.fromkeys(("pymysql", "MySQLdb", "mysql", "mariadb"), "mysql"),
    "snowflake": "snowflake",
    "redshift_connector": "redshift",
    "databricks": "databricks",
    "trino": "trino",
    **dict.fromkeys(("clickhouse_connect", "clickhouse_driver"), "clickhouse"),
    **dict.fromkeys(("pyodbc", "pymssql", "mssql_python"), "tsql"),
    **dict.fromkeys(("oracledb", "cx_Oracle"), "oracle"),
    "google": "bigquery",
}
"""The dialects of databases, by the modules that connect to them."""


_FRAMES: Final = ("pandas", "polars", "pyarrow")


def _not_data_error(data: object) -> QueryError:
    if hasattr(data, "raw_connection"):
        return QueryError("Table takes a connection of the DB-API; write engine.raw_connection()")
    if isinstance(data, (list, dict)):
        return QueryError(
            "Table takes a file, a DataFrame or a connection; write Table(pandas.DataFrame(rows)), "
            "or Emulator(rows), which answers from a list"
        )
    return QueryError(
        "Table takes a file, a DataFrame, a connection of the DB-API or a SparkSession, "
        f"not {type(data).__name__}"
    )


def _own_duckdb(data: Any, users: Any, label: str) -> DuckDbEngine:
    """An engine for files and DataFrames."""
    duckdb = import_optional("Table of a file or a DataFrame", "duckdb", extra="duckdb")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    _add_view(connection, LEADS, data)
    owners = None
    if users is not None:
        _add_view(connection, USERS, users)
        owners = exp.to_table(USERS)
    return _duckdb(label, connection, exp.to_table(LEADS), owners, {})


def _add_view(connection: Any, name: str, data: Any) -> None:
    """Make a view of a file or a DataFrame. Raises QueryError for what cannot be read."""
    if not isinstance(data, (str, Path)):
        connection.register(name, _without_nan(data))
        return
    duckdb = import_optional("Table", "duckdb")
    pattern, is_csv = _find_files(data)
    try:
        if is_csv:
            # As text, so that a phone number keeps its zeros.
            relation = connection.read_csv(pattern, all_varchar=True, header=True)
        else:
            relation = connection.read_parquet(pattern)
        relation.create_view(name)
    except duckdb.Error as error:
        reason = str(error).partition("\n")[0]
        raise QueryError(f"{str(data)!r} cannot be read: {reason}") from None


def _without_nan(frame: Any) -> Any:
    """A DataFrame of polars with null in place of NaN, as in one of pandas."""
    is_polars = type(frame).__module__.partition(".")[0] == "polars"
    return frame.fill_nan(None) if is_polars else frame


def _find_files(path: str | Path) -> tuple[str, bool]:
    """A path or pattern for DuckDB, and whether its files are CSV.

    Raises QueryError if there is no such file, or none that can be read.
    """
    text = str(path)
    place = Path(text)
    if place.is_dir():
        for suffix in (*_PARQUET, *_CSV):
            if any(place.rglob(f"*{suffix}")):
                return str(place / "**" / f"*{suffix}"), suffix in _CSV
        raise QueryError(f"the folder {text!r} has no .parquet and no .csv file")
    name = text.lower()
    if not has_magic(text) and not place.exists():
        raise QueryError(f"there is no file {text!r}; name a .parquet or .csv file, or a folder")
    if any(name.endswith(suffix) for suffix in (*_CSV, *(f"{one}.gz" for one in _CSV))):
        return text, True
    if name.endswith(_PARQUET):
        return text, False
    database = {".duckdb": "duckdb.connect", ".db": "sqlite3.connect", ".sqlite": "sqlite3.connect"}
    if connect := database.get(place.suffix.lower()):
        raise QueryError(f"{text!r} is a database; write Table({connect}({text!r}), 'leads')")
    raise QueryError(
        f"{text!r} is neither Parquet nor CSV; name a .parquet or .csv file, or a folder of those"
    )


_PARQUET: Final = (".parquet", ".pq")


_CSV: Final = (".csv", ".tsv")
