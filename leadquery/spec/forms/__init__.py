"""The forms of a value: how it is written, how it is read, what its schema is.

Both directions stand side by side. `write_source` and `clean_source` give the same two as source,
for the functions that `leadquery.payload.compiled` makes of them.
"""

from __future__ import annotations

from typing import Any

from leadquery.spec.forms.choices import OneOf, Open
from leadquery.spec.forms.moments import FIRST, LAST, Moment, moment, timestamp
from leadquery.spec.forms.numbers import LARGEST, WholeNumber
from leadquery.spec.forms.texts import BLANKS, Columns, Filled, Nothing, Text, name, value, values

Leaf = Filled | Nothing | WholeNumber | Moment | OneOf[Any] | Open[Any] | Columns

__all__ = [
    "BLANKS",
    "FIRST",
    "LARGEST",
    "LAST",
    "Columns",
    "Filled",
    "Leaf",
    "Moment",
    "Nothing",
    "OneOf",
    "Open",
    "Text",
    "WholeNumber",
    "moment",
    "name",
    "timestamp",
    "value",
    "values",
]
