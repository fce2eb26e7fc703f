"""Fixes that reveal other mistakes: safe ones are applied repeatedly, unsafe ones once."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadquery import check
from leadquery.lint import fixes
from tests.cli.payloads import BACKWARDS, CLEAN
from tests.cli.shell import Write, leadquery

BAD = sorted((Path(__file__).parent.parent / "cases" / "bad").glob("*.json"))

TWICE = (
    '{"ReportFilter": {"LeadFilters": ['
    '{"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": "="}, '
    '{"LookUpName": "Score", "LookUpValues": ["5"], "SqlOperator": "="}]}, ' + CLEAN[1:]
)
"""Two filters that turn out to be one when the value stands under its own key."""


def test_a_fix_that_reveals_another(write: Write) -> None:
    """Both are applied in one run."""
    file = write("report.json", TWICE)

    result = leadquery("check", "--fix", "report.json")

    assert [line.split()[1] for line in result.output.splitlines() if " fixed  " in line] == [
        "LQ401",
        "LQ408",
    ]
    assert result.output.splitlines()[-1] == "2 fixed; no problems left"
    assert file.read_text("utf-8").count("Score") == 1


def test_two_fixes_of_one_place(write: Write) -> None:
    """Both are applied, and each is reported once."""
    file = write("report.json", CLEAN.replace("Phone", "Lead Stage,Owner"))

    result = leadquery("check", "--unsafe-fixes", "report.json")

    assert result.output.splitlines()[-1] == "2 fixed; no problems left"
    assert file.read_text("utf-8") == CLEAN.replace("Phone", "ProspectStage,OwnerId")


def test_rounds_are_limited(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """Remaining fixes are reported."""
    monkeypatch.setattr(fixes, "MAX_FIX_ROUNDS", 1)
    write("report.json", TWICE)

    result = leadquery("check", "--fix", "report.json")

    assert result.output.splitlines()[-1] == ("1 fixed; 1 warning left: 1 with --fix")


@pytest.mark.parametrize("option", ["--fix", "--unsafe-fixes"])
@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_nothing_is_left_to_fix(option: str, path: Path, here: Path) -> None:
    """A second run changes nothing."""
    file = here / "report.json"
    file.write_bytes(path.read_bytes())
    leadquery("check", option, "report.json")
    once = file.read_bytes()

    fixes = [diagnostic.fix for diagnostic in check(once) if diagnostic.fix]
    leadquery("check", "--fix", "report.json")

    assert not [fix for fix in fixes if fix.safe]
    assert file.read_bytes() == once


GUESSED = BACKWARDS.replace("2026-02-01 00:00:00", "2026-02-01").replace("00:00:00", "12:00:00")
"""A start without a time of day; with one, the range is seen to end before it starts."""


def test_mistakes_behind_an_unsafe_fix_are_reported(write: Write) -> None:
    """And not fixed."""
    file = write("report.json", GUESSED)

    result = leadquery("check", "--unsafe-fixes", "report.json")

    assert file.read_text("utf-8") == GUESSED.replace("2026-02-01", "2026-02-01 00:00:00")
    assert result.exit_code == 1
    assert [line.split()[1] for line in result.output.splitlines() if ": LQ" in line] == [
        "LQ307",
        "LQ404",
    ]
    assert result.output.splitlines()[-1] == ("1 fixed; 1 error left: 1 with --unsafe-fixes")


def test_safe_fixes_follow_an_unsafe_one(write: Write) -> None:
    """Also in a run with unsafe fixes."""
    file = write("report.json", TWICE.replace('"list"', '"lst"'))

    result = leadquery("check", "--unsafe-fixes", "report.json")

    assert result.output.splitlines()[-1] == "3 fixed; no problems left"
    assert file.read_text("utf-8").count("Score") == 1
