"""`~` and `|`: opposites, filters that fold into one, and what is not supported."""

# ruff: noqa: E712

from __future__ import annotations

from typing import Any

import pytest

from leadquery import Leads, UnsupportedQueryError, fields
from leadquery.expr.field_types import Boolean, Choice, Date, Field, Identifier, Number, Text, Time
from leadquery.expr.predicate import Predicate
from leadquery.wire import enums
from tests.expr.support import many, none, one, refusal, sent

A, B = Number("mx_A"), Text("mx_B")


@pytest.mark.parametrize(
    ("condition", "opposite"),
    [
        (A == 5, A != 5),
        (A < 5, A >= 5),
        (A > 5, A <= 5),
        (B.contains("a"), B.does_not_contain("a")),
        (B.has_data(), B.has_no_data()),
        (Boolean("mx_A") == True, Boolean("mx_A") != True),
        (Date("mx_A") < "2026-01-31", Date("mx_A") >= "2026-01-31"),
        (Date("mx_A") > "2026-01-31", Date("mx_A") <= "2026-01-31"),
        (Time("mx_A") <= "09:30", Time("mx_A") > "09:30"),
        (B.is_in(["a"]), B != "a"),
        (B.is_in(["a", "b", "c"]), (B != "a") & (B != "b") & (B != "c")),
        (A.is_in([1, 2]), (A != 1) & (A != 2)),
    ],
)
def test_each_operator_has_an_opposite(condition: Any, opposite: Any) -> None:
    """Among leads with data; `~~` is the condition itself."""
    assert ~condition == opposite
    assert ~opposite == condition
    assert ~~condition == condition
    assert ~~opposite == opposite


def test_not_in_is_several_filters() -> None:
    assert sent(~B.is_in(["a", "b"])) == [one("<>", "a", "mx_B"), one("<>", "b", "mx_B")]
    assert sent(~B.has_data()) == [none("ndef", "mx_B")]


@pytest.mark.parametrize(
    ("condition", "opposite"),
    [
        (A.between(1, 2), (A < 1) | (A > 2)),
        ((A < 5) & (B == "a"), (A >= 5) | (B != "a")),
        ((A != 5) & (B != "a"), (A == 5) | (B == "a")),
        ((B != "a") & B.has_data(), (B == "a") | B.has_no_data()),
        (
            Date("mx_A") == "2026-01-31",
            (Date("mx_A") < "2026-01-31") | (Date("mx_A") > "2026-01-31"),
        ),
        (
            (Time("mx_A") != "09:30") & (Time("mx_A") != "10:30"),
            (Time("mx_A") == "09:30") | (Time("mx_A") == "10:30"),
        ),
    ],
    ids=repr,
)
def test_the_opposite_of_and_is_or(condition: Any, opposite: Any) -> None:
    """Each side is inverted; twice is once."""
    assert ~condition == opposite
    assert ~opposite == condition


@pytest.mark.parametrize(
    ("condition", "filters"),
    [
        ((B == "a") | (B == "b"), [many("a", "b", name="mx_B")]),
        ((B == "b") | (B == "a"), [many("b", "a", name="mx_B")]),
        ((B == "a") | (B == "a"), [one("=", "a", "mx_B")]),
        (B.is_in(["a", "b"]) | (B == "c"), [many("a", "b", "c", name="mx_B")]),
        ((B == "c") | B.is_in(["a", "b"]), [many("c", "a", "b", name="mx_B")]),
        (B.is_in(["a", "b"]) | B.is_in(["b", "c"]), [many("a", "b", "c", name="mx_B")]),
        ((B == "a") | (B == "b") | (B == "c"), [many("a", "b", "c", name="mx_B")]),
        ((A == 1) | (A == 2.5), [many("1", "2.5")]),
        ((Identifier("mx_A") == "a") | (Identifier("mx_A") == "b"), [many("a", "b")]),
        ((Choice("mx_A") == "a") | (Choice("mx_A") == "b"), [many("a", "b")]),
        ((Field("mx_A") == 1) | (Field("mx_A") == "b"), [many("1", "b")]),
        # The kind takes no part, as long as both have lists.
        ((Text("mx_A") == "a") | (A == 1), [many("a", "1")]),
        (~(B != "a") | (B == "b"), [many("a", "b", name="mx_B")]),
        (~((B != "a") & (B != "b")) | (B == "c"), [many("a", "b", "c", name="mx_B")]),
    ],
)
def test_alternatives_of_one_field_fold(condition: Any, filters: Any) -> None:
    """`==` and `is_in` become one `in`, in order, each value once."""
    assert sent(condition) == filters


def test_a_folded_list_has_the_type_of_the_first_field() -> None:
    """The other types need not support lists."""
    either = ~((Field("mx_A") != "a") & (Boolean("mx_A") != True))
    assert isinstance(either, Predicate)

    assert repr(either) == 'Field("mx_A").is_in(["a", "1"])'
    assert type(next(iter(either._conditions.values()))) is Field


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (B == "a", Text("mx_C") == "b"),
        (B == "a", Text("mx_b") == "b"),
        (A < 5, A > 9),
        (B.contains("a"), B.contains("b")),
        ((B == "a") & (A == 1), B == "b"),
        (Boolean("mx_A") == True, Boolean("mx_A") == False),
        (Time("mx_A") == "09:30", Time("mx_A") == "10:30"),
    ],
    ids=repr,
)
def test_any_other_or_takes_several_requests(left: Any, right: Any) -> None:
    """Its source is what was written, and the query has a plan instead of a payload."""
    either = left | right
    query = Leads.where(either).select("Phone")

    assert repr(either) == repr(eval(repr(either), dict(vars(fields))))
    assert query.plan().calls > 1
    assert refusal(query.to_payload, UnsupportedQueryError) == (
        f"this query takes {query.plan().calls} requests, because its conditions are joined by "
        "more than AND; query.plan() shows them, client.run(query) sends them and combines the "
        "results"
    )


@pytest.mark.parametrize(
    ("condition", "simpler"),
    [
        ((A < 5) | (A < 9), A < 9),
        ((A == 5) | (A < 5), A <= 5),
        (A.between(1, 5) | A.between(4, 9), A.between(1, 9)),
        ((B == "a") | (B != "b"), B != "b"),
        ((A < 5) | (A >= 5), A.has_data()),
        ((B == "a") | ((B == "b") & (A == 1) & (A == 2)), B == "a"),
    ],
    ids=repr,
)
def test_an_or_on_one_field_is_simplified(condition: Any, simpler: Any) -> None:
    """What one request can ask for is one request."""
    assert Leads.where(condition) == Leads.where(simpler)


def test_what_is_always_true_is_left_out() -> None:
    """It narrows nothing."""
    assert Leads.where(A.has_data() | A.has_no_data()) == Leads


@pytest.mark.parametrize(
    ("condition", "filters"),
    [
        ((A < 5) & (B == "a"), [one("<", "5"), one("=", "a", "mx_B")]),
        ((B == "a") & (A < 5), [one("=", "a", "mx_B"), one("<", "5")]),
        ((A < 5) & (A < 5), [one("<", "5")]),
        ((A < 5) & (Field("mx_A") < "5"), [one("<", "5")]),
        (A.between(1, 5) & (A >= 1), [one(">=", "1"), one("<=", "5")]),
        (
            (B == "a") & ((B == "b") | (B == "c")),
            [one("=", "a", "mx_B"), many("b", "c", name="mx_B")],
        ),
    ],
)
def test_and_joins_in_the_order_written(condition: Any, filters: Any) -> None:
    """A duplicate is dropped."""
    assert sent(condition) == filters


def test_an_operator_without_an_opposite(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as one that the API may add."""
    monkeypatch.delitem(enums._OPPOSITES, enums.CONTAINS)

    assert refusal(lambda: ~B.contains("a"), UnsupportedQueryError) == (
        "the API has no opposite of contains; invert another condition"
    )
