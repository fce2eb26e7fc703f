"""A line of a payload or a program as it is shown: cut to what fits, and safe to print."""

from __future__ import annotations

from itertools import accumulate
from typing import Final, NamedTuple
from unicodedata import category, east_asian_width

_MAX_BEFORE: Final = 30
"""The most characters that are shown before a place, where a line is cut."""


class Snippet(NamedTuple):
    """A line, or a part of it, and the marks that point at a place in it."""

    line: str
    marks: str


def snippet(line: str, column: int, width: int, room: int) -> Snippet:
    """The part of a line around a place; `column` counts from 1, `room` is in columns."""
    at = column - 1
    # A caret may stand behind the last character.
    start = 0 if _fits_width(line, room - (at >= len(line))) else max(0, at - _MAX_BEFORE)
    shown = "…" * bool(start) + _truncate(line, start, room - bool(start))
    before = at - start + bool(start)
    marked = max(1, min(width, len(shown) - before))
    marks = " " * display_width(shown[:before]) + "^" * max(
        1, display_width(shown[before : before + marked])
    )
    return Snippet(shown, marks)


def _fits_width(line: str, room: int) -> bool:
    return len(line) <= room and display_width(_replace_unprintable(line)) <= room


def _truncate(line: str, start: int, room: int) -> str:
    """What fits of a line from a place on; it ends in '…' where something is left out."""
    text = _replace_unprintable(line[start : start + room])
    if start + room >= len(line) and display_width(text) <= room:
        return text
    ends = accumulate(map(display_width, text))
    return text[: sum(end < room for end in ends)] + "…"


def _replace_unprintable(text: str) -> str:
    """The same number of characters; a tab is a blank."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else "\ufffd" for one in text.replace("\t", " "))


_MAX_REPR: Final = 60
"""The most characters that are shown of a value."""


def display_width(text: str) -> int:
    """Columns on a screen; most East Asian letters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(one) in ("Mn", "Me") else 2 if east_asian_width(one) in "WF" else 1
        for one in text
    )


def safe_repr(value: object) -> str:
    """A value as it may stand in a line: on one line, cut, and by its kind where its repr fails."""
    try:
        text = escape_unprintable(repr(value))
    except Exception:  # noqa: BLE001 - the repr is the user's own code.
        return f"<{type(value).__name__}>"
    return text if len(text) <= _MAX_REPR else f"{text[:_MAX_REPR]}..."


def escape_unprintable(text: str) -> str:
    """A text as it may stand in a line: what cannot be printed, or would steer a terminal, is
    written as Python escapes it.
    """
    if text.isprintable():
        return text
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in text
    )


exact_str: Final = str.__str__
"""The text that a text is; a subclass, such as an enumeration, may say itself otherwise."""


def quote(text: str) -> str:
    """A text as a literal, in double quotes where that takes no more backslashes."""
    quote = '"' if text.count('"') <= text.count("'") else "'"
    return f"{quote}{''.join(_escape_character(one, quote) for one in text)}{quote}"


def python_literal(value: object) -> str:
    """Any value as a message shows it in a line of Python."""
    return quote(value) if isinstance(value, str) else repr(value)


def _escape_character(one: str, quote: str) -> str:
    if one in (quote, "\\"):
        return f"\\{one}"
    return one if one.isprintable() else repr(one)[1:-1]


def describe_json(value: object) -> str:
    """A JSON value in a message: text and numbers shortened, anything else by its type."""
    if isinstance(value, str):
        return repr(value) if len(value) <= 60 else f"{value[:57]!r}…"
    if isinstance(value, (bool, list, dict)) or value is None:
        return json_type_name(value)
    if isinstance(value, int) and value.bit_length() > 190:
        return "a very large number"
    return str(value)[:60] if isinstance(value, (int, float)) else json_type_name(value)


def json_type_name(value: object) -> str:
    """The type of a JSON value in plain words: 'a list', 'an object', 'null'."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    for types, name in _JSON_TYPES:
        if isinstance(value, types):
            return name
    return f"a Python {type(value).__name__}"


_JSON_TYPES = ((str, "text"), (list, "a list"), (dict, "an object"), ((int, float), "a number"))
