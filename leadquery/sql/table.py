"""`Table`: leads in a file, a DataFrame or a database, and queries run on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

from leadquery.errors import QueryError, check_call
from leadquery.expr._guards import ExplainedMembers
from leadquery.expr.collation import whole_as_int
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Boolean, Date, Field, Number
from leadquery.expr.group_key import key_name, zone_key
from leadquery.expr.unreadable import warn_of_unreadable
from leadquery.periods import TimeZone
from leadquery.plan.slices import known_fields
from leadquery.plan.terms import unify_spellings
from leadquery.query.aggregation import as_aggregation, local_steps, result_columns
from leadquery.query.leads import GroupedLeads, LeadSet
from leadquery.query.query import Query, fields_of
from leadquery.result import Result, Row
from leadquery.result.decode import column_types, float_columns, parse_value
from leadquery.result.frames import ColumnType
from leadquery.wire.enums import COUNT
from leadquery.wire.model import ListOutput

if TYPE_CHECKING:
    from leadquery.sql.engines import Asked, Engine
    from leadquery.sql.tables import Kind, Stored

_MAX_WRITTEN: Final = 256
"""How many statements a table keeps, to run them again."""


class Table(ExplainedMembers):
    """Leads where they are, and any query run on them by the engine that has them.

    `data` is the path of a Parquet or CSV file, of a folder of those, or a pattern such as
    `leads/*.parquet`; a DataFrame of pandas or polars or an Arrow table; a connection to a database
    (DB-API, such as `sqlite3.connect(...)`), or a SparkSession. Files and DataFrames are read by
    DuckDB. In a database, `table` is the name of the table, and `dialect` its dialect of SQL, if
    the module of the connection does not tell.

    `users` has the users, for conditions on owners and their names: the name of a table in the
    same database, or a file or DataFrame beside one. `columns` are the names of columns that are
    not those of their fields.

    Columns are numbers, dates in UTC and so on, or text as exported. Text that the type of its
    field cannot read counts as no data; a warning has their number and an example for each column.
    A field of unknown
    type compares as its column does: as numbers if all of its text is numbers.

    Raises QueryError for data that cannot be read, and MissingDependencyError.

    >>> import sqlite3
    >>> from leadquery import Leads
    >>> from leadquery.fields import Source
    >>> connection = sqlite3.connect(":memory:")
    >>> _ = connection.execute("CREATE TABLE leads (ProspectID TEXT, Source TEXT)")
    >>> rows = [("1", "Web"), ("2", "WEB"), ("3", "")]
    >>> _ = connection.executemany("INSERT INTO leads VALUES (?, ?)", rows)
    >>> Table(connection).run(Leads.group_by(Source).count()).rows
    ({'Source': 'WEB', 'Count': 2}, {'Source': None, 'Count': 1})
    """

    @check_call
    def __init__(
        self,
        data: Any,
        table: str | None = None,
        *,
        dialect: str | None = None,
        users: Any = None,
        columns: Mapping[str, str] | None = None,
    ) -> None:
        from leadquery.sql import import_sqlglot

        # Files and DataFrames also need DuckDB, whose extra includes this one.
        needs_duckdb = isinstance(data, (str, PathLike)) or hasattr(data, "__arrow_c_stream__")
        import_sqlglot("Table", extra="duckdb" if needs_duckdb else "sql")
        from leadquery.sql.open_engine import open_engine
        from leadquery.sql.tables import check_columns

        self._columns = check_columns(columns)
        self._engine = open_engine(data, table, dialect, users)
        self._written: dict[Any, tuple[str, Mapping[str, Stored], dict[Asked, bool]]] = {}
        # The columns of text in which values were looked for that a kind of field cannot read.
        self._examined: set[tuple[str, Kind | None]] = set()

    @check_call
    def run(self, query: Query, *, tz: TimeZone | None = None) -> Result:
        """The result of a query, with the rows and the types that the client gives.

        Groups without an order come by their count, highest first, then by their keys, as those of
        the API are taken to. A list without an order comes as the engine reads it. The page of a
        query is not used; limit it with `limit`. Times are in the zone `tz`, None for UTC.

        Raises QueryError for a column that the table lacks, with the nearest.
        """
        _check_query(query)
        tz = zone_key(tz)
        return self._explain_empty(self._execute(query), query).tz_convert(tz)

    def _execute(self, query: Query) -> Result:
        with self._engine.opened() as engine:
            statement, columns = self._statement(query, engine)
            self._warn_of_unreadable(query, columns, engine)
            rows = engine.execute(statement)
        names = result_columns(query)
        types = column_types(query)
        text_fields = {name for name, field in known_fields(query).items() if is_text(field)}
        readers = [
            (name, types.get(name, ColumnType.STRING if name in text_fields else None))
            for name in names
        ]
        floats = float_columns(query)
        found = tuple(
            {
                name: _as_float(to_value(value, type_))
                if name in floats
                else to_value(value, type_)
                for (name, type_), value in zip(readers, row, strict=True)
            }
            for row in rows
        )
        is_list = isinstance(query.output, ListOutput)
        if not is_list:
            found = _with_unified_spellings(query, found)
        return Result(found, len(found), names, grouped=not is_list, types=types, query=query)

    def _explain_empty(self, result: Result, query: Query) -> Result:
        """The result, with the reasons if it is empty. In a warehouse they would cost money."""
        from leadquery.sql.engines import DuckDbEngine

        if len(result) > 1 or not isinstance(self._engine, DuckDbEngine):
            return result
        from leadquery.result.empty import with_notes

        def count(leads: LeadSet) -> int:
            return int(self._execute(leads.count())[0][COUNT])

        def values(grouped: Query) -> list[Any]:
            return [row[grouped.output.columns[0]] for row in self._execute(grouped)]

        return with_notes(result, query, count, values)

    @check_call
    def to_sql(self, query: Query) -> str:
        """The statement that `run` executes, with the columns as the table has them."""
        _check_query(query)
        with self._engine.opened() as engine:
            return self._statement(query, engine)[0]

    def _statement(self, query: Query, engine: Engine) -> tuple[str, Mapping[str, Stored]]:
        """The statement of a query, and its columns by their fields.

        It is as it was written before if the columns are the same.
        """
        from leadquery.sql.tables import KnownTable
        from leadquery.sql.writer.writer import write

        source = engine.source(self._columns)
        fields = tuple((name, type(field)) for name, field in fields_of(query).items())
        key = query, fields, source.signature
        if key in self._written:
            statement, columns, traits = self._written[key]
            if all(engine.ask(*asked) == had for asked, had in traits.items()):
                return statement, columns
        engine.traits.clear()
        statement = write(query, source, default_order=True)
        columns = source.leads.used if isinstance(source.leads, KnownTable) else {}
        comparison = local_steps(query).comparison
        if comparison is None or not comparison.to_date:
            # Not one that depends on the time.
            if len(self._written) >= _MAX_WRITTEN:
                self._written.clear()
            self._written[key] = statement, columns, dict(engine.traits)
        return statement, columns

    def _warn_of_unreadable(
        self, query: Query, columns: Mapping[str, Stored], engine: Engine
    ) -> None:
        """Warn of text that the types of fields cannot read, once for each column."""
        from leadquery.sql.tables import Kind, Storage
        from leadquery.sql.writer.columns import kind_of

        fields = known_fields(query)
        for name, column in columns.items():
            kind = kind_of(fields.get(name))
            key = column.identifier.name, kind
            if (
                kind in (None, Kind.TEXT)
                or column.storage is not Storage.TEXT
                or key in self._examined
            ):
                continue
            self._examined.add(key)
            count, example = engine.unreadable(column, kind)
            if example is not None:
                warn_of_unreadable(column.identifier.name, fields[name], count, example)

    def __repr__(self) -> str:
        return f"<Table: {self._engine.label}>"


def _with_unified_spellings(query: Query, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of groups, in which each text of a key has one spelling."""
    keys = as_aggregation(query.output).keys  # type: ignore[arg-type]
    names = [*map(key_name, keys)]
    labels = unify_spellings(keys, [tuple(row[name] for name in names) for row in rows])
    return tuple(
        row | dict(zip(names, texts, strict=True)) for row, texts in zip(rows, labels, strict=True)
    )


def is_text(field: BaseField[Any]) -> bool:
    """Whether the values of a field are text."""
    return not isinstance(field, (Number, Date, Boolean)) and type(field) is not Field


def _check_query(query: object) -> None:
    if isinstance(query, (LeadSet, GroupedLeads)):
        missing = "select(...), or group_by(...) and count()"
        if isinstance(query, GroupedLeads):
            missing = "count(), average(...), sum(...) or aggregate(...)"
        raise QueryError(f"the query has no output yet; add {missing}")
    if not isinstance(query, Query):
        raise QueryError(f"run takes a query such as Leads.select('Phone'), not {query!r}")


def _as_float(number: Any) -> Any:
    return float(number) if isinstance(number, int) else number


def to_value(value: Any, type_: ColumnType | None) -> Any:
    """A value that an engine returned, as the client gives it."""
    if value is None or value == "" or value != value:
        # NaN differs from itself.
        return None
    if isinstance(value, str):
        return _from_text(value, type_)
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date) and type_ is not ColumnType.STRING:
        return _from_date(value, type_)
    if type_ in _CONVERTERS:
        return _CONVERTERS[type_](value)
    if isinstance(value, float):
        return whole_as_int(value)
    return value if isinstance(value, (bool, int)) else str(value)


_CONVERTERS: Final[Mapping[ColumnType | None, Callable[[Any], Any]]] = {
    ColumnType.BOOLEAN: bool,
    ColumnType.INTEGER: int,
    ColumnType.STRING: str,
}


def _from_date(value: date, type_: ColumnType | None) -> date:
    """A moment in UTC, or the day of one."""
    if not isinstance(value, datetime):
        start = datetime(value.year, value.month, value.day, tzinfo=UTC)
        return value if type_ is ColumnType.DATE else start
    if type_ is ColumnType.DATE:
        return value.date()
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _from_text(text: str, type_: ColumnType | None) -> Any:
    if type_ is ColumnType.DATE:
        return date.fromisoformat(text[:10])
    if type_ is None or type_ is ColumnType.STRING:
        return text
    value = parse_value(text, type_)
    # Text that is not of the type is no data.
    return None if isinstance(value, str) else value
