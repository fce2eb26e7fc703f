"""The mistakes in twenty invalid payloads, and how messages are matched with them.

The mistakes are in payloads/mistakes.json, by case: line and column, path, keywords for the
mistake, and texts for the correction.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple

import attrs

HERE = Path(__file__).parent
CASES = HERE.parent / "cases" / "bad"
_WHOLE = "is not valid under any of the given schemas"


@attrs.frozen
class Mistake:
    """One mistake in a payload. `place` is its line and column."""

    place: str
    path: str
    says: list[str]
    write: list[str]

    def is_named_by(self, message: Message) -> bool:
        """Whether a message is at the mistake, its object or its line, and mentions it."""
        if message.path is None:
            return message.line == self.line
        # One of them does not say which entry of a list it means.
        paths = (self.path, self.holder)
        near = {*paths, *(re.sub(r"\[\d+]", "[...]", path) for path in paths)}
        return message.path in near and any(text in message.message for text in self.says)

    def is_pointed_at_by(self, message: Message) -> bool:
        """Whether a message has its path, or that of its object and the name of its key.

        A message that prints the whole object does not count.
        """
        key = self.path.removeprefix(self.holder).strip(".")
        names = (
            re.search(f"['`]{re.escape(key)}['`]", message.message)
            and _WHOLE not in message.message
        )
        return message.path == self.path or (message.path == self.holder and bool(names))

    @property
    def holder(self) -> str:
        """The path of its object or list."""
        return self.path.rpartition("[" if self.path.endswith("]") else ".")[0]

    def is_placed_by(self, message: Message) -> bool:
        """Whether a message has its line and column."""
        return message.place == self.place

    def is_corrected_by(self, message: Message) -> bool:
        """Whether a message contains the correction."""
        return any(text in message.message for text in self.write)

    @property
    def line(self) -> str:
        return self.place.partition(":")[0]


class Message(NamedTuple):
    """A message, with its path and place if it has them."""

    message: str
    path: str | None = None
    place: str | None = None
    has_fix: bool = False

    @property
    def line(self) -> str | None:
        return self.place.partition(":")[0] if self.place else None


class Score(NamedTuple):
    """How many mistakes a validator reports, by criterion."""

    named: int = 0
    path: int = 0
    place: int = 0
    corrected: int = 0
    fixed: int = 0

    def plus(self, mistake: Mistake, messages: list[Message]) -> Score:
        """The score after one more mistake, given all messages about its payload."""
        of_it = [one for one in messages if mistake.is_named_by(one)]
        return Score(
            self.named + bool(of_it),
            self.path + any(map(mistake.is_pointed_at_by, of_it)),
            self.place + any(map(mistake.is_placed_by, of_it)),
            self.corrected + any(map(mistake.is_corrected_by, of_it)),
            self.fixed + any(one.has_fix for one in of_it),
        )


def mistakes_by_file() -> dict[Path, list[Mistake]]:
    """The mistakes of each payload."""
    listed = json.loads((HERE / "payloads" / "mistakes.json").read_bytes())
    return {CASES / f"{name}.json": [Mistake(**one) for one in of] for name, of in listed.items()}
