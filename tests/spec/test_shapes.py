"""What travels as an object: what it holds is what it is compared by."""

from __future__ import annotations

import pytest

from leadquery.spec.model import Aggregate, Listing, Membership, Paging
from leadquery.spec.vocabulary import Function, Operator, OutputType

LISTING = Listing(OutputType.LIST, ("Phone",))


def test_equal_parts_are_equal() -> None:
    """Of one kind, with everything the same."""
    assert Listing(OutputType.LIST, ("Phone",)) == LISTING
    assert Membership("A", Operator.ONE_OF, ("a",)) == Membership("A", Operator.ONE_OF, ("a",))


@pytest.mark.parametrize(
    "other",
    [
        Listing(OutputType.LIST, ("Phone", "Fax")),
        Aggregate(OutputType.LIST, "Phone", Function.COUNT, "Phone"),
        Paging(1, 100),
        None,
        "Phone",
    ],
    ids=repr,
)
def test_what_differs_is_not_equal(other: object) -> None:
    """In what it holds, or in its kind."""
    assert other != LISTING
    assert not other == LISTING  # noqa: SIM201 - both signs are asked
