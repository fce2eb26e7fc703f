"""The README is complete; tests/docs runs its code."""

from __future__ import annotations

import re
from pathlib import Path

from leadquery.cli import COMMANDS

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")


def test_every_command_has_a_row() -> None:
    """In the order of the help."""
    assert re.findall(r"^\| `leadquery ([\w-]+)", README, re.MULTILINE) == list(COMMANDS)


def test_one_line_installs_what_tests_need() -> None:
    """CI runs that line."""
    [line] = [line for line in README.splitlines() if "--group dev" in line]

    assert line.endswith(" && .venv/bin/pytest -q -n 2")
