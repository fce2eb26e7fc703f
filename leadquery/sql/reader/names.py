"""The columns of a statement as lead fields and user attributes."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.expr.field_types import Field
from leadquery.expr.user_field import Attribute
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.name_index import (
    MatchKind,
    NameIndex,
    is_custom,
    standard_fields,
    user_attributes,
)
from leadquery.sql.reader.statement import UnreadableError, unreadable
from leadquery.users import STANDARD as ATTRIBUTES

if TYPE_CHECKING:
    from sqlglot import exp

    from leadquery.expr.field import BaseField

_CERTAIN: Final = (MatchKind.LETTER_CASE, MatchKind.DISPLAY_NAME)
"""How a name may differ from that of its field."""


@attrs.frozen(slots=False, eq=False)
class Names:
    """The lead fields that columns may stand for, and the table that they are columns of.

    Without a catalog, these are the standard fields, and any field of an account.
    """

    catalog: FieldCatalog | None = None
    table: str | None = None

    @cached_property
    def _index(self) -> NameIndex:
        return standard_fields() if self.catalog is None else self.catalog.names

    def get(self, name: str) -> BaseField[Any] | None:
        """The field with a schema name, a name in another letter case, or a display name."""
        known = STANDARD if self.catalog is None else self.catalog
        found = known.get(name)
        if found is not None:
            return found
        match = self._index.exact(name)
        if match is not None and match.kind in _CERTAIN and match.single:
            return known.get(match.single)
        return None

    def field(self, column: exp.Column) -> BaseField[Any]:
        """The field of a column. Raises UnreadableError for an unknown one."""
        name = _column_name(column, self.table)
        found = self.get(name)
        if found is not None:
            return found
        match = self._index.exact(name) or self._index.misspelled(name)
        if self.catalog is None and (is_custom(name) or match is None):
            return _own_field(name, column)
        hint = f"did you mean {match}?" if match else "write the schema name of one of its fields"
        owner = "leads have" if self.catalog is None else "the account has"
        raise UnreadableError(column, f"{owner} no column {describe_json(name)}; {hint}")

    def inside(self, table: str | None) -> Names:
        """The same fields, as columns of a table of this name."""
        return attrs.evolve(self, table=table)


def _own_field(name: str, column: exp.Column) -> BaseField[Any]:
    try:
        return Field(name)
    except QueryError as error:
        raise unreadable(column, error) from None


def attribute(column: exp.Column, table: str | None) -> Attribute:
    """The user attribute of a column. Raises UnreadableError for a misspelt one."""
    name = _column_name(column, table)
    found = ATTRIBUTES.get(name)
    if found is not None:
        return found
    match = user_attributes().exact(name)
    if match is not None and match.kind in _CERTAIN and match.single:
        return ATTRIBUTES[match.single]
    match = match or user_attributes().misspelled(name)
    if match is not None:
        message = f"users have no column {describe_json(name)}; did you mean {match}?"
        raise UnreadableError(column, message)
    return Attribute(name)


def _column_name(column: exp.Column, table: str | None) -> str:
    """The name of a column. Raises UnreadableError for the column of another table."""
    if column.table and (table is None or column.table.casefold() != table.casefold()):
        known = f"write {table}.{column.name}" if table else f"write {column.name}"
        raise UnreadableError(
            column, f"there is no table {column.table!r} in FROM; {known}, or leave the table out"
        )
    return column.name


def table_name(table: exp.Table) -> str:
    """The name by which columns name their table: its alias, or its own name."""
    return table.alias_or_name
