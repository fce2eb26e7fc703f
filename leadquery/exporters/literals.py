"""How a language writes a payload as a literal of its own: objects, lists, texts and numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from attrs import frozen

from leadquery.lint.diagnostics import Json

STEP: Final = 4
"""Blanks that an entry stands further in than its object."""


@frozen
class LiteralSyntax:
    """The signs of a language.

    `opening` and `closing` are those of an object; of an entry, `pair` stands between key and
    value, and `comma` behind it. Entries of lists have a comma between them, and `last` ends them.
    `empty` is an object without entries; no list of a payload is without them.
    """

    text: Callable[[str], str]
    opening: str
    closing: str
    pair: str
    comma: str
    brackets: tuple[str, str]
    last: str
    empty: str

    def literal(self, value: Json, indent: int = 0) -> str:
        """A payload, one entry on a line."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, int):
            return str(value)
        inner = indent + STEP
        if value == {}:
            return self.empty
        if isinstance(value, dict):
            entries = [
                f"{self.text(key)}{self.pair}{self.literal(one, inner)}{self.comma}"
                for key, one in value.items()
            ]
            return _lines(self.opening, entries, self.closing, indent)
        texts = [self.literal(one, inner) for one in value]
        ends = [","] * (len(texts) - 1) + [self.last]
        listed = [f"{text}{end}" for text, end in zip(texts, ends, strict=True)]
        return _lines(self.brackets[0], listed, self.brackets[1], indent)


def _lines(first: str, entries: list[str], last: str, indent: int) -> str:
    pad = " " * (indent + STEP)
    return "\n".join([first, *(f"{pad}{one}" for one in entries), f"{' ' * indent}{last}"])


def depth(value: Json) -> int:
    """How many objects and lists stand in each other at most."""
    inner = value.values() if isinstance(value, dict) else value
    return 1 + max((depth(one) for one in inner if isinstance(one, (dict, list))), default=0)
