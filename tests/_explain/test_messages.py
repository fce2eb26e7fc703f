"""Common misuse raises at its line, with a message that says what to write."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType, FunctionType
from typing import Any

import pytest

import leadquery
from leadquery import QueryError, fields
from leadquery.errors import UsageError
from tests._explain.messages import (
    A_BOOL,
    A_FIELD,
    A_TEXT,
    AN_ATTRIBUTE,
    AS_IN,
    ATTRIBUTE_HOLDS_NONE,
    ATTRIBUTE_TRUTH,
    BESIDE_AND,
    BESIDE_OR,
    FIELD_HOLDS_NONE,
    FIELD_TRUTH,
    HOLDS_NONE,
    MADE,
    NO_CONDITION,
    ONE_BY_ONE,
    QUERY_HOLDS_NONE,
    QUERY_TRUTH,
    THESE_ONE_BY_ONE,
    TILDE,
    TRUTH,
    USER_HOLDS_NONE,
    USER_TRUTH,
    USERS_AND,
    USERS_OR,
    USERS_TILDE,
)
from tests.plain import plain

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

UNSEEN = "unseen.py"
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
    (lambda: bool(users.Role), ATTRIBUTE_TRUTH),
    (lambda: users.Role or users.UserID, ATTRIBUTE_TRUTH),
    (lambda: bool(ROLE), USER_TRUTH),
    (lambda: not ROLE, USER_TRUTH),
    (lambda: ROLE and ROLE, USER_TRUTH),
    (lambda: users.Role in ("a", "b"), USER_TRUTH),
    (lambda: Leads.owned_by(ROLE or ROLE), USER_TRUTH),
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
    (lambda: list(ROLE), USER_HOLDS_NONE),
    (lambda: "x" in ROLE, USER_HOLDS_NONE),
    (lambda: "x" not in ROLE, USER_HOLDS_NONE),
    (lambda: Leads.where(*LOW), HOLDS_NONE),
    (lambda: list(Phone), FIELD_HOLDS_NONE),
    (lambda: [*EngagementScore], FIELD_HOLDS_NONE),
    (lambda: "98" in Phone, FIELD_HOLDS_NONE),
    (lambda: "98" not in Phone, FIELD_HOLDS_NONE),
    (lambda: Leads.where("98" in Phone), FIELD_HOLDS_NONE),
    (lambda: list(users.Role), ATTRIBUTE_HOLDS_NONE),
    (lambda: "x" in users.Role, ATTRIBUTE_HOLDS_NONE),
    (lambda: Leads.owned_by("x" in users.Role), ATTRIBUTE_HOLDS_NONE),
    (lambda: list(QUERY), QUERY_HOLDS_NONE),
    (lambda: [row.name for row in Leads], QUERY_HOLDS_NONE),
    (lambda: iter(Leads.group_by("mx_City")), QUERY_HOLDS_NONE),
    (lambda: "x" in Leads, QUERY_HOLDS_NONE),
    (lambda: "x" not in QUERY, QUERY_HOLDS_NONE),
]
GIVEN: list[Line] = [
    (lambda: Leads.where(True), A_BOOL.format("True")),
    (lambda: Leads.where(LOW, False), A_BOOL.format("False")),
    (lambda: Leads.where(Phone is None), A_BOOL.format("False")),
    (lambda: Leads.where(Phone is not None), A_BOOL.format("True")),
    (lambda: Leads.where("98" == str(Phone)), A_BOOL.format("False")),
    (lambda: LOW & (Phone is None), A_BOOL.format("False")),
    (lambda: (Phone is None) & LOW, BESIDE_AND.format(False) + MADE),
    (lambda: LOW | True, A_BOOL.format("True")),
    (lambda: True | LOW, BESIDE_OR.format(True) + MADE),
    (lambda: Leads.where("Score > 5"), A_TEXT.format("Score > 5", "where(Score > 5)")),
    (lambda: LOW & " Score >= 5", A_TEXT.format(" Score >= 5", "where(Score >= 5)")),
    (lambda: Leads.where("Score > 'x'"), A_TEXT.format("Score > 'x'", AS_IN)),
    (lambda: Leads.where("Scoree > 5"), A_TEXT.format("Scoree > 5", AS_IN)),
    (lambda: Leads.where("Score > 5 AND"), A_TEXT.format("Score > 5 AND", AS_IN)),
    (lambda: Leads.where("x" * 100), A_TEXT.format("x" * 60, AS_IN)),
    (lambda: Leads.where("Score > " + "1" * 60), A_TEXT.format("Score > " + "1" * 52, AS_IN)),
    (lambda: Leads.where(5), NO_CONDITION.format("int")),
    (lambda: Leads.where(None), NO_CONDITION.format("NoneType")),
    (lambda: Leads.where([LOW, WEB]), THESE_ONE_BY_ONE.format(LOW, WEB)),
    (lambda: Leads.where((LOW, WEB)), THESE_ONE_BY_ONE.format(LOW, WEB)),
    (lambda: Leads.where([LOW, True]), ONE_BY_ONE),
    (lambda: Leads.where([LOW] * 6), ONE_BY_ONE),
    (lambda: Leads.where([]), ONE_BY_ONE),
    (lambda: Leads.where({LOW, WEB}), ONE_BY_ONE),
    (lambda: Leads.where(b"Score < 5"), NO_CONDITION.format("bytes")),
    (lambda: Leads.where({"Scores": 5}), NO_CONDITION.format("dict")),
    (lambda: Leads.where(one for one in [LOW]), ONE_BY_ONE),
    (lambda: Leads.where(QUERY), NO_CONDITION.format("Query")),
    (lambda: LOW & None, NO_CONDITION.format("NoneType")),
    (lambda: Leads.where(Score), A_FIELD.format("Score")),
    (lambda: LOW & Phone, A_FIELD.format("Phone")),
    (lambda: LOW | Phone, A_FIELD.format("Phone")),
    (lambda: LOW & Phone == "98", A_FIELD.format("Phone")),
    (lambda: Leads.where(users.Role), AN_ATTRIBUTE),
    (lambda: LOW & users.Role, AN_ATTRIBUTE),
]
BINDING: list[Line] = [
    (lambda: Score < 20 & Source == "x", BESIDE_AND.format(20)),
    (lambda: Score < 20 & (Source == "x"), BESIDE_AND.format(20)),
    (lambda: Leads.where(Source == "Web" & (Score < 5)), BESIDE_AND.format("Web")),
    (lambda: Leads.where(Source == "Web" & Score < 5), BESIDE_AND.format("Web")),
    (lambda: Score < 2.5 & Phone.has_data(), BESIDE_AND.format(2.5)),
    (lambda: Score < None & LOW, BESIDE_AND.format(None)),
    (lambda: "x" == Source & LOW, BESIDE_AND.format(Source)),
    (lambda: "x" == Source & Phone == "y", BESIDE_AND.format(Source)),
    (lambda: Source & ROLE, BESIDE_AND.format(Source)),
    (lambda: Score == 1 | Score == 5, BESIDE_OR.format(1)),
    (lambda: Score == 1 | (Score == 5), BESIDE_OR.format(1)),
    (lambda: Source | WEB, BESIDE_OR.format(Source)),
    (lambda: ~Source == "Web", TILDE.format("Source")),
    (lambda: Leads.where(~Score), TILDE.format("Score")),
    (lambda: users.Role == "a" & users.UserID == "b", USERS_AND.format("a")),
    (lambda: users.Role == "a" & (users.UserID == "b"), USERS_AND.format("a")),
    (lambda: 5 & ROLE, USERS_AND.format(5)),
    (lambda: users.Role & ROLE, USERS_AND.format(users.Role)),
    (lambda: users.Role & LOW, USERS_AND.format(users.Role)),
    (lambda: (users.Role is None) & ROLE, USERS_AND.format(False) + MADE),
    (lambda: users.Role == "a" | (users.UserID == "b"), USERS_OR.format("a")),
    (lambda: users.Role | users.UserID, USERS_OR.format(users.Role)),
    (lambda: ~users.Role == "a", USERS_TILDE),
]
LINES = [*TRUTHS, *ITERATIONS, *GIVEN, *BINDING]


def unseen(line: Any) -> Callable[[], Any]:
    """The same line without a file."""
    return FunctionType(_moved(line.__code__), globals(), "unseen")


def _moved(code: CodeType) -> CodeType:
    inner = tuple(_moved(one) if isinstance(one, CodeType) else one for one in code.co_consts)
    return code.replace(co_filename=UNSEEN, co_consts=inner)


@pytest.mark.parametrize(("line", "text"), LINES)
def test_misuse_raises_with_the_general_message(line: Callable[[], Any], text: str) -> None:
    """The text says what to write."""
    with pytest.raises(UsageError) as caught:
        unseen(line)()
    number = line.__code__.co_firstlineno

    assert str(caught.value) == f'{text}\n  File "{UNSEEN}", line {number}'


@pytest.mark.parametrize("error_type", [UsageError, QueryError, TypeError, ValueError])
def test_misuse_is_a_type_error_too(error_type: type[Exception]) -> None:
    """Python's own code expects it."""
    with pytest.raises(error_type):
        bool(LOW)


@pytest.mark.parametrize(
    ("line", "text"),
    [
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
def test_a_field_is_not_compared_with_a_field(line: Callable[[], Any], text: str) -> None:
    with pytest.raises(QueryError) as caught:
        line()

    assert plain(caught.value) == text


@pytest.mark.parametrize("other", [5, "a", True, None, users.Role, Leads], ids=repr)
@pytest.mark.parametrize("sign", ["&", "|"])
def test_a_user_condition_joins_only_conditions(other: Any, sign: str) -> None:
    """The message names the other operand."""
    with pytest.raises(UsageError) as caught:
        _ = ROLE & other if sign == "&" else ROLE | other

    assert str(caught.value) == (
        f"{other!r} is not a condition; join conditions on users and lead fields, each in brackets"
    )


@pytest.mark.parametrize("value", [20, "x", True, None])
def test_conditions_can_be_compared_for_equality(value: Any) -> None:
    """And found in lists."""
    assert (value == LOW) is False
    assert LOW in [WEB, LOW]
    assert LOW != WEB


def test_misuse_raises_at_its_own_line() -> None:
    """Not when the query is sent, lines later."""
    source = "low = EngagementScore < 20\nboth = low and WEB\nquery = Leads.where(both)\n"
    with pytest.raises(UsageError) as caught:
        exec(source, dict(globals()))  # noqa: S102 - our own text.

    assert [entry.lineno for entry in caught.traceback][1] == 1
