"""The values of one field, or the users, cut into cells that no condition tells apart.

A set of cells is a mask: an integer with a bit for each cell. The last cell of a field holds the
leads without data in it. An axis knows the cells of each condition, and which sets of cells one
request can ask for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, Final, TypeVar

from leadquery.errors import UnsupportedQueryError
from leadquery.expr.user_field import UserPredicate, combine
from leadquery.wire.enums import LogicalOperator

MAX_ATOMS: Final = 8
"""The most conditions on one field, or on users, whose every combination is a cell of its own."""

_MAX_SEARCHED: Final = 9
"""On an axis with more cells only single cells and whole sets are asked for."""

SignedMasks = tuple[tuple[int, int], ...]
"""Sets of cells, each with the number of times it counts."""

T = TypeVar("T")


class TooManyRequestsError(Exception):
    """A question takes more requests than are allowed."""


class Axis(ABC):
    """The cells of one field or of the users."""

    def __init__(self, size: int, data: int) -> None:
        self.size = size
        self.full = (1 << size) - 1
        self.data = data
        self._requests: dict[int, Any] = {}
        self._sums: dict[tuple[int, bool], SignedMasks | None] = {}

    @abstractmethod
    def mask_of(self, condition: Any) -> int:
        """The cells in which a condition of the question holds."""

    @abstractmethod
    def _express(self, mask: int) -> Any:
        """What one request asks for some cells but not all; None if it cannot."""

    def request(self, mask: int) -> Any:
        """What one request asks for a set of cells: filters or users; None if it cannot."""
        if mask not in self._requests:
            self._requests[mask] = () if mask == self.full else self._express(mask)
        return self._requests[mask]

    def sum_of(self, mask: int, *, disjoint: bool) -> SignedMasks | None:
        """The fewest sets that a request can ask for, whose sum is a set of cells."""
        key = mask, disjoint
        if key not in self._sums:
            found = (self._search(mask, depth, disjoint=disjoint) for depth in range(1, 4))
            self._sums[key] = next(filter(None, found), None) or self._single_cells(mask)
        return self._sums[key]

    def _search(self, mask: int, depth: int, *, disjoint: bool) -> SignedMasks | None:
        if self.request(mask) is not None:
            return ((mask, 1),)
        if depth == 1 or self.size > _MAX_SEARCHED:
            return None
        for other in range(1, self.full + 1):
            if self.request(other) is None:
                continue
            if other & mask == other:
                rest, sign = mask & ~other, 1
            elif other & mask == mask and not disjoint:
                rest, sign = other & ~mask, -1
            else:
                continue
            found = self._search(rest, depth - 1, disjoint=disjoint)
            if found:
                return ((other, 1), *((cells, sign * times) for cells, times in found))
        return None

    def _single_cells(self, mask: int) -> SignedMasks | None:
        cells = [cell for cell in _bits(mask) if self.request(cell) is not None]
        return tuple((cell, 1) for cell in cells) if sum(cells) == mask else None


def _bits(mask: int) -> Iterator[int]:
    """The single cells of a set."""
    return (1 << cell for cell in range(mask.bit_length()) if mask >> cell & 1)


def mask_from(flags: Iterable[object]) -> int:
    return sum(1 << cell for cell, flag in enumerate(flags) if flag)


class UserAxis(Axis):
    """The users: a cell for each combination of the conditions on them."""

    def __init__(self, conditions: Sequence[UserPredicate]) -> None:
        self._conditions = tuple(dict.fromkeys(conditions))
        self._cells = combinations(len(self._conditions))
        size = len(self._cells)
        super().__init__(size, (1 << size) - 1)

    def mask_of(self, condition: UserPredicate) -> int:
        position = self._conditions.index(condition)
        return mask_from(cell[position] for cell in self._cells)

    def _express(self, mask: int) -> UserPredicate | None:
        """Conditions that all hold, or of which one holds: users have no opposite."""
        masks = {condition: self.mask_of(condition) for condition in self._conditions}
        inside = [condition for condition, its in masks.items() if its & mask == mask]
        parts = [condition for condition, its in masks.items() if its & mask == its]
        common, union = self.full, 0
        for condition in inside:
            common &= masks[condition]
        for condition in parts:
            union |= masks[condition]
        try:
            if inside and common == mask:
                return combine(LogicalOperator.AND, *inside) if len(inside) > 1 else inside[0]
            return combine(LogicalOperator.OR, *parts) if parts and union == mask else None
        except UnsupportedQueryError:
            return None


def combinations(atoms: int) -> list[tuple[bool, ...]]:
    if atoms > MAX_ATOMS:
        raise TooManyRequestsError
    return list(product((True, False), repeat=atoms))
