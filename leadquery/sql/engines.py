"""Engines: DuckDB, connections of the DB-API, and Spark.

An `Engine` looks at the columns of the tables, and executes the statement of a query.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from datetime import UTC
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any, ClassVar, Final, NamedTuple, Self, cast

import attrs
from attrs import define, field as attribute
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.collation import number_key, text_key, timestamp_key
from leadquery.periods import zone
from leadquery.result.frames import import_optional
from leadquery.sql import date_patterns, patterns, text_patterns
from leadquery.sql.dialects import Dialect
from leadquery.sql.files import read_error, select_rows, without_infinities
from leadquery.sql.tables import Kind, KnownTable, Source, Storage, Stored, Trait, identifier
from leadquery.sql.writer.columns import Column
from leadquery.sql.writer.conditions import all_of
from leadquery.users import UserID
from leadquery.wire.enums import USER_IDS
from leadquery.wire.types import format_timestamp

Rows = Sequence[Sequence[Any]]


class Asked(NamedTuple):
    """A question about all text of a column."""

    table: exp.Table
    trait: Trait
    column: str


@define
class Engine(ABC):
    """Where leads are: a connection, and the tables there. `label` names them."""

    label: str
    connection: Any
    dialect: Dialect
    leads: exp.Table
    users: exp.Table | None
    traits: dict[Asked, bool] = attribute(factory=dict, kw_only=True)
    """What was asked about columns in this run."""
    exact: ClassVar[bool] = False

    @abstractmethod
    def execute(self, statement: str) -> Rows:
        """The rows of a statement."""

    @abstractmethod
    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        """What the columns of a table hold. May raise anything for an unknown table."""

    def opened(self) -> AbstractContextManager[Self]:
        """The engine for one run."""
        return nullcontext(attrs.evolve(self, traits={}))

    def source(self, names: Mapping[str, str]) -> Source:
        """The tables as the writer needs them."""
        users = None
        if self.users is not None:
            found = self._stored(self.users)
            ids = [name for name in (UserID.name, *USER_IDS) if name in found]
            its_names = {UserID.name: ids[0]} if ids else {}
            users = self._known(self.users, "the table of users", found, its_names)
        leads = self._known(self.leads, "the table", self._stored(self.leads), names)
        return Source(self.dialect, leads, users, exact=self.exact)

    def _known(
        self, table: exp.Table, noun: str, columns: Mapping[str, Stored], names: Mapping[str, str]
    ) -> KnownTable:
        return KnownTable(table, f"{noun} {_name(table)}", columns, names, partial(self.ask, table))

    def _stored(self, table: exp.Table) -> dict[str, Stored]:
        """The columns of a table. Raises QueryError for an unknown one."""
        reason = ""
        try:
            types = self.column_types(table)
        except Exception as error:  # noqa: BLE001 - each driver has its own.
            types, reason = {}, f": {str(error).strip().partition(chr(10))[0]}"
        if not types:
            raise QueryError(
                f"there is no table {_name(table)} to read{reason}; write its name, as in "
                "Table(connection, 'crm.leads')"
            )
        return {
            name: Stored(identifier(name, self.dialect, exact=True), storage)
            for name, storage in types.items()
        }

    def ask(self, table: exp.Table, trait: Trait, column: str) -> bool:
        """Whether all text of a column has a trait. What was asked is kept in `traits`."""
        key = Asked(table, trait, column)
        if key not in self.traits:
            name = table.sql(self.dialect.name)
            statement = _text_without(trait, name, column, self.dialect, self.exact)
            self.traits[key] = not self.execute(statement)
        return self.traits[key]

    def unreadable(self, column: Stored, kind: Kind) -> tuple[int, str | None]:
        """How many texts of a column have no value of a kind, and the least of them."""
        sql = exp.column(column.identifier.copy())
        value = Column(self.dialect, self.exact, sql, Storage.TEXT, kind).value()
        found = all_of(patterns.has_text(self.dialect, sql, sql), patterns.has_no_value(value))
        select = exp.select(exp.Count(this=exp.Star()), exp.Min(this=sql.copy()))
        statement = select.from_(self.leads.copy()).where(found).sql(self.dialect.name)
        count, example = self.execute(statement)[0]
        return count, example


@cache
def _text_without(trait: Trait, table: str, column: str, dialect: Dialect, exact: bool) -> str:
    """The statement that finds text that does not have a trait."""
    x = exp.column(identifier(column, dialect, exact=True))
    if trait is Trait.ASCII:
        found: exp.Expr = exp.Not(this=text_patterns.is_ascii(dialect, x))
    else:
        number = text_patterns.number_of_text(dialect, x, exact=exact)
        found = all_of(patterns.has_text(dialect, x, x), patterns.has_no_value(number))
    select = exp.select(exp.Literal.number(1)).from_(exp.to_table(table, dialect=dialect.name))
    return select.where(found).limit(1).sql(dialect.name)


def _name(table: exp.Table) -> str:
    return repr(table.sql().replace('"', ""))


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


@define
class OwnFiles:
    """Files and DataFrames in an own connection to DuckDB.

    `paths` are the files by the names of their views, `selects` what the views read, and `columns`
    what is in the tables, which stays as it is while the files have the same names of columns.
    """

    label: str
    connection: Any
    error: type[Exception]
    paths: dict[str, str | Path] = attribute(factory=dict)
    selects: dict[str, str] = attribute(factory=dict)
    columns: dict[str, dict[str, Stored]] = attribute(factory=dict)

    def refresh(self) -> None:
        """Make views of the files that there are now. Raises QueryError if one is damaged."""
        for name, path in self.paths.items():
            try:
                select = select_rows(self.connection, path)
                if select != self.selects.get(name):
                    finite = without_infinities(self.connection, select)
                    self.connection.execute(f"CREATE OR REPLACE VIEW {name} AS {finite}")
            except self.error as error:
                raise read_error(str(path), error) from None
            if select != self.selects.get(name):
                self.selects[name] = select
                self.columns.pop(name, None)

    def execute(self, statement: str) -> Rows:
        """The rows of a statement. Raises QueryError if a file is damaged."""
        try:
            return cast("Rows", self.connection.execute(statement).fetchall())
        except self.error as error:
            raise read_error(self.label, error) from None


@define
class DuckDbEngine(Engine):
    """A connection to DuckDB, or an own one for files and DataFrames."""

    files: OwnFiles | None = None
    lock: Lock = attribute(factory=Lock)
    exact = True

    @contextmanager
    def opened(self) -> Iterator[Self]:
        """The engine for one run, one at a time: a cursor would not see its DataFrames."""
        with self.lock:
            if self.files is not None:
                self.files.refresh()
            yield attrs.evolve(self, traits={})

    def execute(self, statement: str) -> Rows:
        if self.files is not None:
            return self.files.execute(statement)
        return cast("Rows", self.connection.execute(statement).fetchall())

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        rows = self.execute(exp.Describe(this=table.copy()).sql("duckdb"))
        return {name: storage_of(type_) for name, type_, *_ in rows}

    def _stored(self, table: exp.Table) -> dict[str, Stored]:
        if self.files is None:
            return super()._stored(table)
        if table.name not in self.files.columns:
            self.files.columns[table.name] = super()._stored(table)
        return self.files.columns[table.name]


class DbApiEngine(Engine):
    """A connection of the DB-API."""

    def execute(self, statement: str) -> Rows:
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(statement)
            return cast("Rows", cursor.fetchall())

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        nothing = exp.select("*").from_(table.copy()).where(patterns.never())
        with closing(self.connection.cursor()) as cursor:
            cursor.execute(nothing.sql(self.dialect.name))
            return {column[0]: self._storage(column[1]) for column in cursor.description}

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


class SqliteEngine(DbApiEngine):
    """A connection to SQLite, with functions for what it cannot do itself."""

    exact = True

    def opened(self) -> AbstractContextManager[Self]:
        for name, function in _SQLITE_FUNCTIONS.items():
            self.connection.create_function(name, -1, function, deterministic=True)
        return super().opened()

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        declared = self.execute(
            exp.select("name", "type")
            .from_(exp.func("pragma_table_info", exp.Literal.string(table.name)))
            .sql("sqlite")
        )
        return {name: _sqlite_storage(type_) for name, type_ in declared}


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
    text_patterns.CASEFOLD: _casefold,
    text_patterns.NUMBER_FUNCTION: _number,
    text_patterns.MOMENT_FUNCTION: _moment,
    date_patterns.LOCAL_FUNCTION: _local,
}


def _sqlite_storage(declared: str) -> Storage:
    """What a column of SQLite holds, by its declared type. Dates and their like are text."""
    storage = storage_of(declared)
    is_kept = storage in (Storage.INTEGER, Storage.NUMBER)
    if storage is Storage.BOOLEAN:
        return Storage.INTEGER
    return storage if is_kept else Storage.TEXT


class SparkEngine(Engine):
    """A SparkSession, or one of Databricks Connect."""

    def execute(self, statement: str) -> Rows:
        return cast("Rows", self.connection.sql(statement).collect())

    def column_types(self, table: exp.Table) -> Mapping[str, Storage]:
        schema = self.connection.table(table.sql("spark")).schema
        return {one.name: _spark_storage(one.dataType.typeName()) for one in schema.fields}


def _spark_storage(type_name: str) -> Storage:
    # Spark's timestamp is a moment, whatever the time zone of the session.
    return Storage.AWARE_MOMENT if type_name == "timestamp" else storage_of(type_name)
