"""The values of columns as SQL, each as how it compares."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from attrs import frozen
from sqlglot import exp

from leadquery.sql import date_patterns, patterns, text_patterns
from leadquery.sql.columns import Column, Kind, Storage
from leadquery.sql.dialects import Dialect
from leadquery.sql.text_patterns import differing, folded, folded_for

Expr = exp.Expr


@frozen
class Values:
    """The values of columns as SQL of a dialect, each as how it compares.

    With `exact`, text is compared by its case folding, by a function of the connection.
    """

    dialect: Dialect
    exact: bool = False

    def text(self, column: Column) -> Expr:
        """The value as text, as it is exported."""
        if column.storage is Storage.TEXT:
            return column.sql.copy()
        if column.storage is Storage.NUMBER:
            return text_patterns.text_of_number(self.dialect, column.sql)
        if column.storage is Storage.BOOLEAN:
            return text_patterns.text_of_truth(column.sql)
        if column.storage is Storage.DATE:
            return text_patterns.text_of_day(column.sql)
        if column.storage in _MOMENTS:
            aware = column.storage is Storage.AWARE_MOMENT
            local = date_patterns.local_time(self.dialect, self.moment(column), None, aware=aware)
            return text_patterns.text_of_moment(self.dialect, local)
        return patterns.cast_to(self.dialect, column.sql, self.dialect.text)

    def folded(self, column: Column) -> Expr:
        """The text without regard to case."""
        text = self.text(column)
        is_lowered = not self.exact or column.is_ascii()
        return (
            text_patterns.lowered(self.dialect, text) if is_lowered else folded(self.dialect, text)
        )

    def folded_for(self, column: Column, value: str, *, anywhere: bool = False) -> Expr:
        """The text without regard to case, to compare with a folded value."""
        text = self.text(column)
        lowers_all = self.dialect.name == "duckdb"
        is_same = lowers_all and not differing(value, anywhere=anywhere)
        if not self.exact or is_same or column.is_ascii():
            return text_patterns.lowered(self.dialect, text)
        if not lowers_all:
            return folded(self.dialect, text)
        return folded_for(self.dialect, text, value, anywhere=anywhere)

    def number(self, column: Column) -> Expr:
        """The value as a number; null for text that is none."""
        if column.storage in (Storage.NUMBER, Storage.INTEGER):
            return column.sql.copy()
        if column.has_empty_text:
            return text_patterns.number_of_text(self.dialect, self.text(column), exact=self.exact)
        if column.storage is Storage.BOOLEAN:
            return patterns.cast_to(self.dialect, column.sql, "INT")
        return patterns.cast_to(self.dialect, exp.Null(), "DOUBLE")

    def moment(self, column: Column) -> Expr:
        """The value as a moment in UTC; null for text that is none."""
        if column.has_empty_text:
            return text_patterns.moment_of_text(self.dialect, self.text(column), exact=self.exact)
        if column.storage in (Storage.MOMENT, Storage.AWARE_MOMENT):
            return column.sql.copy()
        day = column.sql if column.storage is Storage.DATE else exp.Null()
        return patterns.cast_to(self.dialect, day, self.dialect.timestamp)

    def truth(self, column: Column) -> Expr:
        """The value as true or false; null for text that is neither."""
        if column.has_empty_text:
            return text_patterns.truth_of_text(self.dialect, self.text(column))
        if column.storage in _MOMENTS:
            return patterns.cast_to(self.dialect, exp.Null(), "BOOLEAN")
        return column.sql.copy()

    def truth_literal(self, column: Column, *, value: bool) -> Expr:
        """True or false, as the column holds it."""
        if column.storage in (Storage.INTEGER, Storage.NUMBER):
            return exp.Literal.number(int(value))
        return patterns.truth_literal(self.dialect, value)

    def moment_literal(self, column: Column, moment: datetime) -> Expr:
        """A moment, to compare with a column."""
        aware = column.storage is Storage.AWARE_MOMENT
        return patterns.moment_literal(self.dialect, moment, aware=aware)

    def has_data(self, column: Column) -> Expr:
        """The condition that there is a value."""
        if column.kind is not Kind.TEXT:
            return patterns.has_value(self.value(column))
        if not column.has_empty_text:
            return patterns.has_value(column.sql)
        return patterns.has_text(self.dialect, column.sql, self.text(column))

    def has_no_data(self, column: Column) -> Expr:
        """The condition that there is no value."""
        if column.kind is not Kind.TEXT:
            return patterns.has_no_value(self.value(column))
        if not column.has_empty_text:
            return patterns.has_no_value(column.sql)
        return patterns.has_no_text(self.dialect, column.sql, self.text(column))

    def value(self, column: Column) -> Expr:
        """The value as it compares, or null."""
        return _VALUES[column.kind](self, column)

    def text_or_null(self, column: Column) -> Expr:
        """The text, without regard to case; null if it is empty."""
        return self.filled(column, self.folded(column))

    def filled(self, column: Column, text: Expr) -> Expr:
        """The text of a column; null if it is empty."""
        return patterns.text_or_null(self.dialect, text) if column.has_empty_text else text


_MOMENTS: Final = (Storage.MOMENT, Storage.AWARE_MOMENT, Storage.DATE)


_VALUES: Final[dict[Kind, Callable[[Values, Column], Expr]]] = {
    Kind.TEXT: Values.text_or_null,
    Kind.NUMBER: Values.number,
    Kind.MOMENT: Values.moment,
    Kind.BOOLEAN: Values.truth,
}
