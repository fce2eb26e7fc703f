"""The keys of GROUP BY: what is displayed of each, grouped by, and sorted by."""

from __future__ import annotations

import attrs
from attrs import frozen
from sqlglot import exp
from sqlglot.expressions import Expr

from leadquery.expr.group_key import Bins, DateBucket, GroupKey, NamedPeriods, key_field, key_name
from leadquery.sql import date_patterns, patterns, text_patterns
from leadquery.sql.tables import Kind, Storage
from leadquery.sql.writer.columns import Column
from leadquery.sql.writer.from_where import FromWhere
from leadquery.users import UserID


@frozen
class Key:
    """A group key: what is displayed, what is grouped by, and what it is sorted by.

    A text is `MIN(city)` for the reader, grouped by `LOWER(city)`, as one spelling of each.
    """

    name: str
    displayed: Expr
    grouped: Expr
    order: Expr


class GroupKeys:
    """Writes the group keys of a query."""

    def __init__(self, leads: FromWhere) -> None:
        self._leads, self._dialect, self._columns = leads, leads.dialect, leads.columns

    def written(self, key: GroupKey) -> Key:
        """A group key of the leads, or of the owners that are listed."""
        name = key_name(key)
        if self._leads.lists_owners:
            user = self._columns.user_attribute(UserID.name)
            return self._text(name, exp.Min(this=user.sql), exp.column("owner_key"))
        if isinstance(key, NamedPeriods):
            label = exp.column(f"{name}_label")
            return self._text(name, label, label)
        return self._of_column(key, self._columns.find(key_field(key)))

    def _of_column(self, key: GroupKey, column: Column) -> Key:
        """A group key, by the column that it is computed from."""
        name = key_name(key)
        if isinstance(key, Bins):
            label = patterns.bins_of(column.number(), key)
            return self._text(name, label, label)
        if isinstance(key, DateBucket):
            return self._typed(name, self.bucket(key, column))
        grouped = column.value()
        if column.kind is Kind.MOMENT:
            grouped = date_patterns.to_second(self._dialect, grouped)
        if not self.is_text(key):
            return self._typed(name, grouped)
        spelling = exp.Min(this=column.filled(column.text()))
        if column.kind is Kind.TEXT:
            return self._text(name, spelling, grouped)
        return Key(name, spelling, grouped, order=grouped)

    def _text(self, name: str, displayed: Expr, grouped: Expr) -> Key:
        """A key that is grouped by text, and sorted by its characters."""
        return Key(name, displayed, grouped, text_patterns.ordered(self._dialect, grouped.copy()))

    def _typed(self, name: str, value: Expr) -> Key:
        """A key that displays what is grouped by. A sort key names its column, where it may."""
        order = value if self._dialect.nulls_are_small else self._leads.named(name)
        return Key(name, value, value, order)

    def is_text(self, key: GroupKey) -> bool:
        """Whether a key groups text, of which one spelling is displayed."""
        if not isinstance(key, str):
            return False
        column = self._columns.find(key)
        is_untyped = column.storage is Storage.TEXT and self._columns.is_untyped(key)
        return column.kind is Kind.TEXT or is_untyped

    def bucket(self, key: DateBucket, column: Column) -> Expr:
        """The first day of the period that a date is in."""
        local = column.local_time(key.tz)
        return date_patterns.first_day_of(self._dialect, local, key.unit, key.week_starts)

    def of_step(self) -> list[Key]:
        """The keys of groups that a step in WITH has found, by the names of their columns."""
        return [self._of_step(key) for key in self._leads.wanted.keys]

    def _of_step(self, key: GroupKey) -> Key:
        name = key_name(key)
        column = self._leads.named(name)
        if self.is_text(key):
            kind = self._columns.find(key_field(key)).kind
            named = Column(self._dialect, self._leads.source.exact, column, Storage.TEXT, kind)
            if named.kind is not Kind.TEXT:
                return self._of_column(key, named)
            return self._text(name, exp.Min(this=column), named.folded())
        if isinstance(key, (Bins, NamedPeriods)):
            return self._text(name, column, column)
        return self._typed(name, column)

    def of_spellings(self, key: GroupKey) -> Key:
        """A group key of the groups of spellings, by their column."""
        if not self.is_text(key):
            return self._of_step(key)
        column = self._columns.find(key_field(key))
        again = attrs.evolve(column, sql=self._leads.named(key_name(key)), ask_ascii=bool)
        return self._of_column(key, again)
