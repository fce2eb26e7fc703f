"""Lines that Python reads otherwise than they were meant: each is stopped where it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import leadquery
from leadquery import QueryError, fields
from leadquery.errors import SlipError

# Untyped: a type checker would refuse most of these lines before they run.
Leads: Any = leadquery.Leads
users: Any = leadquery.users
EngagementScore: Any = fields.EngagementScore
Phone: Any = fields.Phone
Score: Any = fields.Score
Source: Any = fields.Source
LOW, WEB = EngagementScore < 20, Source == "Web"
ROLE = users.Role == "Sales_User"
QUERY = Leads.select(Phone)
TRUTH = (
    "a condition is neither true nor false before the API answers, so `and`, `or`, `not`, `if` "
    "and chains such as 5 < A < 20 cannot read it; join conditions with a comma or with &, each "
    "in brackets: where((A < 5) & (B == 1)), turn one round with ~, and write a range as "
    "A.between(5, 20)"
)
FIELD_TRUTH = (
    "a field is neither true nor false; compare it, as in where(A == 1), or ask where(A.has_data())"
)
QUERY_TRUTH = (
    "a query is neither true nor false before it is sent; "
    "ask client.count(query) how many leads meet it"
)
HOLDS_NONE = "a condition holds no values; give it to where(...)"
FIELD_HOLDS_NONE = (
    "a field holds no values; write A.is_in([...]) for one of several, "
    "A.contains(...) for a part of a text"
)
QUERY_HOLDS_NONE = "a query holds no rows before it is sent; go over the rows of client.send(query)"
A_BOOL = (
    "where({}) holds a Python bool, not a condition: two things were compared that are no field "
    "of leadquery.fields, or a field with a value by `is`, `in` or `not`"
)
A_TEXT = "where({!r}) holds a text; write the condition in Python: where(Score < 5)"
NO_CONDITION = "where() takes conditions such as Score < 5, not {}"

Line = tuple[Callable[[], Any], str]
TRUTHS: list[Line] = [
    (lambda: LOW and WEB, TRUTH),
    (lambda: LOW or WEB, TRUTH),
    (lambda: not LOW, TRUTH),
    (lambda: 1 if LOW else 2, TRUTH),
    (lambda: bool(LOW), TRUTH),
    (lambda: 5 < EngagementScore < 20, TRUTH),
    (lambda: EngagementScore == 5 == 5, TRUTH),
    (lambda: any([LOW, WEB]), TRUTH),
    (lambda: all([LOW, WEB]), TRUTH),
    (lambda: Leads.where(LOW and WEB), TRUTH),
    (lambda: Leads.where(not LOW), TRUTH),
    (lambda: Leads.where(5 < EngagementScore < 20), TRUTH),
    (lambda: EngagementScore in (5, 20), TRUTH),
    (lambda: [one for one in (LOW, WEB) if one], TRUTH),
    (lambda: EngagementScore and Phone, FIELD_TRUTH),
    (lambda: Phone or Source, FIELD_TRUTH),
    (lambda: not Phone, FIELD_TRUTH),
    (lambda: Leads.where(not Phone), FIELD_TRUTH),
    (lambda: 1 if Phone else 2, FIELD_TRUTH),
    (lambda: Leads.where(LOW or Phone), TRUTH),
    (lambda: bool(users.Role), FIELD_TRUTH),
    (lambda: QUERY and 1, QUERY_TRUTH),
    (lambda: not QUERY, QUERY_TRUTH),
    (lambda: 1 if Leads else 2, QUERY_TRUTH),
    (lambda: bool(Leads.group_by("mx_City")), QUERY_TRUTH),
]
ITERATIONS: list[Line] = [
    (lambda: list(LOW), HOLDS_NONE),
    (lambda: [*LOW], HOLDS_NONE),
    (lambda: dict(LOW), HOLDS_NONE),
    (lambda: 20 in LOW, HOLDS_NONE),
    (lambda: 20 not in LOW, HOLDS_NONE),
    (lambda: list(ROLE), HOLDS_NONE),
    (lambda: Leads.where(*LOW), HOLDS_NONE),
    (lambda: list(Phone), FIELD_HOLDS_NONE),
    (lambda: [*EngagementScore], FIELD_HOLDS_NONE),
    (lambda: "98" in Phone, FIELD_HOLDS_NONE),
    (lambda: "98" not in Phone, FIELD_HOLDS_NONE),
    (lambda: Leads.where("98" in Phone), FIELD_HOLDS_NONE),
    (lambda: list(users.Role), FIELD_HOLDS_NONE),
    (lambda: list(QUERY), QUERY_HOLDS_NONE),
    (lambda: [row.name for row in Leads], QUERY_HOLDS_NONE),
    (lambda: iter(Leads.group_by("mx_City")), QUERY_HOLDS_NONE),
]
GIVEN: list[Line] = [
    (lambda: Leads.where(True), A_BOOL.format("True")),
    (lambda: Leads.where(LOW, False), A_BOOL.format("False")),
    (lambda: Leads.where(Phone is None), A_BOOL.format("False")),
    (lambda: Leads.where(Phone is not None), A_BOOL.format("True")),
    (lambda: Leads.where("98" == str(Phone)), A_BOOL.format("False")),
    (lambda: LOW & (Phone is None), A_BOOL.format("False")),
    (lambda: (Phone is None) & LOW, A_BOOL.format("False")),
    (lambda: LOW | True, A_BOOL.format("True")),
    (lambda: True | LOW, A_BOOL.format("True")),
    (lambda: Leads.where("Score < 5"), A_TEXT.format("Score < 5")),
    (lambda: Leads.where("x" * 100), A_TEXT.format("x" * 60)),
    (lambda: LOW & "Score < 5", A_TEXT.format("Score < 5")),
    (lambda: "Score < 5" & LOW, A_TEXT.format("Score < 5")),
    (lambda: Leads.where(5), NO_CONDITION.format("int")),
    (lambda: Leads.where(None), NO_CONDITION.format("NoneType")),
    (lambda: Leads.where([LOW, WEB]), NO_CONDITION.format("list")),
    (lambda: Leads.where({"Score": 5}), NO_CONDITION.format("dict")),
    (lambda: Leads.where(one for one in [LOW]), NO_CONDITION.format("generator")),
    (lambda: Leads.where(QUERY), NO_CONDITION.format("Query")),
    (lambda: LOW & None, NO_CONDITION.format("NoneType")),
    (lambda: 20 & LOW, NO_CONDITION.format("int")),
]
LINES = [*TRUTHS, *ITERATIONS, *GIVEN]


@pytest.mark.parametrize(("line", "text"), LINES)
def test_a_slip_is_stopped_at_once(line: Callable[[], Any], text: str) -> None:
    """It never runs as another question; the text says what to write."""
    with pytest.raises(SlipError) as caught:
        line()

    assert str(caught.value) == text


@pytest.mark.parametrize("kind", [SlipError, QueryError, TypeError, ValueError])
def test_a_slip_is_a_type_error_too(kind: type[Exception]) -> None:
    """Python's own code, which expects TypeError here, is not misled."""
    with pytest.raises(kind):
        bool(LOW)


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (lambda: Leads.where(Score), "Score is a field; compare it, as in Score.has_data()"),
        (
            lambda: Leads.where(ROLE),
            'users.Role == "Sales_User" is about users; write owned_by(users.Role == "Sales_User")',
        ),
        (
            lambda: Score == EngagementScore,
            (
                "Score == EngagementScore compares a field with a field; "
                "the API compares fields with values only"
            ),
        ),
        (
            lambda: max(Score, EngagementScore),
            (
                "EngagementScore > Score compares a field with a field; "
                "the API compares fields with values only"
            ),
        ),
    ],
)
def test_a_word_of_the_language_in_another_place_is_told_its_own(
    line: Callable[[], Any], text: str
) -> None:
    """A field alone, a condition on users among those on leads, a field for a value."""
    with pytest.raises(QueryError) as caught:
        line()

    assert str(caught.value) == text


@pytest.mark.parametrize("other", [5, "a", True, None, users.Role, Leads, LOW], ids=repr)
@pytest.mark.parametrize("sign", ["&", "|"])
def test_a_user_condition_joins_with_its_like(other: Any, sign: str) -> None:
    """Anything else beside it is named."""
    with pytest.raises(SlipError) as caught:
        _ = ROLE & other if sign == "&" else ROLE | other

    assert str(caught.value) == (
        f"{other!r} is no user condition; join user conditions only with user conditions, "
        "each in brackets, and give lead conditions to where(...)"
    )


@pytest.mark.parametrize("line", [lambda: bool(ROLE), lambda: not ROLE, lambda: ROLE and ROLE])
def test_a_user_condition_is_neither_true_nor_false(line: Callable[[], Any]) -> None:
    """As a condition on leads."""
    with pytest.raises(
        SlipError, match=r"^a condition is neither true nor false before the API answers"
    ):
        line()


@pytest.mark.parametrize("value", [20, "x", True, None])
def test_equality_of_conditions_is_pythons(value: Any) -> None:
    """Conditions are values: compared with anything else they are unequal, and may be found."""
    assert (value == LOW) is False
    assert LOW in [WEB, LOW]
    assert LOW != WEB


def test_a_slip_raises_at_its_own_line() -> None:
    """Not when the query is sent, lines later."""
    source = "low = EngagementScore < 20\nboth = low and WEB\nquery = Leads.where(both)\n"
    with pytest.raises(SlipError) as caught:
        exec(source, dict(globals()))  # noqa: S102 - our own text.

    assert [entry.lineno for entry in caught.traceback][1] == 1
