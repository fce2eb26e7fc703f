"""Conditions joined by `&`, `|` and `~` in each other: their source, and how they join."""

from __future__ import annotations

import copy
import pickle
from itertools import groupby
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from leadquery import Client, Leads, count, fields, users
from leadquery.emulator import Emulator
from leadquery.errors import UnsupportedQueryError, UsageError
from leadquery.expr._guards import MAX_DEPTH
from leadquery.fields import Score, Source, mx_City

CITY, SCORE, WEB = mx_City == "Delhi", Score > 80, Source == "Web"
MANAGER = users.Role == "Manager"


@pytest.mark.parametrize(
    ("condition", "source"),
    [
        (CITY | SCORE, '(mx_City == "Delhi") | (Score > 80)'),
        (CITY | SCORE | WEB, '(mx_City == "Delhi") | (Score > 80) | (Source == "Web")'),
        ((CITY | SCORE) & WEB, '((mx_City == "Delhi") | (Score > 80)) & (Source == "Web")'),
        (WEB & (CITY | SCORE), '(Source == "Web") & ((mx_City == "Delhi") | (Score > 80))'),
        ((CITY & SCORE) | WEB, '((mx_City == "Delhi") & (Score > 80)) | (Source == "Web")'),
        (~(CITY | SCORE), '(mx_City != "Delhi") & (Score <= 80)'),
        (~MANAGER, '~(users.Role == "Manager")'),
        (~MANAGER & SCORE, '~(users.Role == "Manager") & (Score > 80)'),
        (~MANAGER | SCORE, '~(users.Role == "Manager") | (Score > 80)'),
        (MANAGER | SCORE, '(users.Role == "Manager") | (Score > 80)'),
        (SCORE & MANAGER, '(Score > 80) & (users.Role == "Manager")'),
        (SCORE & (WEB | CITY) & ~MANAGER,
         '(Score > 80) & ((Source == "Web") | (mx_City == "Delhi")) & ~(users.Role == "Manager")'),
    ],
)  # fmt: skip
def test_the_source_builds_the_condition(condition: Any, source: str) -> None:
    """Written as a person would, with brackets where Python needs them."""
    assert repr(condition) == source
    assert eval(source, {**vars(fields), "users": users}) == condition


def test_repeated_parts_count_once() -> None:
    assert CITY | SCORE | CITY == CITY | SCORE
    assert (CITY | SCORE) & (CITY | SCORE) == CITY | SCORE
    assert ~~MANAGER == MANAGER
    assert Leads.where(CITY | SCORE).where(CITY | SCORE) == Leads.where(CITY | SCORE)


@pytest.mark.parametrize("condition", [CITY | SCORE, ~MANAGER], ids=repr)
@pytest.mark.parametrize("other", [True, "Score > 5", None, Score, 5])
def test_only_conditions_join(condition: Any, other: Any) -> None:
    with pytest.raises(UsageError):
        condition & other
    with pytest.raises(UsageError):
        condition | other


def test_conditions_on_users_alone_become_the_user_filter() -> None:
    sales = users.Role == "Sales_User"

    assert Leads.where(sales) == Leads.owned_by(sales)
    assert Leads.where(sales | (sales & SCORE)) == Leads.owned_by(sales)
    assert Leads.owned_by(~sales, MANAGER) == Leads.owned_by(MANAGER).where(~sales)


def test_each_part_of_and_stays_where_one_request_takes_it() -> None:
    assert Leads.where((CITY | SCORE) & WEB & MANAGER) == (
        Leads.owned_by(MANAGER).where(WEB, CITY | SCORE)
    )


def nested(operators: str, first: Any = CITY, compared: Any = Score) -> Any:
    """Conditions added one by one, by `&` or `|`."""
    condition = first
    for number, operator in enumerate(operators):
        other = compared > number
        condition = condition & other if operator == "&" else condition | other
    return condition


DEEPEST = "|&" * (MAX_DEPTH // 2)


def test_everything_works_for_the_deepest_conditions() -> None:
    deepest = nested(DEEPEST)
    groups = nested(DEEPEST, Score.max() < 5, count())
    query = Leads.where(deepest).group_by(Source).count().having(groups)
    scope: dict[str, Any] = {}
    exec(query.to_python(), scope)  # noqa: S102 - our own text

    assert scope["query"] == query
    assert eval(repr(query), {**vars(fields), "Leads": Leads, "count": count}) == query
    assert pickle.loads(pickle.dumps(query)) == query
    assert copy.deepcopy(query) == query
    assert ~~deepest == deepest
    assert ~~groups == groups
    assert query.describe().startswith("Number of leads ")


def test_the_deepest_conditions_are_planned_and_sent() -> None:
    client = Client("api.example.com", "key", "secret", Emulator.demo(50).session())
    last = Leads.where(Score > MAX_DEPTH - 1).select("Phone")

    assert client.run(Leads.where(nested(DEEPEST)).select("Phone")).rows == client.run(last).rows


@given(st.text("&|", min_size=MAX_DEPTH, max_size=3 * MAX_DEPTH))
@example("|&" * MAX_DEPTH)
@example("&" + DEEPEST[:-1] + "|")
@example("&" + DEEPEST + "|")
def test_conditions_nest_a_hundred_deep(operators: str) -> None:
    """Those of one kind are joined at one level, and plain filters joined by AND are one."""
    depth = len(list(groupby(operators.lstrip("&"))))

    if depth <= MAX_DEPTH:
        assert nested(operators) == nested(operators)
        return
    with pytest.raises(UnsupportedQueryError) as caught:
        nested(operators)

    assert str(caught.value).splitlines()[0] == (
        "conditions are joined by & and | in each other more than 100 times; "
        "use is_in for the values of a field, or several queries"
    )


@given(st.text("&|", min_size=MAX_DEPTH, max_size=2 * MAX_DEPTH))
@example(DEEPEST)
@example(f"{DEEPEST}|")
def test_conditions_on_groups_nest_a_hundred_deep(operators: str) -> None:
    def join() -> Any:
        return nested(operators, Score.max() < 5, count())

    if len(list(groupby(operators))) <= MAX_DEPTH:
        assert join() == join()
        return
    with pytest.raises(UnsupportedQueryError, match="; choose among the rows of the result inst"):
        join()
