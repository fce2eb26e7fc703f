"""The engine for some data: DuckDB, a connection of the DB-API, or Spark.

An `Engine` opens a `Session` for each run, which looks at the columns of the tables and executes
one statement.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any, Final, cast

from attrs import define, field as attribute, frozen
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.collation import number_key, text_key, timestamp_key
from leadquery.periods import zone
from leadquery.result.frames import import_optional
from leadquery.sql import date_patterns, patterns, text_patterns
from leadquery.sql.columns import Storage
from leadquery.sql.dialects import DIALECTS, Dialect, find_dialect
from leadquery.sql.duckdb_engine import DuckDbEngine, own_duckdb
from leadquery.sql.from_where import LEADS, table_of
from leadquery.sql.sessions import Asked, Engine, Rows, Session, storage_of, unknown_table_error
from leadquery.sql.text_patterns import CASEFOLD
from leadquery.wire.types import format_timestamp


@define
class DbApiSession(Session):
    """A connection of the DB-API."""

    connection: Any
    dialect: Dialect
    leads: exp.Table
    users: exp.Table | None
    exact: bool = False
    traits: dict[Asked, bool] = attribute(factory=dict)

    def execute(self, statement: str) -> Rows:
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(statement)
            return cast("Rows", cursor.fetchall())

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        nothing = exp.select("*").from_(table.copy()).where(patterns.never())
        try:
            with closing(self.connection.cursor()) as cursor:
                cursor.execute(nothing.sql(self.dialect.parser))
                described = cursor.description
        except Exception as error:  # noqa: BLE001 - each driver has its own.
            raise unknown_table_error(table, error) from None
        return {column[0]: self._storage(column[1]) for column in described}

    def _storage(self, type_code: object) -> Storage:
        """What a column of a type holds, by the type codes of the driver."""
        if self.dialect.name == "postgres" and isinstance(type_code, int):
            return _POSTGRES_TYPES.get(type_code, Storage.OTHER)
        if isinstance(type_code, (str, type)):
            return storage_of(type_code if isinstance(type_code, str) else type_code.__name__)
        driver = import_optional("Table", type(self.connection).__module__.partition(".")[0])
        for name, storage in _DB_API_TYPES:
            if getattr(driver, name, object()) == type_code:
                return storage
        return Storage.TEXT


class SqliteSession(DbApiSession):
    """A connection to SQLite, with functions for what it cannot do itself."""

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        declared = self.execute(
            exp.select("name", "type")
            .from_(exp.func("pragma_table_info", exp.Literal.string(table.name)))
            .sql("sqlite")
        )
        if not declared:
            raise unknown_table_error(table)
        return {name: _sqlite_storage(type_) for name, type_ in declared}


@frozen
class DbApiEngine:
    """A connection of the DB-API. `adapt` makes it ready."""

    label: str
    connection: Any
    dialect: Dialect
    leads: exp.Table
    users: exp.Table | None

    @contextmanager
    def opened(self) -> Iterator[Session]:
        """The connection itself."""
        if isinstance(self.connection, sqlite3.Connection):
            for name, function in _SQLITE_FUNCTIONS.items():
                self.connection.create_function(name, -1, function, deterministic=True)
            yield SqliteSession(self.connection, self.dialect, self.leads, self.users, exact=True)
        else:
            yield DbApiSession(self.connection, self.dialect, self.leads, self.users)


def _casefold(value: object) -> str | None:
    return None if value is None else text_key(str(value))


def _number(value: object) -> float | None:
    if value is None or isinstance(value, (int, float)):
        return value
    return number_key(value) if isinstance(value, str) else None


def _moment(value: object) -> str | None:
    moment = timestamp_key(value) if isinstance(value, str) else None
    return None if moment is None else format_timestamp(moment.astimezone(UTC))


def _local(value: str | None, tz: str) -> str | None:
    moment = None if value is None else timestamp_key(value)
    return None if moment is None else format_timestamp(moment.astimezone(zone(tz)))


_SQLITE_FUNCTIONS: Final[Mapping[str, Callable[..., str | float | None]]] = {
    CASEFOLD: _casefold,
    text_patterns.NUMBER_FUNCTION: _number,
    text_patterns.MOMENT_FUNCTION: _moment,
    date_patterns.LOCAL_FUNCTION: _local,
}


_POSTGRES_TYPES: Final = {
    16: Storage.BOOLEAN,
    **dict.fromkeys((20, 21, 23), Storage.INTEGER),
    **dict.fromkeys((700, 701, 1700), Storage.NUMBER),
    **dict.fromkeys((18, 19, 25, 1042, 1043), Storage.TEXT),
    1082: Storage.DATE,
    1114: Storage.MOMENT,
    1184: Storage.AWARE_MOMENT,
}
"""What columns of PostgreSQL hold, by the object identifiers of their types."""


_DB_API_TYPES: Final = (
    ("NUMBER", Storage.NUMBER),
    ("DATETIME", Storage.MOMENT),
    ("STRING", Storage.TEXT),
)


def _sqlite_storage(declared: str) -> Storage:
    """What a column of SQLite holds, by its declared type. Dates and their like are text."""
    storage = storage_of(declared)
    is_kept = storage in (Storage.INTEGER, Storage.NUMBER)
    if storage is Storage.BOOLEAN:
        return Storage.INTEGER
    return storage if is_kept else Storage.TEXT


@define
class SparkSession(Session):
    """A SparkSession."""

    spark: Any
    leads: exp.Table
    users: exp.Table | None
    dialect: Dialect = DIALECTS["spark"]
    traits: dict[Asked, bool] = attribute(factory=dict)

    def execute(self, statement: str) -> Rows:
        return cast("Rows", self.spark.sql(statement).collect())

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        try:
            schema = self.spark.table(table.sql("spark")).schema
        except Exception as error:  # noqa: BLE001 - each driver has its own.
            raise unknown_table_error(table, error) from None
        return {one.name: _spark_storage(one.dataType.typeName()) for one in schema.fields}


def _spark_storage(type_name: str) -> Storage:
    # Spark's timestamp is a moment, whatever the time zone of the session.
    return Storage.AWARE_MOMENT if type_name == "timestamp" else storage_of(type_name)


@frozen
class SparkEngine:
    """A SparkSession, or one of Databricks Connect."""

    label: str
    spark: Any
    leads: exp.Table
    users: exp.Table | None

    @contextmanager
    def opened(self) -> Iterator[Session]:
        """The session itself."""
        yield SparkSession(self.spark, self.leads, self.users)


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
