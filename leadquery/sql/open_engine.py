"""The engine for some data: a connection or a session, or DuckDB for files and DataFrames."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.collation import text_key
from leadquery.result.frames import import_optional
from leadquery.sql.dialects import DIALECTS, find_dialect
from leadquery.sql.engines import (
    DbApiEngine,
    DuckDbEngine,
    Engine,
    OwnFiles,
    SparkEngine,
    SqliteEngine,
)
from leadquery.sql.files import repeated_name, without_infinities
from leadquery.sql.tables import LEADS, USERS, table_of
from leadquery.sql.text_patterns import CASEFOLD


def _duckdb(
    label: str,
    connection: Any,
    leads: exp.Table,
    users: exp.Table | None,
    files: OwnFiles | None = None,
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
    """An engine for files and DataFrames. Raises QueryError for what cannot be read."""
    duckdb = import_optional("Table of a file or a DataFrame", "duckdb", extra="duckdb")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    given = {LEADS: data} if users is None else {LEADS: data, USERS: users}
    files = OwnFiles(label, connection, duckdb.Error)
    for name, one in given.items():
        if isinstance(one, (str, Path)):
            files.paths[name] = one
        else:
            _check_columns(one)
            connection.register(f"given_{name}", one)
            select = without_infinities(connection, f"SELECT * FROM given_{name}")
            connection.execute(f"CREATE VIEW {name} AS {select}")
    files.refresh()
    owners = None if users is None else exp.to_table(USERS)
    return _duckdb(label, connection, exp.to_table(LEADS), owners, files)


def _check_columns(frame: Any) -> None:
    """Refuse two columns of one name, of which DuckDB would rename one."""
    if hasattr(frame, "collect_schema"):
        names = frame.collect_schema().names()  # A lazy one of polars warns about .columns.
    elif type(frame).__module__.partition(".")[0] == "pyarrow":
        names = frame.schema.names
    else:
        names = getattr(frame, "columns", ())
    if twice := repeated_name(map(str, names)):
        raise QueryError(
            f"a {type(frame).__name__} has the column {twice!r} twice; rename one of them"
        )
