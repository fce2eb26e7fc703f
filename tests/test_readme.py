"""The README names what there is; tests/docs runs its code, as that of every page."""

from __future__ import annotations

import re
from pathlib import Path

from leadquery.cli import COMMANDS

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_the_commands_are_all_there() -> None:
    """Each has a row in the table, in the order of its help."""
    assert re.findall(r"^\| `leadquery ([\w-]+)", README, re.MULTILINE) == list(COMMANDS)


def test_one_line_installs_what_tests_need() -> None:
    """CI runs the line that it finds by it."""
    [line] = [line for line in README.splitlines() if "--group dev" in line]

    assert line.endswith(" && .venv/bin/pytest -q -n 2")
