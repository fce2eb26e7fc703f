"""Conditions on a column, as SQL text that is true of the rows that meet them.

Keys stand in it as blob literals, so that nothing in a value is ever read as SQL.
No data is NULL, and a comparison with NULL is not true: SQL's rule is the emulator's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from leadquery.emulator.collation import folded
from leadquery.emulator.storage import Column
from leadquery.wire.enums import Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter, PresenceFilter

NEVER: Final = "0"


def of_filter(column: Column, chosen: LeadFilter) -> str:
    """The condition of a lead filter."""
    if isinstance(chosen, ComparisonFilter):
        return _of_comparison(column, chosen)
    if isinstance(chosen, MembershipFilter):
        return one_of(column, chosen.values)
    return _of_presence(column, chosen)


def _of_comparison(column: Column, chosen: ComparisonFilter) -> str:
    if chosen.operator is Operator.CONTAINS:
        return contains(column, chosen.value)
    if chosen.operator is Operator.DOES_NOT_CONTAIN:
        return f"NOT {contains(column, chosen.value)}"
    key = column.kind(chosen.value)
    # The other comparisons of the API are written as in SQL.
    return NEVER if key is None else f"{column.key} {chosen.operator.token} {literal(key)}"


def _of_presence(column: Column, chosen: PresenceFilter) -> str:
    wanted = "NOT NULL" if chosen.operator is Operator.HAS_DATA else "NULL"
    return f"{column.text} IS {wanted}"


def one_of(column: Column, values: Iterable[str]) -> str:
    """Rows whose value equals one of the values."""
    keys = dict.fromkeys(map(column.kind, values))
    literals = ", ".join(literal(key) for key in keys if key is not None)
    return f"{column.key} IN ({literals})" if literals else NEVER


def contains(column: Column, value: str) -> str:
    """Rows whose text contains the value, literally and without regard to case."""
    return f"instr({column.folded}, {literal(folded(value))})"


def between(column: Column, low: bytes, high: bytes) -> str:
    """Rows whose key lies between two keys, both included."""
    return f"{column.key} BETWEEN {literal(low)} AND {literal(high)}"


def literal(key: bytes) -> str:
    """A key, as SQL writes it."""
    return f"X'{key.hex()}'"
