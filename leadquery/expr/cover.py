"""A boolean tree of conditions as the fewest requests that answer it.

One request joins filters by AND. A tree is a table of true and false over the cells of its axes
(see `axes`). `cover` writes the table as a sum of products: each product is one request, whose
counts and sums are added or subtracted. It goes axis by axis: cells that leave the same rest of the
tree go together, and one rest may be asked for all cells and corrected where another one is left.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from leadquery.expr.axes import (
    Axis,
    Effort,
    SignedMasks,
    TooManyRequestsError,
    UserAxis,
    mask_from,
)
from leadquery.expr.field_axes import Conjunction, FieldAxis, field_axis
from leadquery.expr.predicate import CompoundPredicate, OtherOwners, Predicate
from leadquery.expr.user_field import UserPredicate
from leadquery.wire.enums import LogicalOperator

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition, Conditions
    from leadquery.wire.model import LeadFilter

MAX_REQUESTS: Final = 100
"""The most requests that are looked for, unless the caller allows another number."""

MAX_WORK: Final = 20_000
"""The most work before a tree is refused, in products, cells and the like."""

_MAX_CHOICES: Final = 4_000
"""The most work before each axis is taken as it comes."""

_LEAF: Final = 5
"""The work that a condition of a tree is."""

_FILTERS: Final = 4
"""The filters of a request that are about as much work as one operation."""

_CELLS: Final = 4
"""The cells of a table that are about as much work as one operation."""

_LEAVES: Final = 2
"""The diagrams without an axis: false and true."""


@frozen
class Term:
    """One request: its filters and users, and how often its leads count, which may be negative."""

    sign: int
    conditions: Conditions = field(eq=tuple)
    users: UserPredicate | None


def cover(
    conditions: Iterable[Condition], limit: int = MAX_REQUESTS, *, disjoint: bool = False
) -> tuple[Term, ...]:
    """The requests whose signed sum is the leads that meet all conditions; none if no lead can.

    With `disjoint`, no lead is in two of them. Raises TooManyRequestsError if it takes more than
    `limit` requests, or cannot be done.
    """
    return Cover(conditions, limit, Effort(MAX_WORK)).terms(disjoint=disjoint)


class Cover:
    """Conditions joined by AND as sums of requests, with further conditions on their fields.

    Every lead has data in the fields of `filled`.
    """

    def __init__(
        self,
        conditions: Iterable[Condition],
        limit: int,
        effort: Effort,
        filled: Collection[str] = (),
    ) -> None:
        tree = CompoundPredicate(LogicalOperator.AND, tuple(conditions))
        keys, self._axes = _axes(tree, effort, filled)
        self._effort = effort
        self._diagram = _Diagram(keys, self._axes, effort)
        self._node = self._diagram.build(tree)
        self._solvers = {
            disjoint: _Solver(self._diagram, limit, effort, disjoint=disjoint)
            for disjoint in (False, True)
        }

    def terms(self, with_data: Sequence[str] = (), *, disjoint: bool = False) -> tuple[Term, ...]:
        """The requests for these leads, of those with data in some of the fields.

        With `disjoint`, no lead is in two of them. Raises TooManyRequestsError.
        """
        self._solvers[disjoint].start()
        products = self._solvers[disjoint].solve(self._diagram.with_data(self._node, with_data))
        if products is None:
            raise TooManyRequestsError
        ordered = sorted(products, key=lambda cells: (-products[cells], len(cells), sorted(cells)))
        # A condition on users that implies another one joins it in the same request as alone.
        signs: dict[tuple[_Product, UserPredicate | None], int] = {}
        for cells in ordered:
            key = _split_users(cells, self._axes)
            signs[key] = signs.get(key, 0) + products[cells]
        terms = []
        for key, sign in signs.items():
            if sign:
                terms.append(_term(sign, *key, self._axes))
                self._effort.spend(len(terms[-1].conditions) // _FILTERS)
        return tuple(terms)

    def single_term(self) -> Term | None:
        """The one request for these leads; None if there is none."""
        product = self._diagram.product(self._node)
        return None if product is None else _term(1, *_split_users(product, self._axes), self._axes)


def simplify(conditions: Iterable[Condition]) -> Iterator[Condition]:
    """Conditions joined by AND, each as one request can say it where it can."""
    for condition in conditions:
        if isinstance(condition, CompoundPredicate) and condition.joiner is LogicalOperator.AND:
            yield from simplify(condition.parts)
            continue
        if isinstance(condition, UserPredicate):
            yield condition
            continue
        try:
            term = Cover([condition], 1, Effort(MAX_WORK)).single_term()
        except TooManyRequestsError:
            term = None
        if term is None:
            yield condition
            continue
        if term.conditions:
            yield Predicate(term.conditions)
        if term.users is not None:
            yield term.users


def filter_names(condition: Condition) -> set[str]:
    """The names of the fields that a condition is about."""
    leaves = [leaf for leaf in _leaves(condition) if isinstance(leaf, Predicate)]
    return {lead_filter.name for leaf in leaves for lead_filter in leaf.filters}


def fields_in(condition: Condition) -> Iterator[BaseField[Any]]:
    """The fields that built the filters of a condition."""
    for leaf in _leaves(condition):
        if isinstance(leaf, Predicate):
            yield from leaf._conditions.values()


def is_about_users(condition: Condition) -> bool:
    """Whether a condition is about the owners of leads, too."""
    return any(isinstance(leaf, UserPredicate) for leaf in _leaves(condition))


_Product = frozenset[tuple[int, int]]
"""The sets of cells that one request asks for, each with the number of its axis."""

_Products = dict[_Product, int]
"""Products with their signs."""


def _split_users(cells: _Product, axes: Sequence[Axis]) -> tuple[_Product, UserPredicate | None]:
    """The cells on fields, and the users of those on the axis of users."""
    fields = frozenset(one for one in cells if isinstance(axes[one[0]], FieldAxis))
    users = [axes[number].request(mask) for number, mask in cells - fields]
    return fields, users[0] if users else None


def _term(sign: int, cells: _Product, users: UserPredicate | None, axes: Sequence[Axis]) -> Term:
    conditions: dict[LeadFilter, BaseField[Any]] = {}
    for number, mask in sorted(cells):
        axis: Any = axes[number]
        conditions.update(dict.fromkeys(axis.request(mask), axis.field))
    return Term(sign, conditions, users)


def _leaves(condition: Condition) -> Iterator[Predicate | UserPredicate]:
    if isinstance(condition, CompoundPredicate):
        for part in condition.parts:
            yield from _leaves(part)
    else:
        yield condition.users if isinstance(condition, OtherOwners) else condition


def _axes(
    tree: Condition, effort: Effort, filled: Collection[str]
) -> tuple[dict[str, int], list[Axis]]:
    """An axis for each field, and one for the users; the number of each by the field's name."""
    conditions: dict[str, list[Conjunction]] = {}
    fields: dict[str, BaseField[Any]] = {}
    users: list[UserPredicate] = []
    for leaf in _leaves(tree):
        effort.spend(_LEAF)
        if isinstance(leaf, UserPredicate):
            users.append(leaf)
            continue
        for name, filters in _by_field(leaf).items():
            conditions.setdefault(name, []).append(filters)
            fields.setdefault(name, leaf._conditions[filters[0]])
    axes: list[Axis] = [
        field_axis(fields[name], its, effort, is_filled=name in filled)
        for name, its in conditions.items()
    ]
    if users:
        axes.append(UserAxis(users))
    return {name: number for number, name in enumerate(conditions)}, axes


def _by_field(predicate: Predicate) -> dict[str, Conjunction]:
    """The filters of a condition on lead fields, by field."""
    found: dict[str, list[LeadFilter]] = {}
    for lead_filter in predicate.filters:
        found.setdefault(lead_filter.name, []).append(lead_filter)
    return {name: tuple(filters) for name, filters in found.items()}


class _Diagram:
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
                for name, filters in _by_field(condition).items()
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

    def product(self, node: int) -> _Product | None:
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


class _Solver:
    """Finds the fewest products whose signed sum is a diagram."""

    def __init__(self, diagram: _Diagram, limit: int, effort: Effort, *, disjoint: bool) -> None:
        self._diagram = diagram
        self._limit = limit
        self._effort = effort
        self._disjoint = disjoint
        self._late = 0
        self._solved: dict[int, _Products | None] = {0: {}}

    def start(self) -> None:
        """Allow time to compare different ways."""
        self._late = self._effort.spent + _MAX_CHOICES

    def solve(self, node: int) -> _Products | None:
        """The products of a diagram; None if there are more than the limit."""
        if node not in self._solved:
            product = self._diagram.product(node)
            self._solved[node] = self._search(node) if product is None else {product: 1}
        return self._solved[node]

    def _search(self, node: int) -> _Products | None:
        best = self._best(self._candidates(node))
        is_long = best is None or len(best) > _LEAVES
        if is_long and not self._disjoint and not self._is_late:
            opposite = self._best(self._candidates(self._diagram.opposite(node)))
            best = self._best(filter(None, (best, _all_but(opposite))))
        return best

    @property
    def _is_late(self) -> bool:
        """Whether there is no time left to compare different ways."""
        return self._effort.spent > self._late

    def _best(self, candidates: Iterable[_Products]) -> _Products | None:
        """The candidate of the fewest products, if any is within the limit."""
        return min(
            (products for products in candidates if len(products) <= self._limit),
            key=_cost,
            default=None,
        )

    def _candidates(self, node: int) -> Iterator[_Products]:
        """The products by each axis that may come first, and each rest that may be the base."""
        found = False
        for number in self._diagram.support(node):
            if found and self._is_late:
                return
            axis = self._diagram.axes[number]
            masks: dict[int, int] = {}
            for cell, rest in enumerate(self._diagram.rests(node, number)):
                masks[rest] = masks.get(rest, 0) | 1 << cell
            bases = [(0, 0)]
            if not self._disjoint:
                bases += [(rest, its) for rest in masks if rest for its in {axis.full, axis.data}]
            for base, universe in bases:
                products = self._products(number, masks, base, universe)
                if products is not None:
                    found = True
                    yield products

    def _products(
        self, number: int, masks: dict[int, int], base: int, universe: int
    ) -> _Products | None:
        """The products if the rest `base` is asked for the cells of `universe`, then corrected."""
        axis = self._diagram.axes[number]
        total: _Products = {}
        if universe and not self._add(total, number, ((universe, 1),), base, 1):
            return None
        for rest, mask in masks.items():
            inside, outside = mask & universe, mask & ~universe
            if rest == base:
                inside = 0
            for cells, wrong in ((inside, base), (outside, 0)):
                if not cells or rest == wrong:
                    continue
                sets = axis.sum_of(cells, self._effort, disjoint=self._disjoint)
                if sets is None or not self._add(total, number, sets, rest, 1):
                    return None
                if not self._add(total, number, sets, wrong, -1):
                    return None
        return {cells: sign for cells, sign in total.items() if sign}

    def _add(self, total: _Products, number: int, sets: SignedMasks, rest: int, sign: int) -> bool:
        """Add the products of a rest in some sets of cells; False if there are too many."""
        full = self._diagram.axes[number].full
        solved = self.solve(rest)
        if solved is None:
            return False
        for mask, times in sets:
            own = frozenset() if mask == full else frozenset(((number, mask),))
            for cells, its in solved.items():
                joined = cells | own
                total[joined] = total.get(joined, 0) + its * times * sign
        self._effort.spend(1 + len(solved) * len(sets))
        return len(total) <= 4 * self._limit


def _all_but(products: _Products | None) -> _Products | None:
    """The products of all leads without those of some products."""
    if products is None:
        return None
    total = {cells: -sign for cells, sign in products.items()}
    everything: _Product = frozenset()
    total[everything] = total.get(everything, 0) + 1
    return {cells: sign for cells, sign in total.items() if sign}


def _cost(products: _Products) -> tuple[int, int]:
    """The number of requests, and of the sets of cells in them."""
    return len(products), sum(map(len, products))
