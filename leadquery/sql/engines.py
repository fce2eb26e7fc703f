"""The engine for some data: DuckDB, a connection of the DB-API, or Spark.

An `Engine` opens a `Session` for each run, which looks at the columns of the tables and executes
one statement.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from leadquery.errors import QueryError
from leadquery.sql.database_engines import DbApiEngine, SparkEngine
from leadquery.sql.dialects import find_dialect
from leadquery.sql.duckdb_engine import DuckDbEngine, own_duckdb
from leadquery.sql.sessions import Engine
from leadquery.sql.tables import LEADS, table_of


def open_engine(data: Any, table: str | None, dialect: str | None, users: Any) -> Engine:
    """The engine for some data. Raises QueryError for data of another kind."""
    module = type(data).__module__.partition(".")[0]
    if isinstance(data, (str, Path)) or module in _FRAMES:
        if table is not None or dialect is not None:
            argument = "table" if table is not None else "dialect"
            raise QueryError(f"a file or a DataFrame has no {argument}; leave {argument}= out")
        is_file = isinstance(data, (str, Path))
        return own_duckdb(data, users, str(data) if is_file else f"a {type(data).__name__}")
    if module == "pyspark":
        known: str | None = "spark"
    elif "duckdb" in module:
        known = "duckdb"
    elif not hasattr(data, "cursor"):
        raise _not_data_error(data)
    else:
        known = _DRIVERS.get(module)
    if dialect is None and known is None:
        raise QueryError(
            f"the dialect of a connection of {module} is not known; "
            "write dialect='postgres', or another"
        )
    found = find_dialect(dialect or known)
    leads = table_of(LEADS if table is None else table, found, "table")
    owners = None if users is None else table_of(users, found, "users")
    label = f"{leads.sql()} in {module.lstrip('_')}"
    if known == "spark":
        return SparkEngine(label, data, leads, owners)
    if known == "duckdb":
        return DuckDbEngine(label, data, leads, owners)
    return DbApiEngine(label, data, found, leads, owners)


_DRIVERS: Final = {
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
