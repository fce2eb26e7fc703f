"""The values of one field, or the users, cut into cells that no condition tells apart.

A set of cells is a mask: an integer with a bit for each cell. The last cell of a field holds the
leads without data in it. An axis knows the cells of each condition, and which sets of cells one
request can ask for.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, reduce
from itertools import product
from operator import and_, or_
from typing import Any, Final

from attrs import define

from leadquery.errors import UnsupportedQueryError
from leadquery.expr.user_field import UserPredicate, combine
from leadquery.wire.enums import LogicalOperator

MAX_ATOMS: Final = 8
"""The most conditions on one field, or on users, whose every combination is a cell of its own."""

_MAX_SEARCHED: Final = 20_000
"""The most values in all sets of cells of an axis; with more, sets are sums of single cells."""

SignedMasks = tuple[tuple[int, int], ...]
"""Sets of cells, each with the number of times it counts."""


class TooManyRequestsError(Exception):
    """A question takes more requests than are allowed."""


class TooMuchEffortError(TooManyRequestsError):
    """A question takes too long to plan."""


@define
class Effort:
    """The work that planning may take, in operations of about a microsecond."""

    limit: int
    spent: int = 0

    def spend(self, work: int) -> None:
        """Count some work. Raises TooMuchEffortError beyond the limit."""
        self.spent += work
        if self.spent > self.limit:
            raise TooMuchEffortError


class Axis(ABC):
    """The cells of one field or of the users, which `values` values or conditions divide."""

    def __init__(self, size: int, data: int, values: int) -> None:
        self.size = size
        self._values = values
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

    def sum_of(self, mask: int, effort: Effort, *, disjoint: bool) -> SignedMasks | None:
        """The fewest sets that a request can ask for, whose sum is a set of cells."""
        key = mask, disjoint
        if key not in self._sums:
            self._sums[key] = self._find_sum(mask, effort, disjoint=disjoint)
        return self._sums[key]

    def _find_sum(self, mask: int, effort: Effort, *, disjoint: bool) -> SignedMasks | None:
        if self.request(mask) is not None:
            return ((mask, 1),)
        if self.full * (self._values + 1) <= _MAX_SEARCHED:
            effort.spend(self.full)
            for depth in (2, 3):
                found = self._search(mask, depth, effort, disjoint=disjoint)
                if found:
                    return found
        cells = list(_bits(mask))
        effort.spend(len(cells))
        if any(self.request(cell) is None for cell in cells):
            return None
        return tuple((cell, 1) for cell in cells)

    @cached_property
    def _sets(self) -> list[int]:
        """The sets of cells that one request can ask for."""
        return [mask for mask in range(1, self.full + 1) if self.request(mask) is not None]

    def _search(
        self, mask: int, depth: int, effort: Effort, *, disjoint: bool
    ) -> SignedMasks | None:
        if depth == 1:
            return ((mask, 1),) if self.request(mask) is not None else None
        effort.spend(len(self._sets))
        for other in self._sets:
            if other & mask == other:
                rest, sign = mask & ~other, 1
            elif other & mask == mask and not disjoint:
                rest, sign = other & ~mask, -1
            else:
                continue
            found = self._search(rest, depth - 1, effort, disjoint=disjoint)
            if found:
                return ((other, 1), *((cells, sign * times) for cells, times in found))
        return None


def _bits(mask: int) -> Iterator[int]:
    """The single cells of a set."""
    return (1 << cell for cell in range(mask.bit_length()) if mask >> cell & 1)


def mask_from(flags: Iterable[object]) -> int:
    return sum(1 << cell for cell, flag in enumerate(flags) if flag)


class UserAxis(Axis):
    """The users: a cell for each combination of the conditions on them."""

    def __init__(self, conditions: Sequence[UserPredicate]) -> None:
        distinct = tuple(dict.fromkeys(conditions))
        self._masks = dict(zip(distinct, combinations(len(distinct)), strict=True))
        size = 1 << len(distinct)
        super().__init__(size, (1 << size) - 1, len(distinct))

    def mask_of(self, condition: UserPredicate) -> int:
        return self._masks[condition]

    def _express(self, mask: int) -> UserPredicate | None:
        """Conditions that all hold, or of which one holds: users have no opposite."""
        inside = [condition for condition, its in self._masks.items() if its & mask == mask]
        parts = [condition for condition, its in self._masks.items() if its & mask == its]
        common = reduce(and_, (self._masks[condition] for condition in inside), self.full)
        union = reduce(or_, (self._masks[condition] for condition in parts), 0)
        try:
            if inside and common == mask:
                return combine(LogicalOperator.AND, *inside) if len(inside) > 1 else inside[0]
            return combine(LogicalOperator.OR, *parts) if parts and union == mask else None
        except UnsupportedQueryError:
            return None


def combinations(atoms: int) -> list[int]:
    """The cells in which each of some conditions holds, where each combination is a cell."""
    if atoms > MAX_ATOMS:
        raise TooManyRequestsError
    cells = list(product((True, False), repeat=atoms))
    return [mask_from(cell[atom] for cell in cells) for atom in range(atoms)]


def common_flags(mask: int, conditions: Sequence[int], full: int) -> list[bool | None] | None:
    """Which conditions hold in all cells of a set, and which in none; None for those in some.

    None if other cells of `full` agree with that, too. `conditions` are the cells of each.
    """
    flags: list[bool | None] = []
    agreeing = full
    for its in conditions:
        inside = mask & its
        flags.append(True if inside == mask else None if inside else False)
        if flags[-1] is not None:
            agreeing &= its if flags[-1] else ~its
    return flags if agreeing == mask else None
