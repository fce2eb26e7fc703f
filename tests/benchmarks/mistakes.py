"""The mistakes of twenty wrong payloads, and when a message is taken to be about one of them.

They were found by hand and stand in payloads/mistakes.json, by the cases they are in: the place
and the path of each, words of which a message that speaks of it has one, and texts of which a
message that says what to write has one.
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
    """One mistake of a payload. `place` is its line and column."""

    place: str
    path: str
    says: list[str]
    write: list[str]

    def is_named_by(self, said: Said) -> bool:
        """Whether a message points at the mistake, its object or its line, and speaks of it."""
        if said.path is None:
            return said.line == self.line
        # One of them does not say which entry of a list it means.
        paths = (self.path, self.holder)
        near = {*paths, *(re.sub(r"\[\d+]", "[...]", path) for path in paths)}
        return said.path in near and any(word in said.message for word in self.says)

    def is_pointed_at_by(self, said: Said) -> bool:
        """Whether a message has its path, or that of its object and the name of its key.

        A message that writes out the whole object names no key of it.
        """
        key = self.path.removeprefix(self.holder).strip(".")
        names = re.search(f"['`]{re.escape(key)}['`]", said.message) and _WHOLE not in said.message
        return said.path == self.path or (said.path == self.holder and bool(names))

    @property
    def holder(self) -> str:
        """The path of its object or list."""
        return self.path.rpartition("[" if self.path.endswith("]") else ".")[0]

    def is_placed_by(self, said: Said) -> bool:
        """Whether a message holds the line and the column."""
        return said.place == self.place

    def is_answered_by(self, said: Said) -> bool:
        """Whether a message holds what to write."""
        return any(word in said.message for word in self.write)

    @property
    def line(self) -> str:
        return self.place.partition(":")[0]


class Said(NamedTuple):
    """A message; its path and its place, where it has them."""

    message: str
    path: str | None = None
    place: str | None = None
    mends: bool = False

    @property
    def line(self) -> str | None:
        return self.place.partition(":")[0] if self.place else None


class Score(NamedTuple):
    """What a validator is good for, of all mistakes."""

    named: int = 0
    path: int = 0
    place: int = 0
    answered: int = 0
    fixed: int = 0

    def plus(self, mistake: Mistake, said: list[Said]) -> Score:
        """With one more mistake, and all that is said of its payload."""
        of_it = [one for one in said if mistake.is_named_by(one)]
        return Score(
            self.named + bool(of_it),
            self.path + any(map(mistake.is_pointed_at_by, of_it)),
            self.place + any(map(mistake.is_placed_by, of_it)),
            self.answered + any(map(mistake.is_answered_by, of_it)),
            self.fixed + any(one.mends for one in of_it),
        )


def mistakes_by_file() -> dict[Path, list[Mistake]]:
    """The mistakes of each payload."""
    listed = json.loads((HERE / "payloads" / "mistakes.json").read_bytes())
    return {CASES / f"{name}.json": [Mistake(**one) for one in of] for name, of in listed.items()}
