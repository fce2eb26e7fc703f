"""Names that are given as text, and stand near to those of standard fields."""

from __future__ import annotations

from leadquery import slips
from leadquery.payload.smells.misnamed import meant_field
from leadquery.words.literals import quoted


def is_doubtful(name: str) -> bool:
    """Whether another name was probably meant."""
    return meant_field(name) is not None


def doubt(name: str) -> str:
    """The name; where another one was probably meant, that is told at the line that names it."""
    stranger = meant_field(name)
    if stranger is not None:
        own = f"or Field({quoted(name)}) for a field of your own"
        slips.warn(f"{stranger.message}; {stranger.hint}, {own}")
    return name
