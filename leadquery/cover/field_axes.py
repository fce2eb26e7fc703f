"""Axes of lead fields: of values in an order, of texts, and of values of unknown order."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadquery.cover.axes import (
    MAX_ATOMS,
    Axis,
    Effort,
    TooManyRequestsError,
    combinations,
    common_flags,
    mask_from,
)
from leadquery.expr.collation import (
    SEARCHES,
    OrderedCells,
    Run,
    Search,
    SortKey,
    can_match,
    is_comparison,
    number_key,
    search_of,
    searches_in,
    text_key,
    timestamp_key,
    values_of,
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

    def __init__(self, field: BaseField[Any], cells: int, values: int, *, is_filled: bool) -> None:
        super().__init__(cells + (not is_filled), (1 << cells) - 1, values)
        self.field = field
        self._no_data = 0 if is_filled else 1 << cells

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
        self,
        field: BaseField[Any],
        conditions: Sequence[Conjunction],
        effort: Effort,
        sort_key: SortKey,
        *,
        is_filled: bool,
    ) -> None:
        filters = [one for condition in conditions for one in condition]
        self._ordered = OrderedCells(sort_key, filters)
        classes = self._ordered.classes(conditions)
        self._runs = list(classes.values())
        self._masks = _masks(conditions, classes, effort)
        super().__init__(field, len(classes), len(self._ordered.keys), is_filled=is_filled)

    def _holds(self, condition: Conjunction) -> int:
        return self._masks[condition]

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        size = self._ordered.size
        texts = [spellings[0] for spellings in self._ordered.spellings]
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
    """The texts of a field: cells of named values, and of all others by what they contain.

    `City.is_in(["Delhi", "Agra"])`, `City != "Pune"` and `City.contains("new")` make four cells:
    Delhi and Agra, which no condition tells apart; Pune; other texts with "new"; and the rest.
    """

    def __init__(
        self,
        field: BaseField[Any],
        conditions: Sequence[Conjunction],
        effort: Effort,
        *,
        is_filled: bool,
    ) -> None:
        filters = [one for condition in conditions for one in condition]
        self._spelled = {search_of(one)[0]: one.value for one in searches_in(filters)}
        searches = list(self._spelled)
        compared = list(dict.fromkeys(map(_compared, conditions)))
        named, met_by_others = _named_texts(filters, compared, searches)
        # In the order in which the question names them.
        ranks = {text: rank for rank, text in enumerate(dict.fromkeys(values_of(filters)))}
        for texts in named.values():
            texts.sort(key=ranks.__getitem__)
        signatures = sorted(named, key=lambda signature: ranks[named[signature][0]])
        self._texts = [named[signature] for signature in signatures]
        self._named = (1 << len(named)) - 1
        signatures += [_Signature(met_by_others, found) for found in _possible(searches)]
        self._compared = _masks(compared, [one.met for one in signatures], effort)
        self._searches = {
            search: mask_from(one.found[place] for one in signatures)
            for place, search in enumerate(searches)
        }
        super().__init__(field, len(signatures), len(ranks), is_filled=is_filled)

    def _holds(self, condition: Conjunction) -> int:
        mask = self._compared[_compared(condition)]
        for search, wanted in map(search_of, searches_in(condition)):
            mask &= self._searches[search] if wanted else ~self._searches[search]
        return mask

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        if not mask & ~self._named:
            return self._one_of(self._texts_of(mask))
        return self._search_for(mask)

    def _search_for(self, mask: int) -> tuple[LeadFilter, ...] | None:
        """The filters of cells of which some are not of named values.

        They are the searches that find just these others, and an exclusion of each named value
        that they find, too, but is not in the mask: `City != "New Delhi", City.contains("new")`.
        """
        others = self.data & ~self._named
        flags = common_flags(mask & others, [*self._searches.values()], others)
        if flags is None:
            return None
        found = self.data
        filters: list[LeadFilter] = []
        for (search, its), flag in zip(self._searches.items(), flags, strict=True):
            if flag is None:
                continue
            found &= its if flag else ~its
            wanted = self._compare(search.operator, self._spelled[search])
            condition = wanted if flag else _opposite(wanted)
            if condition is None:
                return None
            filters.append(condition)
        if mask & ~found:
            return None
        excluded = self._texts_of(found & ~mask)
        return (*(self._compare(Operator.NOT_EQUAL, text) for text in excluded), *filters)

    def _texts_of(self, mask: int) -> list[str]:
        """The named values in a set of cells."""
        cells = [texts for place, texts in enumerate(self._texts) if mask >> place & 1]
        return [text for texts in cells for text in texts]


class _Signature(NamedTuple):
    """All that conditions say of a text: texts with equal signatures share a cell.

    `met` has a bit for each conjunction of comparisons that holds, `found` a flag for each search.
    """

    met: int
    found: tuple[bool, ...]


def _named_texts(
    filters: Sequence[LeadFilter], compared: Sequence[Conjunction], searches: Sequence[Search]
) -> tuple[dict[_Signature, list[str]], int]:
    """The values that comparisons name, by signature, and the conjunctions that others meet."""
    cells = OrderedCells(text_key, filters)
    named: dict[_Signature, list[str]] = {}
    met_by_others = 0
    for met, runs in cells.classes(compared).items():
        for run in runs:
            if not run.is_value:
                # Texts have no order here: what is between two values meets the same everywhere.
                met_by_others = met
                continue
            place = run.first // 2
            found = tuple(search.finds(cells.keys[place]) for search in searches)
            named.setdefault(_Signature(met, found), []).extend(cells.spellings[place])
    return named, met_by_others


def _possible(searches: Sequence[Search]) -> Iterator[tuple[bool, ...]]:
    """Which of some searches may find a text that the others do not find."""
    if len(searches) > MAX_ATOMS:
        raise TooManyRequestsError
    for flags in product((True, False), repeat=len(searches)):
        pairs = [*zip(searches, flags, strict=True)]
        required = [search for search, flag in pairs if flag]
        if can_match(required, [search for search, flag in pairs if not flag]):
            yield flags


class SeparateAxis(FieldAxis):
    """A field whose order or equality is unknown: a cell for each combination of its filters."""

    def __init__(
        self, field: BaseField[Any], filters: Sequence[LeadFilter], *, is_filled: bool
    ) -> None:
        atoms: dict[LeadFilter, None] = {}
        for one in filters:
            if _opposite(one) not in atoms:
                atoms[one] = None
        self._atoms = dict(zip(atoms, combinations(len(atoms)), strict=True))
        super().__init__(field, 1 << len(atoms), len(atoms), is_filled=is_filled)

    def _holds(self, condition: Conjunction) -> int:
        mask = self.data
        for one in condition:
            its = self._atoms.get(one)
            mask &= ~self._atoms[_opposite(one)] if its is None else its  # type: ignore[index]
        return mask

    def _with_data(self, mask: int) -> tuple[LeadFilter, ...] | None:
        flags = common_flags(mask, [*self._atoms.values()], self.data)
        if flags is None:
            return None
        found: list[LeadFilter] = []
        for atom, flag in zip(self._atoms, flags, strict=True):
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


def field_axis(
    field: BaseField[Any],
    conditions: Iterable[Conjunction],
    effort: Effort,
    *,
    is_filled: bool = False,
) -> FieldAxis:
    """The axis of a field with the conditions that a question has on it.

    If it `is_filled`, every lead has data in it.
    """
    with_values = list(dict.fromkeys(filter(None, map(_with_values, conditions))))
    filters = tuple(dict.fromkeys(one for condition in with_values for one in condition))
    operators = {one.operator for one in filters}
    values = list(values_of(filters))
    effort.spend(3 * len(values))
    if isinstance(field, (Number, Date)) and operators.isdisjoint(SEARCHES):
        sort_key = number_key if isinstance(field, Number) else timestamp_key
        if all(sort_key(value) is not None for value in values):
            return OrderedAxis(field, with_values, effort, sort_key, is_filled=is_filled)
    is_text = not isinstance(field, (Number, Date))
    if is_text and not operators & _ORDERED and not _is_ambiguous(field, values):
        return TextAxis(field, with_values, effort, is_filled=is_filled)
    return SeparateAxis(field, filters, is_filled=is_filled)


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


def _masks(
    conditions: Sequence[Conjunction], classes: Collection[int], effort: Effort
) -> dict[Conjunction, int]:
    """The cells in which each condition holds, of classes with a bit for each that does."""
    effort.spend(len(conditions) * len(classes) // _FLAGS)
    return {
        condition: mask_from(holding >> number & 1 for holding in classes)
        for number, condition in enumerate(conditions)
    }


_FLAGS: Final = 8
"""The flags of a mask that are about as much work as one operation."""


def _opposite(condition: LeadFilter) -> LeadFilter | None:
    """The filter that the other leads with data meet; None if it takes several filters."""
    opposite = condition.operator.opposite
    if opposite is None or not isinstance(condition, ComparisonFilter):
        return None
    return ComparisonFilter(condition.name, condition.value, opposite)
