"""Conditions joined by `&`, `|` and `~` to any depth: their source, and how they join."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import Leads, fields, users
from leadquery.errors import UsageError
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
