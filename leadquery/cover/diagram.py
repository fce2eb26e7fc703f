"""The table of a boolean tree over the cells of its axes, as a decision diagram.

Each level of a diagram is an axis (see `axes`). The cells that leave the same rest of the tree lead
to the same diagram, so that a tree of many conditions stays small.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

from leadquery.cover.axes import Axis, Effort, UserAxis, mask_from
from leadquery.cover.field_axes import Conjunction, field_axis
from leadquery.expr.predicate import (
    CompoundPredicate,
    OtherOwners,
    Predicate,
    filters_by_field,
    leaves,
)
from leadquery.expr.user_field import UserPredicate
from leadquery.wire.enums import LogicalOperator

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition

_LEAF: Final = 5
"""The work that a condition of a tree is."""

_CELLS: Final = 4
"""The cells of a table that are about as much work as one operation."""

_LEAVES: Final = 2
"""The diagrams without an axis: false and true."""

Product = frozenset[tuple[int, int]]
"""The sets of cells that one request asks for, each with the number of its axis."""


def axes_of(
    tree: Condition, effort: Effort, filled: Collection[str]
) -> tuple[dict[str, int], list[Axis]]:
    """An axis for each field, and one for the users; the number of each by the field's name."""
    conditions: dict[str, list[Conjunction]] = {}
    fields: dict[str, BaseField[Any]] = {}
    users: list[UserPredicate] = []
    for leaf in leaves(tree):
        effort.spend(_LEAF)
        if isinstance(leaf, UserPredicate):
            users.append(leaf)
            continue
        for name, filters in filters_by_field(leaf).items():
            conditions.setdefault(name, []).append(filters)
            fields.setdefault(name, leaf._conditions[filters[0]])
    axes: list[Axis] = [
        field_axis(fields[name], its, effort, is_filled=name in filled)
        for name, its in conditions.items()
    ]
    if users:
        axes.append(UserAxis(users))
    return {name: number for number, name in enumerate(conditions)}, axes


class Diagram:
    """Decision diagrams: a table for each different rest, by its first axis and its cells.

    0 is false and 1 is true. Equal tables have equal numbers.
    """

    def __init__(self, keys: dict[str, int], axes: Sequence[Axis], effort: Effort) -> None:
        self.axes = axes
        self._keys = keys
        self._effort = effort
        self._nodes: list[tuple[int, tuple[int, ...]]] = [(len(axes), ()), (len(axes), ())]
        self._numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self._joined: dict[tuple[LogicalOperator, int, int], int] = {}
        self._rests: dict[tuple[int, int], tuple[int, ...]] = {}
        self._opposites: dict[int, int] = {}

    def _node(self, axis: int, rests: tuple[int, ...]) -> int:
        self._effort.spend(3 + len(rests) // _CELLS)
        if len(set(rests)) == 1:
            return rests[0]
        node = axis, rests
        if node not in self._numbers:
            self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
        return self._numbers[node]

    def _cells(self, axis: int, mask: int) -> int:
        return self._node(axis, tuple(mask >> cell & 1 for cell in range(self.axes[axis].size)))

    def build(self, condition: Condition) -> int:
        """The diagram of a condition."""
        if isinstance(condition, CompoundPredicate):
            return self._join_all(condition.joiner, map(self.build, condition.parts))
        if isinstance(condition, Predicate):
            cells = [
                self._cells(number, self.axes[number].mask_of(filters))
                for name, filters in filters_by_field(condition).items()
                for number in (self._keys[name],)
            ]
            return self._join_all(LogicalOperator.AND, cells)
        axis = self.axes[-1]
        mask = axis.mask_of(condition.users if isinstance(condition, OtherOwners) else condition)
        is_opposite = isinstance(condition, OtherOwners)
        return self._cells(len(self.axes) - 1, axis.full & ~mask if is_opposite else mask)

    def with_data(self, node: int, names: Iterable[str]) -> int:
        """The diagram that is also false for leads without data in some fields."""
        for name in names:
            number = self._keys[name]
            data = self._cells(number, self.axes[number].data)
            node = self._join(LogicalOperator.AND, node, data)
        return node

    def product(self, node: int) -> Product | None:
        """The cells of a diagram that one request can ask for; None if it cannot."""
        cells = []
        while node >= _LEAVES:
            number, rests = self._nodes[node]
            others = set(rests) - {0}
            if len(others) > 1:
                return None
            (node,) = others
            mask = mask_from(rest == node for rest in rests)
            if self.axes[number].request(mask) is None:
                return None
            cells.append((number, mask))
        return frozenset(cells) if node else None

    def _join_all(self, joiner: LogicalOperator, nodes: Iterable[int]) -> int:
        result = int(joiner is LogicalOperator.AND)
        for node in nodes:
            result = self._join(joiner, result, node)
        return result

    def _join(self, joiner: LogicalOperator, left: int, right: int) -> int:
        neutral = int(joiner is LogicalOperator.AND)
        if left == right or right == neutral or left == 1 - neutral:
            return left
        if left == neutral or right == 1 - neutral:
            return right
        key = joiner, min(left, right), max(left, right)
        if key not in self._joined:
            axis = min(self._nodes[left][0], self._nodes[right][0])
            pairs = zip(self.rests(left, axis), self.rests(right, axis), strict=True)
            joined: dict[tuple[int, int], int] = {}
            rests = []
            for pair in pairs:
                if pair not in joined:
                    joined[pair] = self._join(joiner, *pair)
                rests.append(joined[pair])
            self._joined[key] = self._node(axis, tuple(rests))
        return self._joined[key]

    def rests(self, node: int, axis: int) -> tuple[int, ...]:
        """What is left of a diagram in each cell of an axis."""
        key = node, axis
        if key not in self._rests:
            first, rests = self._nodes[node]
            if first == axis:
                self._rests[key] = rests
            elif first > axis:
                self._rests[key] = (node,) * self.axes[axis].size
            else:
                columns = zip(*(self.rests(rest, axis) for rest in rests), strict=True)
                self._rests[key] = tuple(self._node(first, column) for column in columns)
        return self._rests[key]

    def opposite(self, node: int) -> int:
        """The diagram that is true where a diagram is false."""
        if node < _LEAVES:
            return 1 - node
        if node not in self._opposites:
            axis, rests = self._nodes[node]
            self._opposites[node] = self._node(axis, tuple(map(self.opposite, rests)))
        return self._opposites[node]

    def support(self, node: int) -> list[int]:
        """The axes that a diagram depends on."""
        found: set[int] = set()
        seen: set[int] = set()
        waiting = [node]
        while waiting:
            number = waiting.pop()
            if number > 1 and number not in seen:
                seen.add(number)
                axis, rests = self._nodes[number]
                found.add(axis)
                waiting += rests
        return sorted(found)
