"""Names that are given as text, and stand near to those of standard fields."""

from __future__ import annotations

from leadquery._util.text import quote
from leadquery._util.warn import warn_user
from leadquery.lint.rules.names import suggest_field


def is_suspicious(name: str) -> bool:
    """Whether another name was probably meant."""
    return suggest_field(name) is not None


def warn_if_suspicious(name: str) -> str:
    """The name; where another one was probably meant, that is told at the line that names it."""
    stranger = suggest_field(name)
    if stranger is not None:
        own = f"or Field({quote(name)}) for a field of your own"
        warn_user(f"{stranger.message}; {stranger.hint}, {own}")
    return name
