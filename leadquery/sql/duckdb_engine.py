"""DuckDB: connections to it, files and DataFrames."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import has_magic
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

from attrs import define, field as attribute, frozen
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.collation import text_key
from leadquery.result.frames import import_optional
from leadquery.sql.columns import Storage, Stored
from leadquery.sql.dialects import DIALECTS, Dialect
from leadquery.sql.from_where import LEADS, USERS
from leadquery.sql.sessions import Asked, Rows, Session, storage_of, unknown_table_error
from leadquery.sql.text_patterns import CASEFOLD


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
            raise unknown_table_error(table, error) from None
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


def own_duckdb(data: Any, users: Any, label: str) -> DuckDbEngine:
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
    duckdb = import_optional("Table", "duckdb")
    pattern, is_csv = find_files(data)
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
