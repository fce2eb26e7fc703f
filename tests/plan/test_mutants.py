"""Faults planted in the planner, each of which the golden table or the law finds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]

MUTANTS: Final = {
    "sign flipped": ("terms.py", "            term.sign,", "            -term.sign,"),
    "has_data dropped": (
        "totals.py",
        "self.splitter.split(leads, with_data=field)",
        "self.splitter.split(leads)",
    ),
    "null group lost": (
        "slices.py",
        "in counts.values() if count > 0]",
        "in counts.values() if count > 0 and label is not None]",
    ),
    "end of a bucket inclusive": (
        "slices.py",
        "Operator.BELOW, format_timestamp(end)",
        "Operator.AT_MOST, format_timestamp(end)",
    ),
    "ties in descending order": (
        "local_steps.py",
        "((tie, False) for tie in ties)",
        "((tie, True) for tie in ties)",
    ),
    "casefold dropped": (
        "terms.py",
        "return label.casefold() if isinstance(label, str) else label",
        "return label",
    ),
    "quantile off by one": ("ranks.py", "* (whole.leads - 1)", "* whole.leads"),
    "count added twice": ("totals.py", "counted.pop(", "counted.get("),
    "limit before having": (
        "local_steps.py",
        "for group in groups.values()\n        if (",
        "for group in list(groups.values())[: steps.limit]\n        if (",
    ),
    "sides of a comparison swapped": (
        "solve.py",
        "before, after = yield from gather(",
        "after, before = yield from gather(",
    ),
}


@pytest.mark.skipif(not (ROOT / "leadquery").exists(), reason="needs a checkout")
@pytest.mark.parametrize("name", MUTANTS)
def test_the_line_of_a_fault_exists(name: str) -> None:
    file, old, _ = MUTANTS[name]

    assert old in (ROOT / "leadquery/plan" / file).read_text("utf-8")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the package and its tests."""
    for name in ("leadquery", "tests"):
        copytree(ROOT / name, tmp_path / name, ignore=ignore_patterns("__pycache__", ".*"))
    return tmp_path


def find(folder: Path) -> subprocess.CompletedProcess[str]:
    """What the golden table and the law say about a copy."""
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-x", "--import-mode=importlib"),
            *("-p", "no:cacheprovider", "--no-header"),
            *("tests/plan/test_golden.py", "tests/plan/test_law.py"),
        ],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "HYPOTHESIS_PROFILE": "dev"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_planner_itself_has_no_fault(copied: Path) -> None:
    found = find(copied)

    assert found.returncode == 0, found.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_fault_is_found(name: str, copied: Path) -> None:
    file, old, new = MUTANTS[name]
    path = copied / "leadquery" / "plan" / file
    source = path.read_text("utf-8")
    path.write_text(source.replace(old, new), "utf-8")

    found = find(copied)

    # Tests have failed; 2 and above is a run that did not take place.
    assert found.returncode == 1, found.stdout
