"""The tables of a statement: their names, and which column holds a field, and as what."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Final

from attrs import field as attribute, frozen
from sqlglot import exp

from leadquery._util.text import closest_match
from leadquery.errors import QueryError
from leadquery.sql.dialects import Dialect


class Kind(Enum):
    """How the values of a field compare."""

    TEXT = auto()
    NUMBER = auto()
    MOMENT = auto()
    BOOLEAN = auto()


class Storage(Enum):
    """What a column holds."""

    TEXT = auto()
    NUMBER = auto()
    INTEGER = auto()
    BOOLEAN = auto()
    MOMENT = auto()
    """A moment in UTC without a time zone."""
    AWARE_MOMENT = auto()
    DATE = auto()
    OTHER = auto()
    """A type that is compared as its text, such as UUID, or one that is not known."""


class Trait(Enum):
    """What all text of a column may have in common."""

    NUMBERS = auto()
    ASCII = auto()


@frozen
class Stored:
    """A column of a table: its name as SQL, and what it holds."""

    identifier: exp.Identifier
    storage: Storage


@frozen
class AssumedTable:
    """A table that nobody has looked at: its columns have the names and the types of the fields."""

    sql: exp.Table
    dialect: Dialect
    names: Mapping[str, str]

    def find(self, name: str, kind: Kind | None) -> Stored:
        """The column of a field. Without a kind, it may be of any type."""
        return Stored(identifier(self.names.get(name, name), self.dialect), self._storage(kind))

    def _storage(self, kind: Kind | None) -> Storage:
        if kind is None:
            return Storage.OTHER
        if kind is Kind.NUMBER:
            return Storage.NUMBER
        if kind is Kind.BOOLEAN:
            return Storage.BOOLEAN if self.dialect.has_booleans else Storage.INTEGER
        if kind is Kind.MOMENT and not self.dialect.dates_are_text:
            return Storage.AWARE_MOMENT if self.dialect.dates_are_aware else Storage.MOMENT
        return Storage.TEXT

    def ask(self, trait: Trait, column: str) -> None:
        """Whether all text of a column has a trait: not known."""

    def has(self, name: str) -> bool:
        """Whether there is a column for a field."""
        return True


@frozen
class KnownTable:
    """A table whose columns are known, by their names.

    `names` are the columns of fields that have other names, and `ask` looks at all values of one.
    `used` are the columns that were found, by their fields.
    """

    sql: exp.Table
    label: str
    columns: Mapping[str, Stored]
    names: Mapping[str, str]
    ask: Callable[[Trait, str], bool]
    used: dict[str, Stored] = attribute(factory=dict, kw_only=True)

    def find(self, name: str, kind: Kind | None) -> Stored:
        """The column of a field. Raises QueryError if there is none."""
        wanted = self.names.get(name, name)
        found = self._find(wanted)
        if found is None:
            near = closest_match(wanted.casefold(), {one.casefold(): one for one in self.columns})
            listed = ", ".join([*self.columns][:_MAX_NAMED])
            hint = f"the nearest is {near!r}" if near else f"it has {listed}"
            raise QueryError(
                f"{self.label} has no column {wanted!r}; {hint}; "
                f"write columns={{{name!r}: {near or '...'!r}}} if it has another name"
            )
        self.used[name] = found
        return found

    def _find(self, wanted: str) -> Stored | None:
        if wanted in self.columns:
            return self.columns[wanted]
        same = [one for one in self.columns if one.casefold() == wanted.casefold()]
        return self.columns[same[0]] if len(same) == 1 else None

    def has(self, name: str) -> bool:
        """Whether there is a column for a field."""
        return self._find(self.names.get(name, name)) is not None


_MAX_NAMED: Final = 8

Schema = AssumedTable | KnownTable


def identifier(name: str, dialect: Dialect, *, exact: bool = False) -> exp.Identifier:
    """A name as SQL, in quotes if it needs them, or with `exact` if letter case would change."""
    from sqlglot.dialects.dialect import Dialect as Parser

    if len(name) > 1 and name[0] == name[-1] and name[0] in '"`':
        return exp.to_identifier(name[1:-1].replace(name[0] * 2, name[0]), quoted=True)
    words = Parser.get_or_raise(dialect.name).tokenizer_class.KEYWORDS
    if dialect.name == "bigquery":
        # Its names have no dots, even in quotes.
        name = name.replace(".", "_")
    is_plain = _is_plain(name) and name.upper() not in words
    changes = exact and dialect.folds_names and name != dialect.folds_names(name)
    return exp.to_identifier(name, quoted=not is_plain or bool(changes))


_is_plain = re.compile("[A-Za-z_][A-Za-z0-9_]*").fullmatch


LEADS: Final = "leads"
USERS: Final = "users"
"""The names of the tables, unless others are given."""


@frozen
class Source:
    """Where the leads are: the table, and that of the users."""

    dialect: Dialect
    leads: Schema
    users: Schema | None = None
    exact: bool = False
    """Whether text is compared by its case folding, by a function of the connection."""

    @property
    def looked_at(self) -> bool:
        """Whether the columns are known, and moments are displayed in UTC without a time zone."""
        return isinstance(self.leads, KnownTable)

    def required_users(self) -> Schema:
        """The table of users. Raises QueryError if there is none."""
        if self.users is None:
            raise QueryError(
                "the query asks about the owners of leads, so it needs the table of users; "
                "write users='users', or its name"
            )
        return self.users

    @property
    def signature(self) -> tuple[object, ...]:
        """What a statement depends on, but for the query."""
        return tuple(
            tuple((name, one.storage) for name, one in table.columns.items())
            for table in (self.leads, self.users)
            if isinstance(table, KnownTable)
        )


def check_columns(columns: Mapping[str, str] | None) -> dict[str, str]:
    """The names of columns by field. Raises QueryError for anything but texts."""
    names = {} if columns is None else columns
    if not isinstance(names, Mapping):
        raise QueryError(
            f"columns= takes a dict of fields and columns, not {names!r}; "
            "write columns={'EngagementScore': 'engagement'}"
        )
    for name, column in names.items():
        if not isinstance(name, str) or not isinstance(column, str) or not column:
            raise QueryError(
                f"columns= has {name!r}: {column!r}; write the schema name of a field, and the "
                "name of its column, as in columns={'EngagementScore': 'engagement'}"
            )
    return dict(names)


def table_of(name: object, dialect: Dialect, argument: str) -> exp.Table:
    """A table by its name, which may have the name of its schema before it."""
    if not isinstance(name, str) or not name.strip():
        raise QueryError(f"{argument}= takes the name of a table such as 'crm.leads', not {name!r}")
    if '"' in name or "`" in name or "[" in name:
        return exp.to_table(name, dialect=dialect.name)
    *qualifiers, last = (identifier(part, dialect) for part in name.split("."))
    names = dict(zip(("db", "catalog"), reversed(qualifiers), strict=False))
    return exp.Table(this=last, **names)
