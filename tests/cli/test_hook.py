"""The pre-commit hook: which files it checks by default."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HOOKS = Path(__file__).parent.parent.parent / ".pre-commit-hooks.yaml"


@pytest.mark.parametrize(
    ("name", "taken"),
    [
        ("weekly.leadquery.json", True),
        ("reports/weekly.leadquery.json", True),
        ("leadquery/weekly.json", True),
        ("reports/leadquery/2026/weekly.json", True),
        ("package.json", False),
        (".vscode/settings.json", False),
        ("leadquery.json", False),
        ("weeklyleadquery.json", False),
        ("myleadquery/weekly.json", False),
        ("leadquery/query.py", False),
        ("weekly.leadquery.json.orig", False),
    ],
)
def test_the_files_of_the_hook(name: str, taken: bool) -> None:
    """By their path."""
    [pattern] = re.findall(r"^  files: '(.*)'$", HOOKS.read_text("utf-8"), re.MULTILINE)

    assert bool(re.search(pattern, name)) is taken
