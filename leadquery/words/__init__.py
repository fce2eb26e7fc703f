"""The kinds of field, and how they become conditions."""

from leadquery.words.condition import Condition
from leadquery.words.kinds import (
    Boolean,
    Choice,
    Column,
    Date,
    DateTime,
    Field,
    Identifier,
    Number,
    Text,
    Time,
)
from leadquery.words.word import Word

__all__ = [
    "Boolean",
    "Choice",
    "Column",
    "Condition",
    "Date",
    "DateTime",
    "Field",
    "Identifier",
    "Number",
    "Text",
    "Time",
    "Word",
]
