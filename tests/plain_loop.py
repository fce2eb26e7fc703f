"""Random leads and conditions, and a plain loop that decides which leads meet a condition.

It shares no code with the planner: three-valued logic over the values of one lead.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from leadquery import users
from leadquery.expr.predicate import Condition, OtherOwners, Predicate
from leadquery.expr.user_field import UserPredicate
from leadquery.fields import DoNotCall, Field, LastVisitDate, Score, Source, mx_City
from leadquery.wire.enums import LogicalOperator, Operator

Lead = dict[str, Any]

NUMBERS = ["0", "5", "7.5", "9"]
TEXTS = ["web", "WEB", "Web ", "website", "fair", "b"]
DAYS = ["2026-01-01 00:00:00", "2026-01-02 12:00:00", "2026-01-03 00:00:00"]

leads: st.SearchStrategy[Lead] = st.fixed_dictionaries(
    {
        "Score": st.sampled_from([None, "-1", "6", "8", "10", *NUMBERS]),
        "Source": st.sampled_from([None, "x", "abc", *TEXTS]),
        "mx_City": st.sampled_from([None, "Delhi", "Pune", "Agra"]),
        "mx_Own": st.sampled_from([None, "1", "1.0", "2"]),
        "DoNotCall": st.sampled_from([None, "0", "1"]),
        "LastVisitDate": st.sampled_from([None, "2026-01-02 11:00:00", *DAYS]),
        "Role": st.sampled_from(["User", "Manager", "Admin"]),
        "Team": st.sampled_from(["a", "b"]),
    }
)

_ORDER = (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)
_EQUALITY = (operator.eq, operator.ne)


def _compare(field: Any, operators: Any, values: list[Any]) -> st.SearchStrategy[Condition]:
    return st.builds(
        lambda compare, value: compare(field, value),
        st.sampled_from(operators),
        st.sampled_from(values),
    )


def _presence(field: Any) -> st.SearchStrategy[Condition]:
    return st.sampled_from([field.has_data(), field.has_no_data()])


own = Field("mx_Own")
conditions: st.SearchStrategy[Condition] = st.recursive(
    st.one_of(
        _compare(Score, _ORDER, list(map(float, NUMBERS))),
        st.builds(Score.is_in, st.lists(st.sampled_from([0, 5, 9]), min_size=1)),
        _compare(Source, _EQUALITY, TEXTS),
        st.builds(Source.is_in, st.lists(st.sampled_from(TEXTS), min_size=1)),
        st.builds(Source.contains, st.sampled_from(["web", "b", "site"])),
        st.builds(Source.does_not_contain, st.sampled_from(["web", "b"])),
        _compare(mx_City, _EQUALITY, ["Delhi", "Pune"]),
        _compare(own, _ORDER, ["1", "1.0", "2"]),
        st.builds(own.is_in, st.lists(st.sampled_from(["1", "2"]), min_size=1)),
        _compare(DoNotCall, _EQUALITY, [True, False]),
        _compare(LastVisitDate, _ORDER, DAYS),
        *map(_presence, (Score, Source, own, LastVisitDate)),
        _compare(users.Role, [operator.eq], ["User", "Manager"]),
        _compare(users.Attribute("Team"), [operator.eq], ["a"]),
    ),
    lambda inner: st.one_of(
        st.builds(operator.and_, inner, inner),
        st.builds(operator.or_, inner, inner),
        st.builds(operator.invert, inner),
    ),
    max_leaves=7,
)

_COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.NOT_EQUAL: operator.ne,
    Operator.ABOVE: operator.gt,
    Operator.BELOW: operator.lt,
    Operator.AT_LEAST: operator.ge,
    Operator.AT_MOST: operator.le,
    Operator.CONTAINS: lambda value, part: part in value,
    Operator.DOES_NOT_CONTAIN: lambda value, part: part not in value,
    Operator.ONE_OF: lambda value, values: value in values,
}


def _key(name: str, text: str) -> Any:
    """The value as the server compares it; the untyped field holds numbers."""
    if name in ("Score", "mx_Own"):
        return float(text)
    return text.casefold()


def meets_filter(lead: Lead, lead_filter: Any) -> bool | None:
    """Whether a lead meets a filter; None if it has no data in the field."""
    value = lead[lead_filter.name]
    if lead_filter.operator is Operator.HAS_DATA:
        return value is not None
    if lead_filter.operator is Operator.HAS_NO_DATA:
        return value is None
    if value is None:
        return None
    name = lead_filter.name
    wanted: Any
    if lead_filter.operator is Operator.ONE_OF:
        wanted = [_key(name, text) for text in lead_filter.values]
    else:
        wanted = _key(name, lead_filter.value)
    return _COMPARISONS[lead_filter.operator](_key(name, value), wanted)


def is_owned(lead: Lead, condition: UserPredicate) -> bool:
    outer, inner = (any, all) if condition.joiner is LogicalOperator.OR else (all, any)
    return outer(
        inner(lead[one.name] in one.value.split(",") for one in group) for group in condition.groups
    )


def meets(lead: Lead, condition: Condition) -> bool | None:
    """Three-valued logic, as in SQL."""
    if isinstance(condition, UserPredicate):
        return is_owned(lead, condition)
    if isinstance(condition, OtherOwners):
        return not is_owned(lead, condition.users)
    if isinstance(condition, Predicate):
        parts = [meets_filter(lead, one) for one in condition.filters]
        joiner = LogicalOperator.AND
    else:
        parts = [meets(lead, part) for part in condition.parts]
        joiner = condition.joiner
    decisive = joiner is LogicalOperator.OR
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive
