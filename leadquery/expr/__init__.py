"""Fields, the conditions they make, and the Python source of both.

Start reading at `field.py` (the base class), `field_types.py` (the operators of each type) and
`predicate.py` (`&`, `|` and `~`). `user_field.py` has the same for users.
`registry.py` finds the standard fields, which are defined in `leadquery.fields`. A condition holds
an object of `leadquery.wire`; ranges of dates come from `leadquery.periods`.
"""

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
from leadquery.expr.predicate import CompoundPredicate, Condition, OtherOwners, Predicate

__all__ = [
    "BaseField",
    "Boolean",
    "Choice",
    "CompoundPredicate",
    "Condition",
    "Date",
    "DateTime",
    "DerivedColumn",
    "Field",
    "Identifier",
    "Number",
    "OtherOwners",
    "Predicate",
    "Text",
    "Time",
]
