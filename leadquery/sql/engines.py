"""The engines that run statements: DuckDB, any DB-API connection, and Spark.

An `Engine` opens a `Session` for each run, which looks at the columns of the tables and executes
one statement.
"""

from __future__ import annotations

import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC
from functools import partial
from glob import has_magic
from pathlib import Path
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol, cast

from attrs import define, field as attribute, frozen
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.collation import number_key, text_key, timestamp_key
from leadquery.result.frames import import_optional
from leadquery.sql import patterns
from leadquery.sql.columns import KnownTable, Storage, Stored, Trait, identifier
from leadquery.sql.conditions import all_of
from leadquery.sql.dialects import DIALECTS, Dialect, find_dialect
from leadquery.sql.text import CASEFOLD
from leadquery.sql.writer import LEADS, USERS, Source, table_of
from leadquery.users import UserID
from leadquery.wire.enums import USER_IDS
from leadquery.wire.types import format_timestamp

Rows = Sequence[Sequence[Any]]


class Session(ABC):
    """A connection while a query runs."""

    dialect: Dialect
    leads: exp.Table
    users: exp.Table | None
    traits: dict[Asked, bool]
    exact = False

    @abstractmethod
    def execute(self, statement: str) -> Rows:
        """The rows of a statement."""

    @abstractmethod
    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        """What the columns of a table hold. Raises QueryError for an unknown table."""

    def source(self, names: Mapping[str, str]) -> Source:
        """The tables as the writer needs them."""
        users = None
        if self.users is not None:
            found = self._stored(self.users)
            ids = [name for name in (UserID.name, *USER_IDS) if name in found]
            users = KnownTable(
                f"the table of users {_name(self.users)}",
                found,
                {UserID.name: ids[0]} if ids else {},
                partial(self.ask, self.users),
            )
        leads = KnownTable(
            f"the table {_name(self.leads)}",
            self._stored(self.leads),
            names,
            partial(self.ask, self.leads),
        )
        return Source(
            self.dialect, self.leads, leads, self.users, users, exact=self.exact, looked_at=True
        )

    def _stored(self, table: exp.Table) -> dict[str, Stored]:
        return {
            name: Stored(identifier(name, self.dialect, exact=True), storage)
            for name, storage in self.column_types(table).items()
        }

    def ask(self, table: exp.Table, trait: Trait, column: str) -> bool:
        """Whether all text of a column has a trait. What was asked is kept in `traits`."""
        key = Asked(table, trait, column)
        if key not in self.traits:
            x = exp.column(identifier(column, self.dialect, exact=True))
            other = (
                exp.select(exp.Literal.number(1))
                .from_(table.copy())
                .where(_OTHERS[trait](self.dialect, x, exact=self.exact))
                .limit(1)
            )
            self.traits[key] = not self.execute(other.sql(self.dialect.parser))
        return self.traits[key]


class Asked(NamedTuple):
    """A question about all text of a column."""

    table: exp.Table
    trait: Trait
    column: str


def _not_numbers(dialect: Dialect, x: exp.Expr, *, exact: bool) -> exp.Expr:
    number = patterns.number_of_text(dialect, x, exact=exact)
    return all_of(patterns.has_text(dialect, x, x), patterns.has_no_value(number))


def _not_ascii(dialect: Dialect, x: exp.Expr, **_: bool) -> exp.Expr:
    return exp.Not(this=patterns.is_ascii(dialect, x))


_OTHERS: Final[Mapping[Trait, Callable[..., exp.Expr]]] = {
    Trait.NUMBERS: _not_numbers,
    Trait.ASCII: _not_ascii,
}
"""The conditions for text that does not have a trait."""


def _name(table: exp.Table) -> str:
    return repr(table.sql().replace('"', ""))


class Engine(Protocol):
    """Where leads are. `label` names it."""

    @property
    def label(self) -> str: ...

    def opened(self) -> AbstractContextManager[Session]: ...


# DuckDB


@define
class DuckDbSession(Session):
    """A connection to DuckDB."""

    connection: Any
    leads: exp.Table
    users: exp.Table | None
    known: dict[str, dict[str, Stored]] | None = None
    dialect: Dialect = DIALECTS["duckdb"]
    exact: bool = True
    traits: dict[Asked, bool] = attribute(factory=dict)

    def execute(self, statement: str) -> Rows:
        return cast("Rows", self.connection.execute(statement).fetchall())

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        described = exp.Describe(this=table.copy()).sql("duckdb")
        try:
            rows = self.execute(described)
        except Exception as error:  # noqa: BLE001 - each driver has its own.
            raise _unknown_table_error(table, error) from None
        return {name: storage_of(type_) for name, type_, *_ in rows}

    def _stored(self, table: exp.Table) -> dict[str, Stored]:
        if self.known is None:
            return super()._stored(table)
        if table.name not in self.known:
            self.known[table.name] = super()._stored(table)
        return self.known[table.name]


@frozen
class DuckDbEngine:
    """A connection to DuckDB, or an own one for files and DataFrames."""

    label: str
    connection: Any
    leads: exp.Table
    users: exp.Table | None
    # The columns of files and DataFrames, which stay as they are.
    columns: dict[str, dict[str, Stored]] | None = None
    lock: Lock = attribute(factory=Lock)
    extended: list[str] = attribute(factory=list)

    @contextmanager
    def opened(self) -> Iterator[Session]:
        """The connection itself, because a cursor would not see its DataFrames."""
        with self.lock:
            if not self.extended:
                # Another Table may have added it.
                with suppress(Exception):
                    self.connection.create_function(CASEFOLD, text_key, ["VARCHAR"], "VARCHAR")
                self.extended.append(CASEFOLD)
            yield DuckDbSession(self.connection, self.leads, self.users, self.columns)


def _own_duckdb(data: Any, users: Any, label: str) -> DuckDbEngine:
    """An engine for files and DataFrames."""
    duckdb = import_optional("Table of a file or a DataFrame", "duckdb", extra="duckdb")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    _add_view(connection, LEADS, data)
    has_users = users is not None
    if has_users:
        _add_view(connection, USERS, users)
    owners = exp.to_table(USERS) if has_users else None
    return DuckDbEngine(label, connection, exp.to_table(LEADS), owners, {})


def _add_view(connection: Any, name: str, data: Any) -> None:
    """Make a view of a file or a DataFrame. Raises QueryError for what cannot be read."""
    if not isinstance(data, (str, Path)):
        connection.register(name, _without_nan(data))
        return
    pattern, is_csv = find_files(data)
    try:
        if is_csv:
            # As text, so that a phone number keeps its zeros.
            relation = connection.read_csv(pattern, all_varchar=True, header=True)
        else:
            relation = connection.read_parquet(pattern)
        relation.create_view(name)
    except Exception as error:
        if not type(error).__module__.partition(".")[0].endswith("duckdb"):
            raise
        reason = str(error).partition("\n")[0]
        raise QueryError(f"{str(data)!r} cannot be read: {reason}") from None


def _without_nan(frame: Any) -> Any:
    """A DataFrame of polars with null in place of NaN, as in one of pandas."""
    is_polars = type(frame).__module__.partition(".")[0] == "polars"
    return frame.fill_nan(None) if is_polars else frame


def find_files(path: str | Path) -> tuple[str, bool]:
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


# DB-API


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
            raise _unknown_table_error(table, error) from None
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
            raise _unknown_table_error(table)
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
                self.connection.create_function(name, 1, function, deterministic=True)
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


_SQLITE_FUNCTIONS: Final = {
    CASEFOLD: _casefold,
    patterns.NUMBER_FUNCTION: _number,
    patterns.MOMENT_FUNCTION: _moment,
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

_TYPE_NAMES: Final = (
    # Lists, structures and their like.
    (r".*\]$|interval|point", Storage.OTHER),
    ("bool|bit$", Storage.BOOLEAN),
    (r"[\w ]*int|long$|short$|byte$", Storage.INTEGER),
    ("double|float|real|decimal|numeric|number|dec", Storage.NUMBER),
    ("timestamp.*(with time zone|_ltz)|timestamp_?tz|datetimeoffset", Storage.AWARE_MOMENT),
    ("timestamp|datetime", Storage.MOMENT),
    ("date", Storage.DATE),
    (r"[\w ]*(char|text|string|clob)|str$|enum", Storage.TEXT),
)


def storage_of(type_name: str) -> Storage:
    """What a column holds, by the name of its type."""
    # ClickHouse names what takes null, or has few values, so.
    name = re.sub(r"(nullable|lowcardinality)\(", "", type_name.strip().lower())
    found = (storage for pattern, storage in _TYPE_NAMES if re.match(pattern, name))
    return next(found, Storage.OTHER)


def _sqlite_storage(declared: str) -> Storage:
    """What a column of SQLite holds, by its declared type. Dates and their like are text."""
    storage = storage_of(declared)
    is_kept = storage in (Storage.INTEGER, Storage.NUMBER)
    if storage is Storage.BOOLEAN:
        return Storage.INTEGER
    return storage if is_kept else Storage.TEXT


def _unknown_table_error(table: exp.Table, error: Exception | None = None) -> QueryError:
    reason = "" if error is None else f": {str(error).strip().partition(chr(10))[0]}"
    return QueryError(
        f"there is no table {_name(table)} to read{reason}; write its name, as in "
        "Table(connection, 'crm.leads')"
    )


# Spark


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
            raise _unknown_table_error(table, error) from None
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


# Which engine

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


def open_engine(data: Any, table: str | None, dialect: str | None, users: Any) -> Engine:
    """The engine for some data. Raises QueryError for data of another kind."""
    module = type(data).__module__.partition(".")[0]
    if isinstance(data, (str, Path)) or module in _FRAMES:
        if table is not None or dialect is not None:
            argument = "table" if table is not None else "dialect"
            raise QueryError(f"a file or a DataFrame has no {argument}; leave {argument}= out")
        is_file = isinstance(data, (str, Path))
        return _own_duckdb(data, users, str(data) if is_file else f"a {type(data).__name__}")
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
