"""The cost of ten times the mistakes: one check compared with ten checks of a tenth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadquery import check
from tests.fuzz.shapes import SHAPES

if TYPE_CHECKING:
    from .conftest import Compare


@pytest.mark.parametrize("shape", SHAPES)
def test_ten_times_the_mistakes(compare: Compare, shape: str) -> None:
    """They take ten times as long."""
    large, small = SHAPES[shape](10_000), SHAPES[shape](1_000)

    compare(
        f"ten times the {shape}",
        ours=lambda: check(large),
        floor=lambda: [check(small) for _ in range(10)],
        target=1.0,
        calls=1,
        rounds=3,
    )
