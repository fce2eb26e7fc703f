"""Texts as Python writes them. Loaded with the first query, so it is small."""

from __future__ import annotations

from typing import Final

exact_str: Final = str.__str__
"""The text that a text is; a subclass, such as an enumeration, may say itself otherwise."""


def quote(text: str) -> str:
    """A text as a literal, in double quotes where that takes no more backslashes."""
    quote = '"' if text.count('"') <= text.count("'") else "'"
    return f"{quote}{''.join(_escaped(one, quote) for one in text)}{quote}"


def literal(value: object) -> str:
    """Any value as a message shows it in a line of Python."""
    return quote(value) if isinstance(value, str) else repr(value)


def _escaped(one: str, quote: str) -> str:
    if one in (quote, "\\"):
        return f"\\{one}"
    return one if one.isprintable() else repr(one)[1:-1]
