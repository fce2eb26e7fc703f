"""A boolean tree of conditions as the fewest requests that answer it.

One request joins filters by AND. A tree is a table of true and false over the cells of its axes
(see `axes`). For `(City == "Delhi") | (Score > 80)`:

|             | above 80 | up to 80 | no score |
|-------------|----------|----------|----------|
| Delhi       | true     | true     | true     |
| other city  | true     | false    | false    |
| no city     | true     | false    | false    |

`cover` writes the table as a sum of products: each product is one request, whose counts and sums
are added or subtracted. It goes axis by axis. In each cell of the city, a rest of the tree is left:
"true" in Delhi, and "above 80" in the two others. Cells of one rest go together, and a rest may be
asked for all cells and corrected where another one is left: here "above 80" for all, which is wrong
in Delhi. So "Delhi" is added there, and "Delhi and above 80" subtracted: three requests.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from attrs import field, frozen

from leadquery.cover.axes import (
    Axis,
    Effort,
    SignedMasks,
    TooManyRequestsError,
)
from leadquery.cover.diagram import Diagram, Product, axes_of
from leadquery.cover.field_axes import FieldAxis
from leadquery.expr.predicate import CompoundPredicate, Predicate
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

_FEWEST_OF_OPPOSITE: Final = 2
"""The fewest requests for all leads without some of them."""

_FILTERS: Final = 4
"""The filters of a request that are about as much work as one operation."""


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
        tree = CompoundPredicate(LogicalOperator.AND, dict.fromkeys(conditions))
        keys, self._axes = axes_of(tree, effort, filled)
        self._effort = effort
        self._diagram = Diagram(keys, self._axes, effort)
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
        signs: dict[tuple[Product, UserPredicate | None], int] = {}
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


_Products = dict[Product, int]
"""Products with their signs."""

_FALSE: Final = 0
"""The diagram of no leads."""


def _split_users(cells: Product, axes: Sequence[Axis]) -> tuple[Product, UserPredicate | None]:
    """The cells on fields, and the users of those on the axis of users."""
    fields = frozenset(one for one in cells if isinstance(axes[one[0]], FieldAxis))
    users = [axes[number].request(mask) for number, mask in cells - fields]
    return fields, users[0] if users else None


def _term(sign: int, cells: Product, users: UserPredicate | None, axes: Sequence[Axis]) -> Term:
    conditions: dict[LeadFilter, BaseField[Any]] = {}
    for number, mask in sorted(cells):
        axis: Any = axes[number]
        conditions.update(dict.fromkeys(axis.request(mask), axis.field))
    return Term(sign, conditions, users)


class _Solver:
    """Finds the fewest products whose signed sum is a diagram."""

    def __init__(self, diagram: Diagram, limit: int, effort: Effort, *, disjoint: bool) -> None:
        self._diagram = diagram
        self._limit = limit
        self._effort = effort
        self._disjoint = disjoint
        self._late = 0
        self._solved: dict[int, _Products | None] = {_FALSE: {}}

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
        is_long = best is None or len(best) > _FEWEST_OF_OPPOSITE
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
            cells_of: dict[int, int] = {}
            for cell, rest in enumerate(self._diagram.rests(node, number)):
                cells_of[rest] = cells_of.get(rest, 0) | 1 << cell
            bases = [(_FALSE, 0)]
            if not self._disjoint:
                everywhere = {axis.full, axis.data}
                bases += [
                    (rest, asked) for rest in cells_of if rest != _FALSE for asked in everywhere
                ]
            for base, asked in bases:
                products = self._products(number, cells_of, base, asked)
                if products is not None:
                    found = True
                    yield products

    def _products(
        self, number: int, cells_of: dict[int, int], base: int, asked: int
    ) -> _Products | None:
        """The products if the rest `base` is asked for in the cells `asked`, and then corrected.

        `cells_of` are the cells in which each rest is left. Where that is not what was asked for,
        its products are added, and those of what was asked for are subtracted.
        """
        axis = self._diagram.axes[number]
        total: _Products = {}
        if asked and not self._add(total, number, ((asked, 1),), base, 1):
            return None
        for rest, cells in cells_of.items():
            for part, counted in ((cells & asked, base), (cells & ~asked, _FALSE)):
                if not part or rest == counted:
                    continue
                sets = axis.sum_of(part, self._effort, disjoint=self._disjoint)
                if sets is None or not self._add(total, number, sets, rest, 1):
                    return None
                if not self._add(total, number, sets, counted, -1):
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
    everything: Product = frozenset()
    total[everything] = total.get(everything, 0) + 1
    return {cells: sign for cells, sign in total.items() if sign}


def _cost(products: _Products) -> tuple[int, int]:
    """The number of requests, and of the sets of cells in them."""
    return len(products), sum(map(len, products))
