"""Connections while a query runs, and what their columns hold."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cache, partial
from typing import Any, Final, NamedTuple, Protocol

from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.sql import patterns, text_patterns
from leadquery.sql.columns import KnownTable, Storage, Stored, Trait, identifier
from leadquery.sql.conditions import all_of
from leadquery.sql.dialects import Dialect
from leadquery.sql.from_where import Source
from leadquery.users import UserID
from leadquery.wire.enums import USER_IDS

Rows = Sequence[Sequence[Any]]


class Engine(Protocol):
    """Where leads are. `label` names it."""

    @property
    def label(self) -> str: ...

    def opened(self) -> AbstractContextManager[Session]: ...


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
            statement = _others(
                table.sql(self.dialect.parser), trait, column, self.dialect, self.exact
            )
            self.traits[key] = not self.execute(statement)
        return self.traits[key]


class Asked(NamedTuple):
    """A question about all text of a column."""

    table: exp.Table
    trait: Trait
    column: str


@cache
def _others(table: str, trait: Trait, column: str, dialect: Dialect, exact: bool) -> str:
    """The statement that finds text that does not have a trait."""
    x = exp.column(identifier(column, dialect, exact=True))
    found = _OTHERS[trait](dialect, x, exact=exact)
    select = exp.select(exp.Literal.number(1)).from_(exp.to_table(table, dialect=dialect.parser))
    return select.where(found).limit(1).sql(dialect.parser)


def _not_numbers(dialect: Dialect, x: exp.Expr, *, exact: bool) -> exp.Expr:
    number = text_patterns.number_of_text(dialect, x, exact=exact)
    return all_of(patterns.has_text(dialect, x, x), patterns.has_no_value(number))


def _not_ascii(dialect: Dialect, x: exp.Expr, **_: bool) -> exp.Expr:
    return exp.Not(this=text_patterns.is_ascii(dialect, x))


_OTHERS: Final[Mapping[Trait, Callable[..., exp.Expr]]] = {
    Trait.NUMBERS: _not_numbers,
    Trait.ASCII: _not_ascii,
}
"""The conditions for text that does not have a trait."""


def _name(table: exp.Table) -> str:
    return repr(table.sql().replace('"', ""))


def unknown_table_error(table: exp.Table, error: Exception | None = None) -> QueryError:
    reason = "" if error is None else f": {str(error).strip().partition(chr(10))[0]}"
    return QueryError(
        f"there is no table {_name(table)} to read{reason}; write its name, as in "
        "Table(connection, 'crm.leads')"
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
