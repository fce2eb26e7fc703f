"""The cost of importing leadquery in a new process, compared with attrs, and of its command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from leadquery import Leads

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


@pytest.mark.benchmark(timer=children_time)
@pytest.mark.parametrize(("words", "target"), [(["--help"], 8), (["check", "report.json"], 6)])
def test_a_command_beside_python(
    compare: Compare, tmp_path: Path, words: list[str], target: float
) -> None:
    """With the start of Python itself."""
    python = Python(tmp_path)
    payload = Leads.select("Phone").to_json()
    (tmp_path / "report.json").write_text(payload)
    line = (
        f"import sys; sys.argv = ['leadquery', *{words}]; from leadquery_main import main\n"
        "try: main()\nexcept SystemExit: pass"
    )
    compare(
        f"leadquery {' '.join(words)} / python -c pass",
        ours=lambda: python.run(line),
        floor=lambda: python.run("pass"),
        target=target,
        calls=1,
        rounds=30,
    )
