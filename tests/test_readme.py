"""The README holds what it shows."""

from __future__ import annotations

import re
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

from leadquery.cli import COMMANDS

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_python_runs_as_it_stands() -> None:
    """Block after block, each prints something, and what stands below it, if anything does."""
    names: dict[str, Any] = {}
    shown: list[str] = []

    for (language, block), (below, text) in pairwise([*BLOCKS, ("", "")]):
        if language == "python":
            with redirect_stdout(StringIO()) as out:
                exec(block, names)  # noqa: S102 - our own README
            shown.append(below)
            assert out.getvalue() == text if below in ("json", "text") else out.getvalue()

    assert shown == ["json", "python", "text", "text"]


def test_the_commands_are_all_there() -> None:
    """Each has a row in the table, in the order of its help."""
    assert re.findall(r"^\| `leadquery ([\w-]+)", README, re.MULTILINE) == list(COMMANDS)


def test_one_line_installs_what_tests_need() -> None:
    """CI runs the line that it finds by it."""
    [line] = [line for line in README.splitlines() if "[dev]" in line]

    assert line.endswith(" && .venv/bin/pytest -q -n 2")
