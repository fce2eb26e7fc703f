"""User conditions joined with `&` and `|`: groups of one operator each, joined by the other."""

from __future__ import annotations

from collections import Counter
from functools import reduce
from itertools import product
from operator import and_, or_
from typing import Any

import pytest

from leadquery import Leads, UnsupportedQueryError, from_payload, users
from leadquery.wire.model import UserCondition
from leadquery.wire.schema import WireObject

TOO_MANY = "the API's user groups need more than 64 conditions for this; use several queries"
A, B, C, D = (users.Attribute(name) == "1" for name in "ABCD")
Groups = list[tuple[str, list[str]]]


def sent(condition: Any) -> Any:
    """The groups that a condition becomes."""
    query = Leads.owned_by(condition).select("Phone")
    return query.to_payload()["ReportFilter"]["UserFilter"]["GroupConditions"]


def group(names: str, inner: str, outer: str | None) -> dict[str, Any]:
    """A group in the payload: the operator between its conditions, and that to the next group."""
    conditions: list[dict[str, str]] = [
        {"LookupName": name, "Operator": "eq", "LookupValue": "1", "ConditionOperator": inner}
        for name in names
    ]
    del conditions[-1]["ConditionOperator"]
    return {"Condition": conditions} | ({} if outer is None else {"GroupOperator": outer})


def groups(inner: str, *names: str) -> list[dict[str, Any]]:
    """Groups with one operator inside and the other between them."""
    outer = {"AND": "OR", "OR": "AND"}[inner]
    *most, last = names
    return [*(group(one, inner, outer) for one in most), group(last, inner, None)]


@pytest.mark.parametrize(
    ("condition", "inner", "names"),
    [
        (A, "AND", ["A"]),
        (A & B, "AND", ["AB"]),
        (B & A, "AND", ["BA"]),
        (A | B, "OR", ["AB"]),
        (A & B & C, "AND", ["ABC"]),
        (A & (B & C), "AND", ["ABC"]),
        (A | B | C | D, "OR", ["ABCD"]),
        # AND of ORs, and OR of ANDs, stand as they are.
        ((A | B) & C, "OR", ["AB", "C"]),
        (A & (B | C), "OR", ["A", "BC"]),
        ((A | B) & (C | D), "OR", ["AB", "CD"]),
        ((A | B) & C & D, "OR", ["AB", "C", "D"]),
        ((A & B) | C, "AND", ["AB", "C"]),
        (A | (B & C), "AND", ["A", "BC"]),
        ((A & B) | (C & D), "AND", ["AB", "CD"]),
        # A third level is distributed.
        (((A | B) & C) | D, "AND", ["AC", "BC", "D"]),
        (((A & B) | C) & D, "OR", ["AC", "BC", "D"]),
        (D | ((A | B) & C), "AND", ["D", "AC", "BC"]),
        # What is said twice stands once.
        (A & A, "AND", ["A"]),
        (A | A, "AND", ["A"]),
        ((A & B) & (B & C), "AND", ["ABC"]),
        ((A | B) & (A | B), "OR", ["AB"]),
        ((A & B) | (A & B), "AND", ["AB"]),
    ],
)
def test_conditions_become_groups(condition: Any, inner: str, names: list[str]) -> None:
    assert sent(condition) == groups(inner, *names)


def test_the_last_entry_has_no_joining_operator() -> None:
    """In an AND of ORs."""
    roles = users.Role.is_in(["Sales_User", "Sales_Manager"])

    assert sent(roles & users.EmailAddress.contains("@acme")) == [
        {
            "Condition": [
                {
                    "LookupName": "Role",
                    "Operator": "eq",
                    "LookupValue": "Sales_User",
                    "ConditionOperator": "OR",
                },
                {"LookupName": "Role", "Operator": "eq", "LookupValue": "Sales_Manager"},
            ],
            "GroupOperator": "AND",
        },
        {"Condition": [{"LookupName": "EmailAddress", "Operator": "lik", "LookupValue": "@acme"}]},
    ]


def meets(condition: Any, user: dict[str, str]) -> bool:
    """Whether a user matches the groups of a payload."""
    functions = {"AND": all, "OR": any, None: all}
    rows = sent(condition)
    met = [
        functions[row["Condition"][0].get("ConditionOperator")](
            user[one["LookupName"]] == one["LookupValue"] for one in row["Condition"]
        )
        for row in rows
    ]
    return functions[rows[0].get("GroupOperator")](met)


@pytest.mark.parametrize(
    ("build", "plain"),
    [
        (lambda a, b, c, d: a & (b | c) | d, "a and (b or c) or d"),
        (lambda a, b, c, d: ((a | b) & c) | d, "(a or b) and c or d"),
        (lambda a, b, c, d: ((a & b) | c) & d, "(a and b or c) and d"),
        (lambda a, b, c, d: a | (b & (c | d)), "a or b and (c or d)"),
        (lambda a, b, c, d: (a & b | c & d) & (a | d), "(a and b or c and d) and (a or d)"),
        (lambda a, b, c, d: ((a | b) & (c | d)) | (a & d), "(a or b) and (c or d) or a and d"),
    ],
)
def test_distributing_keeps_the_meaning(build: Any, plain: str) -> None:
    """For each of the sixteen users, the groups match if the Python expression does."""
    condition = build(A, B, C, D)
    for truth in product((True, False), repeat=4):
        named = dict(zip("abcd", truth, strict=True))
        user = {name.upper(): "1" if value else "0" for name, value in named.items()}

        assert meets(condition, user) == eval(plain, named)


def either(count: int, start: int = 0) -> Any:
    """A group of so many conditions joined by OR."""
    return users.Attribute(f"G{start}").is_in([str(number) for number in range(count)])


@pytest.mark.parametrize("count", [64, 65, 200])
def test_conditions_that_need_no_distributing_have_no_limit(count: int) -> None:
    several = [users.Attribute(str(number)) == "1" for number in range(count)]

    assert len(sent(reduce(and_, several))[0]["Condition"]) == count
    assert len(sent(reduce(or_, several))[0]["Condition"]) == count
    assert len(sent(either(count) & A)) == 2
    assert len(sent(reduce(and_, [either(2, number) for number in range(count)]))) == count


def test_up_to_64_conditions_are_distributed() -> None:
    """The shorter of the two forms is sent."""
    condition = (either(31) & either(31, 1)) | D

    assert [len(row["Condition"]) for row in sent(condition)] == [32, 32]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (either(32) & either(31, 1), D),
        (either(65) & A, D),
        (reduce(and_, [either(2, number) for number in range(32)]), D),
        (either(64) & A, (B & C) | D),
        (either(2) & either(16, 1), either(2, 2) & either(16, 3)),
        (either(31) & either(2, 1) & A, reduce(and_, [A, B, C, D])),
    ],
)
def test_more_than_64_conditions_are_refused(left: Any, right: Any) -> None:
    """The message says what to do instead."""
    with pytest.raises(UnsupportedQueryError) as caught:
        left | right

    assert str(caught.value) == TOO_MANY


@pytest.mark.parametrize(
    ("left", "right"),
    [(either(2) | either(2, 1), either(2, 2) & A), (either(200), A & B), (A & B, either(65))],
)
def test_conditions_that_distributing_does_not_multiply_have_no_limit(
    left: Any, right: Any
) -> None:
    rows = sent(left | right)
    written = [len(row["Condition"]) for one in (left, right) for row in sent(one)]

    assert sum(len(row["Condition"]) for row in rows) <= max(64, sum(written))


def test_a_single_condition_has_no_joining_operator() -> None:
    """However it was joined."""
    assert A & A == A
    assert A | A == A


@pytest.mark.parametrize("names", [("AB", "A"), ("A", "AB"), ("AB", "AC", "B")])
@pytest.mark.parametrize("inner", ["AND", "OR"])
def test_groups_of_a_payload_are_kept(inner: str, names: tuple[str, ...]) -> None:
    """Even if another form is as short."""
    payload = Leads.owned_by(A & B).select("Phone").to_payload()
    payload["ReportFilter"]["UserFilter"]["GroupConditions"] = groups(inner, *names)

    assert from_payload(payload).to_payload() == payload


@pytest.mark.parametrize(
    "condition", [A, A & B, A | B, (A | B) & (C | D), (A & B) | (C & D), ((A | B) & C) | D]
)
def test_groups_round_trip(condition: Any) -> None:
    query = Leads.owned_by(condition).select("Phone")

    assert from_payload(query.to_payload()) == query


def test_conditions_of_one_call_are_joined_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Joined one after the other, each would be hashed as often as there are conditions."""
    hashed: list[str] = []

    def count(condition: UserCondition) -> int:
        hashed.append(condition.value)
        return WireObject.__hash__(condition)

    monkeypatch.setattr(UserCondition, "__hash__", count)
    Leads.owned_by(*(users.Role == f"role {number}" for number in range(50)))

    assert max(Counter(hashed).values()) < 10


def test_a_flat_group_stays_one_group() -> None:
    """However many conditions it has."""
    conditions = [users.Role == f"role {number}" for number in range(3_000)]
    joined = Leads.owned_by(*conditions).select("Phone").to_payload()
    [group] = joined["ReportFilter"]["UserFilter"]["GroupConditions"]

    assert len(group["Condition"]) == 3_000
    assert from_payload(joined).to_payload() == joined
