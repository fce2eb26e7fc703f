"""Leads that one request cannot express, as a signed sum of leads that one request can.

Their results are added up by group: `label_key` says which labels are one group for the server.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeGuard

from attrs import frozen

from leadquery.cover.axes import Effort, TooManyRequestsError, TooMuchEffortError
from leadquery.cover.cover import MAX_WORK, Cover, Term
from leadquery.errors import PlanTooLargeError
from leadquery.expr.collation import number_key
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Field
from leadquery.expr.predicate import Predicate, filter_names, is_about_users
from leadquery.plan.recipe import Recipe, Step, ask
from leadquery.query.base import BaseQuery, replace
from leadquery.query.leads import Leads, LeadSet, without_output
from leadquery.query.query import Query, with_output
from leadquery.wire.enums import AggregateFunction, OutputType
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, Paging

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.group_key import GroupKey
    from leadquery.expr.predicate import Condition
    from leadquery.expr.user_field import UserPredicate


PAGE_SIZE = 1_000
"""The rows of a page of a step, unless the query has another size."""

_PAGE = Paging(1, PAGE_SIZE)

_FILTERS = 2
"""The filters of a request that are about as much work as one operation of planning."""


@frozen
class Part:
    """Leads that one request can express, and how often they count, which may be negative."""

    sign: int
    leads: LeadSet


class Splitter:
    """Splits leads into parts, in at most `limit` requests.

    Every lead has data in the fields of `filled`.
    """

    def __init__(self, limit: int, filled: Collection[str] = ()) -> None:
        self.limit = limit
        self._filled = filled
        self._effort = Effort(MAX_WORK)
        self._tree = _Tree(())
        self._covers: dict[tuple[Predicate, UserPredicate | None], Cover] = {}

    def start_round(self) -> None:
        """Allow the whole effort for the steps that come next."""
        self._effort.spent = 0
        self._covers.clear()

    def split(
        self,
        query: BaseQuery,
        *more: Condition,
        with_data: BaseField[Any] | None = None,
        disjoint: bool = False,
    ) -> list[Part]:
        """The parts whose signed sum is the leads of a query that meet more conditions, too.

        `with_data` is a field in which they have data. Filters on fields that no condition joined
        by OR is about go into each part unchanged. With `disjoint`, no lead is in two parts, where
        that is possible. Raises PlanTooLargeError if there are more than `limit` parts.
        """
        page = _PAGE if query.paging in (None, FIRST_PAGE) else query.paging
        leads = replace(without_output(query).where(*more), "paging", page)
        if leads._compounds is not self._tree.conditions:
            self._tree = _Tree(leads._compounds)
            self._covers.clear()
        names, has_users = self._tree.names, self._tree.has_users
        within = []
        if with_data is not None and with_data.name in names:
            within = [with_data.name]
        elif with_data is not None:
            leads = leads.where(with_data.has_data())
        if not leads._compounds:
            return [Part(1, leads)]
        own = {one: field for one, field in leads._conditions.items() if one.name in names}
        kept = {one: its for one, its in leads._conditions.items() if one not in own}
        users = leads.users if has_users else None
        return [
            Part(
                term.sign,
                LeadSet(
                    {**kept, **term.conditions},
                    leads.dates,
                    term.users if has_users else leads.users,
                    page,
                    (),
                    node=leads._node,
                ),
            )
            for term in self._terms(Predicate(own), users, within, len(kept), disjoint=disjoint)
        ]

    def _terms(
        self,
        own: Predicate,
        users: UserPredicate | None,
        within: Sequence[str],
        kept: int,
        *,
        disjoint: bool,
    ) -> tuple[Term, ...]:
        """The terms for leads that meet the tree, filters on its fields, and a user filter.

        `kept` is the number of other filters, which each of the terms gets.
        """
        more = [one for one in (own if own.filters else None, users) if one is not None]
        try:
            if (own, users) not in self._covers:
                conditions = (*self._tree.conditions, *more)
                self._covers[own, users] = Cover(conditions, self.limit, self._effort, self._filled)
            cover = self._covers[own, users]
            terms = None
            if disjoint:
                with suppress(TooManyRequestsError):
                    terms = cover.terms(within, disjoint=True)
            if terms is None:
                terms = cover.terms(within)
            self._effort.spend(len(terms) * kept // _FILTERS)
        except TooMuchEffortError:
            raise too_large_error(self.limit, found=False) from None
        except TooManyRequestsError:
            raise too_large_error(self.limit) from None
        return terms


class _Tree:
    """Conditions that one request cannot carry, and what they are about."""

    def __init__(self, conditions: tuple[Condition, ...]) -> None:
        self.conditions = conditions
        self.names = set().union(*map(filter_names, conditions))
        self.has_users = any(map(is_about_users, conditions))


def count_by(leads: LeadSet, field: BaseField[Any]) -> Query:
    """The number of leads per value of a field, without the warnings of `group_by`."""
    output = AggregateOutput(OutputType.AGGREGATE, field.name, AggregateFunction.COUNT, field.name)
    return with_output(leads, output, (field,))


def too_large_error(max_calls: int, *, found: bool = True) -> PlanTooLargeError:
    """The error for a query that takes more requests than allowed, or too long to plan.

    `plan.with_advice` adds what takes fewer.
    """
    reason = f"this query takes more than {max_calls} requests"
    if not found:
        reason = f"no plan of at most {max_calls} requests is found within the time for planning"
    return PlanTooLargeError(reason)


Labels = Iterable[Any]
"""The labels of the groups in one result."""

LabelKey = Callable[[Any], Any]
"""Makes the key of a label, the same for all labels of one group."""


def label_key(field: BaseField[Any], added: Collection[Sequence[Labels]]) -> Recipe[LabelKey]:
    """The keys of the labels of a field, for each sequence of results whose groups are added up.

    The server groups text without regard to case, but two labels of one result are two groups. If
    the type of the field is not known, "1" in one result and "1.0" in another may be one group: a
    request that counts such labels together decides.
    """
    sources = [source for results in added for source in results]
    distinct = {label for source in sources for label in _separate_labels(source, fold)}
    numbers: dict[Any, float | None] = {}
    if is_untyped(field) and not any(_separate_labels(source, _number) for source in sources):
        unsure = {label for results in added for label in _separate_labels(_all(results), _number)}
        if unsure:
            query = count_by(Leads.where(field.is_in(sorted(unsure))), field)
            [found] = yield from ask(Step(query, 0))
            if not _separate_labels([row[field.name] for row in found.rows], _number):
                numbers = {label: _number(label) for label in unsure}
    return lambda label: label if label in distinct else numbers.get(label, fold(label))


def is_untyped(field: BaseField[Any]) -> TypeGuard[Field]:
    """Whether nothing is known of the type of a field."""
    return type(field) is Field


def fold(label: Any) -> Any:
    """The key by which the server groups: text without regard to case."""
    return label.casefold() if isinstance(label, str) else label


def unify_spellings(
    keys: Sequence[GroupKey], groups: Sequence[tuple[Any, ...]]
) -> list[tuple[Any, ...]]:
    """The labels of groups, with the least spelling of each text in all of them.

    As in `label_key`, two groups with the same other labels have different texts.
    """
    if len(keys) < 2 or not groups:
        return [*groups]
    columns: list[Sequence[Any]] = [*zip(*groups, strict=True)]
    folded = [[*map(fold, column)] for column in columns]
    for number, key in enumerate(keys):
        if isinstance(key, str):
            others = zip(*folded[:number], *folded[number + 1 :], strict=True)
            columns[number] = _unify_column(columns[number], others)
    return [*zip(*columns, strict=True)]


def _unify_column(column: Sequence[Any], others: Iterable[tuple[Any, ...]]) -> list[Any]:
    """The labels of one key, each with its least spelling."""
    beside: dict[tuple[Any, ...], list[Any]] = {}
    for other, label in zip(others, column, strict=True):
        beside.setdefault(other, []).append(label)
    distinct = {one for labels in beside.values() for one in _separate_labels(labels, fold)}
    texts = {label for label in column if isinstance(label, str)} - distinct
    # The least is the last that is added.
    least = {fold(label): label for label in sorted(texts, reverse=True)}
    return [least[fold(label)] if label in texts else label for label in column]


def _number(label: Any) -> float | None:
    return number_key(label) if isinstance(label, str) else None


def _all(results: Sequence[Labels]) -> list[Any]:
    return [label for source in results for label in source]


def _separate_labels(labels: Labels, key: LabelKey) -> set[Any]:
    """Different labels with the same key."""
    distinct: set[Any] = set()
    first: dict[Any, Any] = {}
    for label in labels:
        other = label if (its := key(label)) is None else first.setdefault(its, label)
        if other != label:
            distinct |= {other, label}
    return distinct
