"""What stands where no such thing belongs, and warnings at the line that brought them about."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping
from typing import NoReturn

from leadquery.errors import SlipError
from leadquery.slips.things import Asked


def warn(text: str) -> None:
    """Warn of something at the line outside this package that brought it about."""
    depth, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals["__name__"].startswith("leadquery."):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(text, stacklevel=depth)


def not_a_condition(value: object) -> NoReturn:
    """Refuse what `where` was given in place of a condition."""
    raise SlipError(elsewhere(value) or _given(value))


def elsewhere(value: object) -> str | None:
    """Where a word or a condition belongs, for one that stands in the wrong place."""
    text = value._slips.elsewhere if isinstance(value, Asked) else None
    return None if text is None else text.format(value)


def _given(value: object) -> str:
    if isinstance(value, bool):
        return (
            f"where({value}) holds a Python bool, not a condition: two things were compared that "
            "are no field of leadquery.fields, or a field with a value by `is`, `in` or `not`"
        )
    if isinstance(value, str):
        return (
            f"where({value[:60]!r}) holds a text; write the condition in Python: where(Score < 5)"
        )
    if isinstance(value, Iterable) and not isinstance(value, (Asked, Mapping, bytes)):
        return "where takes conditions one by one; write where(*conditions)"
    return f"where() takes conditions such as Score < 5, not {type(value).__name__}"
