"""Which labels of groups, in the results of several requests, are one group for the server."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, TypeGuard

from leadquery.expr.collation import number_key
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Field
from leadquery.plan.recipe import Recipe, Step, ask
from leadquery.plan.terms import count_by
from leadquery.query.leads import Leads

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
