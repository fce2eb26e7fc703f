"""The cost of importing leadquery in a new process, compared with attrs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .fresh import Python, children_time

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Compare


@pytest.mark.benchmark(timer=children_time)
def test_an_import_beside_attrs(compare: Compare, tmp_path: Path) -> None:
    """Without the start of Python itself."""
    python = Python(tmp_path)
    compare(
        "from leadquery import Leads / import attrs",
        ours=lambda: python.run("from leadquery import Leads"),
        floor=lambda: python.run("import attrs"),
        start=lambda: python.run("pass"),
        target=1.6,
        calls=1,
        rounds=60,
    )
