"""Axes of lead fields: of values in an order, of texts, and of values of unknown order."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from leadquery.expr.axes import Axis, combinations, mask_from
from leadquery.expr.cells import OrderedCells, Run, can_match, is_comparison, searches_in, values_of
from leadquery.expr.collation import (
    SEARCHES,
    SortKey,
    number_key,
    search_of,
    text_key,
    timestamp_key,
)
from leadquery.expr.field_types import Date, Field, Number
from leadquery.wire.enums import ONE_OF, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter, PresenceFilter

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField


Conjunction = tuple[LeadFilter, ...]
"""Filters on one field that are joined by AND."""


class FieldAxis(Axis):
    """The values of one lead field; what is common to the three kinds of axes below."""

    def __init__(self, field: BaseField[Any], cells: int) -> None:
        super().__init__(cells + 1, (1 << cells) - 1)
        self.field = field
        self._no_data = 1 << cells

    def mask_of(self, condition: Conjunction) -> int:
        mask = self.full
        for one in condition:
            if isinstance(one, PresenceFilter):
                mask &= self.data if one.operator is Operator.HAS_DATA else self._no_data
        compared = _with_values(condition)
        return mask & self._holds(compared) if compared else mask

    @abstractmethod
    def _holds(self, condition: Conjunction) -> int:
        """The cells in which filters with values hold, all of them."""

    def _express(self, mask: int) -> tuple[LeadFilter, ...] | None:
        if mask == self.data:
            return (PresenceFilter(self.field.name, Operator.HAS_DATA, None),)
        if mask == self._no_data:
            return (PresenceFilter(self.field.name, Operator.HAS_NO_DATA, None),)
        return None if mask & self._no_data else self._with_data(mask)

    @abstractmethod
    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        """The filters of some cells of leads with data; None if one request cannot ask for them."""

    def _compare(self, operator: Operator, value: str) -> ComparisonFilter:
        return ComparisonFilter(self.field.name, value, operator)

    def _one_of(self, values: Sequence[str]) -> tuple[LeadFilter, ...] | None:
        if len(values) == 1:
            return (self._compare(Operator.EQUAL, values[0]),)
        if not hasattr(type(self.field), Operator.ONE_OF.python):
            return None
        return (MembershipFilter(self.field.name, ONE_OF, tuple(values)),)


class OrderedAxis(FieldAxis):
    """The numbers or dates of a field: cells of single values, and of the values between them."""

    def __init__(
        self, field: BaseField[Any], conditions: Sequence[Conjunction], sort_key: SortKey
    ) -> None:
        filters = [one for condition in conditions for one in condition]
        self._values = OrderedCells(sort_key, filters)
        classes = self._values.classes(conditions)
        self._runs = list(classes.values())
        self._masks = _masks(conditions, classes)
        super().__init__(field, len(classes))

    def _holds(self, condition: Conjunction) -> int:
        return self._masks[condition]

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        size = self._values.size
        texts = [spellings[0] for spellings in self._values.spellings]
        cells = [runs for place, runs in enumerate(self._runs) if mask >> place & 1]
        chosen = sorted(run for runs in cells for run in runs)
        if all(run.is_value for run in chosen):
            found = self._one_of([texts[run.first // 2] for run in chosen])
            if found:
                return found
        between = [Run(one.end, other.first) for one, other in pairwise(chosen)]
        excluded = [run for run in between if run.first < run.end]
        if not all(run.is_value for run in excluded):
            return None
        first, last = chosen[0].first, chosen[-1].end - 1
        bounds = []
        if first > 0:
            operator = Operator.AT_LEAST if first % 2 else Operator.ABOVE
            bounds.append(self._compare(operator, texts[(first - 1) // 2]))
        if last < size - 1:
            operator = Operator.AT_MOST if last % 2 else Operator.BELOW
            bounds.append(self._compare(operator, texts[last // 2]))
        return (
            *bounds,
            *(self._compare(Operator.NOT_EQUAL, texts[run.first // 2]) for run in excluded),
        )


class TextAxis(FieldAxis):
    """The texts of a field: cells of named values, and of all others by what they contain."""

    def __init__(self, field: BaseField[Any], conditions: Sequence[Conjunction]) -> None:
        filters = [one for condition in conditions for one in condition]
        self._spelled = {search_of(one)[0]: one.value for one in searches_in(filters)}
        self._searches = tuple(self._spelled)
        self._compared = list(dict.fromkeys(map(_compared, conditions)))
        cells = OrderedCells(text_key, filters)
        # Each cell by the conjunctions that hold in it, and by what its texts contain.
        named: dict[tuple[int, tuple[bool, ...]], list[str]] = {}
        for holding, runs in cells.classes(self._compared).items():
            for run in runs:
                if not run.is_value:
                    self._holding_others = holding
                    continue
                place = run.first // 2
                found = tuple(search.finds(cells.keys[place]) for search in self._searches)
                named.setdefault((holding, found), []).extend(cells.spellings[place])
        # In the order in which the question names them.
        ranks = {text: rank for rank, text in enumerate(dict.fromkeys(values_of(filters)))}
        for texts in named.values():
            texts.sort(key=ranks.__getitem__)
        self._named = sorted(named.items(), key=lambda cell: ranks[cell[1][0]])
        self._others = [
            cell for cell in combinations(len(self._searches)) if self._is_possible(cell)
        ]
        super().__init__(field, len(self._named) + len(self._others))

    def _is_possible(self, cell: tuple[bool, ...]) -> bool:
        """Whether some searches may find a text that the others do not find."""
        pairs = [*zip(self._searches, cell, strict=True)]
        return can_match(
            [search for search, flag in pairs if flag],
            [search for search, flag in pairs if not flag],
        )

    def _holds(self, condition: Conjunction) -> int:
        number = self._compared.index(_compared(condition))
        wanted = [
            (self._searches.index(search), flag)
            for search, flag in map(search_of, searches_in(condition))
        ]
        cells = [(holding, found) for (holding, found), _ in self._named]
        cells += [(self._holding_others, cell) for cell in self._others]
        return mask_from(
            holding >> number & 1 and all(found[place] is flag for place, flag in wanted)
            for holding, found in cells
        )

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        count = len(self._named)
        chosen = [texts for place, (_, texts) in enumerate(self._named) if mask >> place & 1]
        others = [cell for place, cell in enumerate(self._others) if mask >> count + place & 1]
        if not others:
            return self._one_of([text for texts in chosen for text in texts])
        fixed = _fixed(others)
        if sum(_agrees(cell, fixed) for cell in self._others) != len(others):
            return None
        excluded: list[str] = []
        for place, ((_, found), texts) in enumerate(self._named):
            is_within = _agrees(found, fixed)
            if mask >> place & 1 and not is_within:
                return None
            if is_within and not mask >> place & 1:
                excluded += texts
        filters: list[LeadFilter] = [self._compare(Operator.NOT_EQUAL, text) for text in excluded]
        for search, flag in zip(self._searches, fixed, strict=True):
            if flag is not None:
                wanted = self._compare(search.operator, self._spelled[search])
                condition = wanted if flag else _opposite(wanted)
                if condition is None:
                    return None
                filters.append(condition)
        return tuple(filters)


class SeparateAxis(FieldAxis):
    """A field whose order or equality is unknown: a cell for each combination of its filters."""

    def __init__(self, field: BaseField[Any], filters: Sequence[LeadFilter]) -> None:
        atoms: dict[LeadFilter, None] = {}
        for one in filters:
            if _opposite(one) not in atoms:
                atoms[one] = None
        self._atoms = tuple(atoms)
        self._cells = combinations(len(self._atoms))
        super().__init__(field, len(self._cells))

    def _holds(self, condition: Conjunction) -> int:
        mask = self.data
        for one in condition:
            is_atom = one in self._atoms
            position = self._atoms.index(one if is_atom else _opposite(one))
            mask &= mask_from(cell[position] is is_atom for cell in self._cells)
        return mask

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        chosen = [cell for position, cell in enumerate(self._cells) if mask >> position & 1]
        fixed = _fixed(chosen)
        if sum(_agrees(cell, fixed) for cell in self._cells) != len(chosen):
            return None
        found: list[LeadFilter] = []
        for atom, flag in zip(self._atoms, fixed, strict=True):
            if flag is None:
                continue
            opposite = None if flag else _opposite(atom)
            if flag:
                found.append(atom)
            elif opposite is not None:
                found.append(opposite)
            elif isinstance(atom, MembershipFilter):
                found += [self._compare(Operator.NOT_EQUAL, value) for value in atom.values]
            else:
                return None
        return tuple(found)


def field_axis(field: BaseField[Any], conditions: Iterable[Conjunction]) -> FieldAxis:
    """The axis of a field with the conditions that a question has on it."""
    with_values = list(dict.fromkeys(filter(None, map(_with_values, conditions))))
    filters = tuple(dict.fromkeys(one for condition in with_values for one in condition))
    operators = {one.operator for one in filters}
    values = list(values_of(filters))
    if isinstance(field, (Number, Date)) and operators.isdisjoint(SEARCHES):
        sort_key = number_key if isinstance(field, Number) else timestamp_key
        if all(sort_key(value) is not None for value in values):
            return OrderedAxis(field, with_values, sort_key)
    is_text = not isinstance(field, (Number, Date))
    if is_text and not operators & _ORDERED and not _is_ambiguous(field, values):
        return TextAxis(field, with_values)
    return SeparateAxis(field, filters)


_ORDERED: Final = {Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST}


def _is_ambiguous(field: BaseField[Any], values: Iterable[str]) -> bool:
    """Whether two texts may be one value for the server, or not.

    It may ignore trailing blanks; in a field of unknown type, 1 and 1.0 may be one number.
    """
    texts = list(dict.fromkeys(map(text_key, values)))
    is_untyped = isinstance(field, Field)
    for sort_key in (str.rstrip, *((number_key, timestamp_key) if is_untyped else ())):
        keys = [key for key in map(sort_key, texts) if key is not None]
        if len(set(keys)) < len(keys):
            return True
    return False


def _with_values(condition: Conjunction) -> Conjunction:
    return tuple(one for one in condition if not isinstance(one, PresenceFilter))


def _compared(condition: Conjunction) -> Conjunction:
    return tuple(filter(is_comparison, condition))


def _masks(conditions: Sequence[Conjunction], classes: Iterable[int]) -> dict[Conjunction, int]:
    """The cells in which each condition holds, of classes with a bit for each that does."""
    return {
        condition: mask_from(holding >> number & 1 for holding in classes)
        for number, condition in enumerate(conditions)
    }


def _opposite(condition: LeadFilter) -> LeadFilter | None:
    """The filter that the other leads with data meet; None if it takes several filters."""
    opposite = condition.operator.opposite
    if opposite is None or not isinstance(condition, ComparisonFilter):
        return None
    return ComparisonFilter(condition.name, condition.value, opposite)


def _fixed(cells: Sequence[tuple[bool, ...]]) -> list[bool | None]:
    """What all cells have in common at each place; None where they differ."""
    return [flags[0] if len(set(flags)) == 1 else None for flags in zip(*cells, strict=True)]


def _agrees(cell: Sequence[bool], fixed: Sequence[bool | None]) -> bool:
    return all(want is None or flag is want for flag, want in zip(cell, fixed, strict=True))
