"""The kinds of field, and how they become conditions."""

from __future__ import annotations

from leadquery.expr.field import BaseField
from leadquery.expr.field_types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DerivedColumn,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
from leadquery.expr.predicate import Predicate

__all__ = [
    "BaseField",
    "Boolean",
    "Choice",
    "Date",
    "DateTime",
    "DerivedColumn",
    "Field",
    "Identifier",
    "Number",
    "Predicate",
    "Text",
    "Time",
]
