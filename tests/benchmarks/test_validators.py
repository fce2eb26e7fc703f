"""The table of docs/explanation/validators.md."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from .compare_validators import COLUMNS, OTHERS, OURS, by_ours, row
from .mistakes import mistakes_by_file

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "validators.md").read_text("utf-8")
ROWS = {line.split()[1]: line for line in PAGE.splitlines() if line.startswith("| ")}


def test_the_table_has_a_row_for_each_validator() -> None:
    """Those of the project, and those that are installed to be compared, in their versions."""
    others = [name.replace("==", " ") for name in OTHERS]

    assert all(name in ROWS for name in OURS)
    assert all(f"| {name} | " in PAGE for name in others)
    assert f"mistakes in 20 payloads | {' | '.join(COLUMNS)} |" in PAGE


@pytest.mark.parametrize("name", OURS)
def test_a_row_is_what_is_counted(name: str) -> None:
    """In the versions that the page names."""
    mistakes = mistakes_by_file()
    [said, by_file] = next(one for one in by_ours([*mistakes]).items() if one[0].startswith(name))
    if name != "leadquery" and f"| {said} | " not in PAGE:
        pytest.skip(f"the table was made with another version than {said}")
    if name == "jsonschema" and sys.version_info >= (3, 13):
        pytest.skip("the table was made with a Python whose json module says less")

    assert row(said, mistakes, by_file) == ROWS[name]


def test_leadquery_is_first_in_every_column() -> None:
    """No validator of the table has a larger number."""
    counts = {
        name: [int(one) for one in line.split("|")[2:7]]
        for name, line in ROWS.items()
        if line.split("|")[2].strip().isdigit()
    }
    columns = zip(*counts.values(), strict=True)

    assert len(counts) >= 6
    assert [max(column) for column in columns] == counts["leadquery"]
