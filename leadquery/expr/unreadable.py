"""Values that the type of their field cannot read: one warning for them, wherever leads are."""

from __future__ import annotations

from typing import Any, Final

from leadquery._util.text import warn_user
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Boolean, Date, Number

_FORMS: Final[tuple[tuple[type[BaseField[Any]], str], ...]] = (
    (Number, "numbers as 1030 or 10.5"),
    (Date, "dates as YYYY-MM-DD HH:MM:SS, in UTC"),
    (Boolean, "1 or 0, or true or false"),
)
"""The text that is read as a value, by the type of the field."""


def warn_of_unreadable(column: str, field: BaseField[Any], count: int, example: str) -> None:
    """Warn of the values of a column that its field cannot read, which count as no data."""
    form = next(form for type_, form in _FORMS if isinstance(field, type_))
    found = f"a value that {field!r} cannot read, {example!r}, which counts as no data"
    if count > 1:
        found = (
            f"{count:,} values that {field!r} cannot read, such as {example!r}, which count as "
            "no data"
        )
    warn_user(f"the column {column!r} has {found}; write {form}")
