"""Errors for methods that a query does not have in its state."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import Leads
from leadquery.errors import UnknownNameError, UnsupportedQueryError
from leadquery.fields import CreatedOn, OwnerId, Phone, Score
from tests.expr.support import refusal

SELECTED = Leads.select(Phone)
GROUPED = Leads.group_by(OwnerId)
COUNTED = GROUPED.count()
MISSING = "add select(...), or group_by(...) and count(), average(...), sum(...) or aggregate(...)"
COMPUTES = "one request computes a count, or a count with one average or sum"
HOW_TO = "; see the how-to 'What one request cannot say'"
AGGREGATES = ".aggregate(), .average(), .count()"
CREATED = ".created_between(), .created_in(), .created_since()"
MODIFIED = ".modified_between(), .modified_in(), .modified_since(), .owned_by(), .page()"


each_missing_method = pytest.mark.parametrize(
    ("name", "more"),
    [
        ("to_payload", ""),
        ("to_json", ""),
        ("to_python", ""),
        ("describe", ""),
        ("limit", HOW_TO),
        ("having", HOW_TO),
        ("order_by", HOW_TO),
        ("compare", HOW_TO),
        ("with_owner_names", HOW_TO),
    ],
)


@each_missing_method
def test_an_unfinished_query_names_what_is_missing(name: str, more: str) -> None:
    assert refusal(lambda: getattr(Leads, name), UnknownNameError) == (
        f"this query has no .{name} yet, because it has no output; {MISSING}{more}"
    )


@each_missing_method
def test_a_grouped_query_names_what_is_missing(name: str, more: str) -> None:
    """A function."""
    assert refusal(lambda: getattr(GROUPED, name), UnknownNameError) == (
        f"this query has no .{name} yet, because it has no output; "
        f"add count(), average(...), sum(...) or aggregate(...){more}"
    )


def test_a_grouped_query_selects_nothing() -> None:
    """The message lists the methods."""
    grouped: Any = GROUPED

    assert refusal(lambda: grouped.select, UnknownNameError) == (
        "this query is grouped; add count(), average(...), sum(...) or aggregate(...), "
        "or start again from Leads"
    )


def test_a_grouped_query_is_not_grouped_again() -> None:
    """All keys belong in one call."""
    grouped: Any = Leads.group_by("mx_x", CreatedOn.month())

    assert refusal(lambda: grouped.group_by, UnknownNameError) == (
        "group_by takes all keys at once; write group_by('mx_x', CreatedOn.month(), ...)"
    )


@pytest.mark.parametrize("query", [SELECTED, COUNTED], ids=repr)
@pytest.mark.parametrize("name", ["select", "group_by", "count", "average", "sum", "aggregate"])
def test_a_query_has_one_output(query: Any, name: str) -> None:
    assert refusal(lambda: getattr(query, name), UnknownNameError) == (
        "this query already has its output; start again from Leads"
    )


@pytest.mark.parametrize(
    ("question", "name", "hint"),
    [
        (SELECTED, "to_paylod", "did you mean .to_payload?"),
        (Leads, "wher", "did you mean .where?"),
        (Leads, "Where", "did you mean .where?"),
        (Leads, "to_paylod", "did you mean .to_payload?"),
        (GROUPED, "average_", "did you mean .average?"),
        (
            Leads,
            "foo",
            f"it has {AGGREGATES}, {CREATED}, .group_by(), {MODIFIED}, .select(), .sum(), .where()",
        ),
        (GROUPED, "xyz", f"it has {AGGREGATES}, {CREATED}, {MODIFIED}, .sum(), .where()"),
    ],
)
def test_a_misspelt_method_names_the_nearest(question: Any, name: str, hint: str) -> None:
    """Among its own methods and those of later states."""
    assert refusal(lambda: getattr(question, name), UnknownNameError) == (
        f"a query has no .{name}; {hint}"
    )


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (Leads.group_by(OwnerId, Phone).count(), "one request groups by one field"),
        (Leads.group_by(OwnerId).aggregate(Score.median()), COMPUTES),
        (
            Leads.group_by(OwnerId, Phone).aggregate(Score.sum(), Score.average()),
            f"one request groups by one field and {COMPUTES}",
        ),
    ],
)
def test_a_query_of_several_requests_has_no_payload(query: Any, reason: str) -> None:
    """The error gives the reasons, and no others."""
    text = refusal(query.to_payload, UnsupportedQueryError)

    assert f", because {reason}; query.plan()" in text
