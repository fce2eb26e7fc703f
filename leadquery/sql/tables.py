"""The tables of a statement: of the leads, and of the users."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from attrs import frozen
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.sql.columns import KnownTable, Schema, identifier
from leadquery.sql.dialects import Dialect

LEADS: Final = "leads"
USERS: Final = "users"
"""The names of the tables, unless others are given."""


@frozen
class Source:
    """Where the leads are: the table, and that of the users."""

    dialect: Dialect
    leads: exp.Expr
    schema: Schema
    users: exp.Table | None = None
    user_schema: Schema | None = None
    exact: bool = False
    """Whether text is compared by its case folding, by a function of the connection."""
    looked_at: bool = False
    """Whether the columns are known, and moments are displayed in UTC without a time zone."""

    @property
    def signature(self) -> tuple[object, ...]:
        """What a statement depends on, but for the query."""
        schemas = (self.schema, self.user_schema)
        return tuple(
            tuple((name, one.storage) for name, one in schema.columns.items())
            for schema in schemas
            if isinstance(schema, KnownTable)
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
        return exp.to_table(name, dialect=dialect.parser)
    *qualifiers, last = (identifier(part, dialect) for part in name.split("."))
    names = dict(zip(("db", "catalog"), reversed(qualifiers), strict=False))
    return exp.Table(this=last, **names)
