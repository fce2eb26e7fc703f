"""Axes of lead fields: of values in an order, of texts, and of values of unknown order."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadquery.expr.axes import Axis, combinations, mask_from
from leadquery.expr.field_types import Date, Field, Number
from leadquery.expr.intervals import (
    SEARCHES,
    Key,
    number_key,
    search_of,
    text_key,
    timestamp_key,
)
from leadquery.wire.enums import ONE_OF, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, MembershipFilter, PresenceFilter

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField


class FieldAxis(Axis):
    """The values of one lead field; what is common to the three kinds of axes below."""

    def __init__(self, field: BaseField[Any], cells: int) -> None:
        super().__init__(cells + 1, (1 << cells) - 1)
        self.field = field
        self._no_data = 1 << cells

    def mask_of(self, condition: LeadFilter) -> int:
        if condition.operator is Operator.HAS_DATA:
            return self.data
        if condition.operator is Operator.HAS_NO_DATA:
            return self._no_data
        return self._holds(condition)

    @abstractmethod
    def _holds(self, condition: Any) -> int:
        """The cells in which a condition with a value holds."""

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


class _Run(NamedTuple):
    """The values between two ends: their texts, None for no end; `low is high` for one value."""

    low: str | None
    low_included: bool
    high: str | None
    high_included: bool

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high


class OrderedAxis(FieldAxis):
    """The numbers or dates of a field: each cell is a value, or all values between two ends."""

    def __init__(self, field: BaseField[Any], filters: Sequence[LeadFilter]) -> None:
        self._key = number_key if isinstance(field, Number) else timestamp_key
        texts: dict[Key, str] = {}
        for text in _values(filters):
            texts.setdefault(self._key(text), text)
        keys = sorted(texts)
        positions = {key: 2 * position + 1 for position, key in enumerate(keys)}
        count = 2 * len(keys) + 1
        # The values of an axis without merged cells: even ones lie between two keys.
        masks = {
            one: mask_from(self._flags(one, positions, count)) for one in filters if _takes(one)
        }
        signatures = [tuple(its >> cell & 1 for its in masks.values()) for cell in range(count)]
        runs = [
            list(cells) for _, cells in groupby(range(count), key=lambda cell: signatures[cell])
        ]
        named = [texts[key] for key in keys]
        self._runs = [self._run(cells[0], cells[-1], named) for cells in runs]
        self._masks = {
            one: mask_from(its >> cells[0] & 1 for cells in runs) for one, its in masks.items()
        }
        super().__init__(field, len(runs))

    def _flags(self, one: Any, positions: Mapping[Key, int], count: int) -> list[bool]:
        if isinstance(one, MembershipFilter):
            chosen = {positions[self._key(value)] for value in one.values}
            return [cell in chosen for cell in range(count)]
        at = positions[self._key(one.value)]
        compare = {
            Operator.EQUAL: at.__eq__,
            Operator.NOT_EQUAL: at.__ne__,
            Operator.BELOW: at.__gt__,
            Operator.AT_MOST: at.__ge__,
            Operator.ABOVE: at.__lt__,
            Operator.AT_LEAST: at.__le__,
        }[one.operator]
        return [compare(cell) for cell in range(count)]

    @staticmethod
    def _run(first: int, last: int, named: Sequence[str]) -> _Run:
        """The run of unmerged cells: odd ones are the named values, even ones lie between them."""
        low = named[(first - 1) // 2] if first > 0 else None
        high = named[last // 2] if last < 2 * len(named) else None
        return _Run(low, first % 2 == 1, high, last % 2 == 1)

    def _holds(self, condition: LeadFilter) -> int:
        return self._masks[condition]

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        cells = [cell for cell in range(len(self._runs)) if mask >> cell & 1]
        runs = [self._runs[cell] for cell in cells]
        if all(run.is_point for run in runs):
            found = self._one_of([str(run.low) for run in runs])
            if found:
                return found
        between = [self._runs[cell] for cell in range(cells[0], cells[-1]) if cell not in cells]
        if not all(run.is_point for run in between):
            return None
        first, last = runs[0], runs[-1]
        bounds = []
        if first.low is not None:
            operator = Operator.AT_LEAST if first.low_included else Operator.ABOVE
            bounds.append(self._compare(operator, first.low))
        if last.high is not None:
            operator = Operator.AT_MOST if last.high_included else Operator.BELOW
            bounds.append(self._compare(operator, last.high))
        return (*bounds, *(self._compare(Operator.NOT_EQUAL, str(run.low)) for run in between))


class TextAxis(FieldAxis):
    """The texts of a field: cells of named values, and of all others by what they contain."""

    def __init__(self, field: BaseField[Any], filters: Sequence[LeadFilter]) -> None:
        self._filters = [one for one in filters if _takes(one)]
        self._spelled = {
            search_of(one)[0]: one.value
            for one in self._filters
            if isinstance(one, ComparisonFilter) and one.operator in SEARCHES
        }
        self._searches = tuple(self._spelled)
        named: dict[str, list[str]] = {}
        for text in _values(one for one in self._filters if one.operator not in SEARCHES):
            named.setdefault(text_key(text), []).append(text)
        groups: dict[tuple[bool, ...], list[list[str]]] = {}
        for key, texts in named.items():
            signature = tuple(self._matches(one, key) for one in self._filters)
            groups.setdefault((*signature, *self._found(key)), []).append(texts)
        self._values = [
            (tuple(text for texts in group for text in dict.fromkeys(texts)), signature)
            for signature, group in groups.items()
        ]
        self._others = [
            cell for cell in combinations(len(self._searches)) if self._is_possible(cell)
        ]
        super().__init__(field, len(self._values) + len(self._others))

    def _found(self, key: str) -> tuple[bool, ...]:
        return tuple(search.finds(key) for search in self._searches)

    def _is_possible(self, cell: tuple[bool, ...]) -> bool:
        """Whether some searches may find a text that the others do not find."""
        pairs = [*zip(self._searches, cell, strict=True)]
        chosen = [search for search, flag in pairs if flag]
        return all(flag or not any(one.implies(search) for one in chosen) for search, flag in pairs)

    def _matches(self, one: Any, key: str) -> bool:
        if isinstance(one, MembershipFilter):
            return key in map(text_key, one.values)
        if one.operator in SEARCHES:
            search, wanted = search_of(one)
            return search.finds(key) is wanted
        return (key == text_key(one.value)) is (one.operator is Operator.EQUAL)

    def _holds(self, condition: Any) -> int:
        position = self._filters.index(condition)
        flags = [signature[position] for _, signature in self._values]
        if condition.operator in SEARCHES:
            search, wanted = search_of(condition)
            place = self._searches.index(search)
            return mask_from([*flags, *(cell[place] is wanted for cell in self._others)])
        others = condition.operator is Operator.NOT_EQUAL
        return mask_from([*flags, *(others for _ in self._others)])

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        count = len(self._values)
        chosen = [texts for cell, (texts, _) in enumerate(self._values) if mask >> cell & 1]
        others = [
            cell for position, cell in enumerate(self._others) if mask >> count + position & 1
        ]
        if not others:
            return self._one_of([text for texts in chosen for text in texts])
        fixed = _fixed(others)
        if sum(_agrees(cell, fixed) for cell in self._others) != len(others):
            return None
        excluded: list[str] = []
        for cell, (texts, signature) in enumerate(self._values):
            is_within = _agrees(signature[len(self._filters) :], fixed)
            if mask >> cell & 1 and not is_within:
                return None
            if is_within and not mask >> cell & 1:
                excluded += texts
        found: list[LeadFilter] = [self._compare(Operator.NOT_EQUAL, text) for text in excluded]
        for search, flag in zip(self._searches, fixed, strict=True):
            if flag is not None:
                wanted = self._compare(search.operator, self._spelled[search])
                condition = wanted if flag else _opposite(wanted)
                if condition is None:
                    return None
                found.append(condition)
        return tuple(found)


class SeparateAxis(FieldAxis):
    """A field whose order or equality is unknown: a cell for each combination of its conditions."""

    def __init__(self, field: BaseField[Any], filters: Sequence[LeadFilter]) -> None:
        atoms: dict[LeadFilter, None] = {}
        for one in filters:
            if _takes(one) and _opposite(one) not in atoms:
                atoms[one] = None
        self._atoms = tuple(atoms)
        self._cells = combinations(len(self._atoms))
        super().__init__(field, len(self._cells))

    def _holds(self, condition: LeadFilter) -> int:
        is_atom = condition in self._atoms
        atom = condition if is_atom else _opposite(condition)
        position = self._atoms.index(atom)
        return mask_from(cell[position] is is_atom for cell in self._cells)

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


def field_axis(field: BaseField[Any], filters: Sequence[LeadFilter]) -> FieldAxis:
    """The axis of a field with the filters that a question has on it."""
    filters = tuple(dict.fromkeys(filters))
    operators = {one.operator for one in filters}
    values = list(_values(filters))
    if isinstance(field, (Number, Date)) and operators.isdisjoint(SEARCHES):
        key = number_key if isinstance(field, Number) else timestamp_key
        if all(key(value) is not None for value in values):
            return OrderedAxis(field, filters)
    is_text = not isinstance(field, (Number, Date))
    if is_text and not operators & _ORDERED and not _is_ambiguous(field, values):
        return TextAxis(field, filters)
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


def _takes(condition: LeadFilter) -> bool:
    return not isinstance(condition, PresenceFilter)


def _values(filters: Iterable[LeadFilter]) -> Iterator[str]:
    for one in filters:
        if isinstance(one, MembershipFilter):
            yield from one.values
        elif isinstance(one, ComparisonFilter):
            yield one.value


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
