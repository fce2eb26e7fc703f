"""Text on a screen: how wide it is, and what is safe to print."""

from __future__ import annotations

from typing import Final
from unicodedata import category, east_asian_width

_LONGEST: Final = 60
"""The most characters that are shown of a value."""


def columns(text: str) -> int:
    """Columns on a screen; most East Asian letters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(one) in ("Mn", "Me") else 2 if east_asian_width(one) in "WF" else 1
        for one in text
    )


def shown(value: object) -> str:
    """A value as it may stand in a line: on one line, cut, and by its kind where its repr fails."""
    try:
        text = escaped(repr(value))
    except Exception:  # noqa: BLE001 - the repr is the user's own code.
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def escaped(text: str) -> str:
    """A text as it may stand in a line: what cannot be printed, or would steer a terminal, is
    written as Python escapes it.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )
