"""Strategies for conditions on users, and for questions in each of their three states."""

from __future__ import annotations

import operator
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from hypothesis import strategies as st

from leadquery import users
from leadquery.errors import UnsupportedQueryError
from leadquery.expr import BaseField, DerivedColumn, Field, Number
from leadquery.expr.user_field import Attribute
from leadquery.expr.user_predicate import UserPredicate
from leadquery.fields import FIELD_TYPES
from leadquery.query.query import GroupedLeads, Leads, LeadSet, Query
from leadquery.testing.strategies.fields import conditions, fields, texts
from leadquery.testing.strategies.moments import periods, ranges, starts
from leadquery.wire.enums import UserOperator
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.types import BLANKS

_attributes = st.sampled_from([*users.STANDARD.values()]) | texts().map(Attribute)

_known = {row.token for row in UserOperator}

# One that differs from a known one in letter case alone is read as that one.
operators = (
    st.sampled_from(sorted(_known))
    | st.sampled_from(("sw", "neq"))
    | texts().filter(lambda text: text.strip(BLANKS).casefold() not in _known)
)

_single = texts(commas=False).filter(str.strip)

_ids = _single.filter(lambda text: "@" not in text)

_addresses = _ids.map(lambda text: f"{text}@x")

_one_user: st.SearchStrategy[UserPredicate] = st.one_of(
    st.builds(operator.eq, _attributes, _single),
    st.builds(Attribute.is_in, _attributes, st.lists(_single, min_size=1, max_size=3)),
    st.builds(Attribute.contains, _attributes, texts()),
    st.builds(Attribute.matches, _attributes, operators, texts()),
)


def user_conditions() -> st.SearchStrategy[UserPredicate]:
    """Conditions on users, joined by `&` and `|` to any shape that the API's groups can say.

    >>> from hypothesis import given
    >>> @given(user_conditions())
    ... def test_groups_are_filled(condition):
    ...     assert condition.groups and all(condition.groups)
    >>> test_groups_are_filled()
    """
    return st.recursive(
        _one_user,
        lambda inner: st.builds(_combine, st.sampled_from(_SIGNS), inner, inner),
        max_leaves=5,
    )


_SIGNS: Final = (operator.and_, operator.or_)


def _combine(
    sign: Callable[[UserPredicate, UserPredicate], UserPredicate],
    one: UserPredicate,
    other: UserPredicate,
) -> UserPredicate:
    """Both, or the first alone where the API's groups cannot say both."""
    try:
        return sign(one, other)
    except UnsupportedQueryError:
        return one


_owners: st.SearchStrategy[list[Any]] = st.one_of(
    st.lists(_ids | _addresses, min_size=1, max_size=3),
    st.lists(user_conditions(), min_size=1, max_size=2),
)

_numbers = st.integers(1, 3) | st.sampled_from((100, 2**31 - 1))

_DATES: Final = ("created", "modified")

Call = tuple[str, tuple[Any, ...], dict[str, Any]]
"""A method of questions, and what it is called with."""

_where: st.SearchStrategy[Call] = st.lists(conditions(), max_size=3).map(
    lambda several: ("where", tuple(several), {})
)

_dated: st.SearchStrategy[Call] = st.one_of(
    st.builds(
        lambda date, given: (f"{date}_between", given[:2], {"tz": given[2]}),
        st.sampled_from(_DATES),
        ranges(),
    ),
    st.builds(
        lambda date, given: (f"{date}_since", given[:1], {"tz": given[1], "now": given[2]}),
        st.sampled_from(_DATES),
        starts(),
    ),
    st.builds(
        lambda date, period: (f"{date}_in", (period,), {}), st.sampled_from(_DATES), periods()
    ),
)

_owned: st.SearchStrategy[Call] = _owners.map(lambda several: ("owned_by", tuple(several), {}))

_paged: st.SearchStrategy[Call] = st.one_of(
    st.tuples(_numbers, _numbers).map(lambda page: ("page", page, {})),
    st.just(("page", (None,), {})),
)

calls = st.sampled_from((_where, _where, _owned, _dated, _paged)).flatmap(lambda one: one)


def _refine(draw: st.DrawFn, question: Any, most: int) -> Any:
    for method, given, named in [draw(_where), *draw(st.lists(calls, max_size=most))]:
        # A call that asks for more groups of users than one query can say is left out.
        with suppress(UnsupportedQueryError):
            question = getattr(question, method)(*given, **named)
    return question


def _is_selectable(word: BaseField[Any]) -> bool:
    return SEPARATOR not in word.name and word.name == word.name.strip(BLANKS)


_named = st.sampled_from(("mx_x", "mx_City", "Phone", "OwnerId", "Score"))

_columns = fields().filter(_is_selectable) | _named

_groups = fields(*(kind for kind in FIELD_TYPES if kind is not DerivedColumn)) | _named

_computed = fields(Number, Field) | st.sampled_from(("mx_x", "Score"))


def _draw_grouped(draw: st.DrawFn) -> GroupedLeads:
    grouped: GroupedLeads = _refine(draw, Leads, 2).group_by(draw(_groups))
    return grouped


@st.composite
def queries(draw: st.DrawFn) -> Query:
    """Finished queries of every kind: lists, counts, averages and sums.

    Some have user operators that nobody has seen (LQ311), which no emulator answers.

    >>> from hypothesis import given
    >>> from leadquery import check
    >>> @given(queries())
    ... def test_what_is_built_is_right(query):
    ...     assert check(query.to_payload()).ok
    >>> test_what_is_built_is_right()
    """
    finish = draw(st.sampled_from(("select", "count", "count of", "average", "sum")))
    if finish == "select":
        unfinished = _refine(draw, Leads, 3)
        query = unfinished.select(*draw(st.lists(_columns, min_size=1, max_size=9)))
    else:
        grouped = _refine(draw, _draw_grouped(draw), 1)
        if finish == "count":
            query = grouped.count()
        elif finish == "count of":
            query = grouped.count(draw(_groups))
        else:
            query = getattr(grouped, finish)(draw(_computed))
    finished: Query = _refine(draw, query, 1)
    return finished


@st.composite
def any_queries(draw: st.DrawFn) -> LeadSet | GroupedLeads | Query:
    """Questions in any state: without anything to show, grouped, or finished.

    >>> from hypothesis import given
    >>> from leadquery.fields import Phone
    >>> @given(any_queries())
    ... def test_one_more_condition(question):
    ...     assert type(question.where(Phone.has_data())) is type(question)
    >>> test_one_more_condition()
    """
    match draw(st.sampled_from(("unfinished", "grouped", "finished"))):
        case "unfinished":
            unfinished: LeadSet = _refine(draw, Leads, 3)
            return unfinished
        case "grouped":
            return _draw_grouped(draw)
    return draw(queries())
