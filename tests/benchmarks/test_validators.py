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
    """With its version."""
    others = [name.replace("==", " ") for name in OTHERS]

    assert all(name in ROWS for name in OURS)
    assert all(f"| {name} | " in PAGE for name in others)
    assert f"mistakes in 20 payloads | {' | '.join(COLUMNS)} |" in PAGE


@pytest.mark.parametrize("name", OURS)
def test_the_rows_are_up_to_date(name: str) -> None:
    """If the installed version is that of the page."""
    mistakes = mistakes_by_file()
    [validator, by_file] = next(
        one for one in by_ours([*mistakes]).items() if one[0].startswith(name)
    )
    if name != "leadquery" and f"| {validator} | " not in PAGE:
        pytest.skip(f"the table was made with another version than {validator}")
    if name == "jsonschema" and sys.version_info >= (3, 13):
        pytest.skip("the table was made with a Python whose json module says less")

    assert row(validator, mistakes, by_file) == ROWS[name]


def test_leadquery_is_first_in_every_column() -> None:
    counts = {
        name: [int(one) for one in line.split("|")[2:7]]
        for name, line in ROWS.items()
        if line.split("|")[2].strip().isdigit()
    }
    columns = zip(*counts.values(), strict=True)

    assert len(counts) >= 6
    assert [max(column) for column in columns] == counts["leadquery"]
