"""Which values have been met, in bounded memory."""

from __future__ import annotations

from array import array
from collections.abc import Hashable
from typing import Final

FEWEST: Final = 1 << 10

MOST: Final = 1 << 21
"""Places of a table, 8 bytes each."""


class BoundedHashSet:
    """Tells whether a value is new. It remembers at least the last million values.

    Values are known by 64 bits of their hash: of a million, two are taken for one once in forty
    million runs. Tables are at most half full, and hold 8 bytes a place: 32 MB in all.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._table = _empty(FEWEST)
        self._older = _empty(FEWEST)
        self._held = 0

    def add(self, value: Hashable) -> bool:
        """Remember a value; whether it is new."""
        # Zero marks a place that is free.
        mark = hash(value) & _BITS or _BITS
        place = _place(self._table, mark)
        if self._table[place] or self._older[_place(self._older, mark)]:
            return False
        self._table[place] = mark
        self._held += 1
        if self._held * 2 > len(self._table):
            self._make_room()
        return True

    def _make_room(self) -> None:
        if len(self._table) >= self._most:
            self._older, self._table, self._held = self._table, _empty(FEWEST), 0
            return
        larger = _empty(len(self._table) * 2)
        for mark in filter(None, self._table):
            larger[_place(larger, mark)] = mark
        self._table = larger


def _empty(size: int) -> array[int]:
    return array("Q", bytes(8 * size))


def _place(table: array[int], mark: int) -> int:
    """Where a mark stands, or would."""
    last = len(table) - 1
    place = mark & last
    while table[place] and table[place] != mark:
        place = (place + 1) & last
    return place


_BITS: Final = (1 << 64) - 1
