"""The cost of building and serializing a query, compared with the literal payload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .workloads import built, literal

if TYPE_CHECKING:
    from .conftest import Compare


def test_a_query_beside_its_literal(compare: Compare) -> None:
    """The sample query."""
    assert built() == literal()

    compare("build a query and write it / json.dumps", ours=built, floor=literal, target=2.5)
