"""Fixes that lay bare other mistakes: what is certain is mended too, guesses are not built upon."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadquery import check
from leadquery.cli import check as check_module
from tests.cli.payloads import BACKWARDS, CLEAN
from tests.cli.shell import Write, leadquery

BAD = sorted((Path(__file__).parent.parent / "cases" / "bad").glob("*.json"))

TWICE = (
    '{"ReportFilter": {"LeadFilters": ['
    '{"LookUpName": "Score", "LookUpValue": "5", "SqlOperator": "="}, '
    '{"LookUpName": "Score", "LookUpValues": ["5"], "SqlOperator": "="}]}, ' + CLEAN[1:]
)
"""Two filters that turn out to be one when the value stands under its own key."""


def test_a_fix_that_lays_bare_another(write: Write) -> None:
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
    """Both are applied, and each is told once."""
    file = write("report.json", CLEAN.replace("Phone", "Lead Stage,Owner"))

    result = leadquery("check", "--unsafe-fixes", "report.json")

    assert result.output.splitlines()[-1] == "2 fixed; no problems left"
    assert file.read_text("utf-8") == CLEAN.replace("Phone", "ProspectStage,OwnerId")


def test_fixes_come_to_an_end(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is still to be fixed after some rounds is told."""
    monkeypatch.setattr(check_module, "MAX_FIX_ROUNDS", 1)
    write("report.json", TWICE)

    result = leadquery("check", "--fix", "report.json")

    assert result.output.splitlines()[-1] == ("1 fixed; 1 warning left; 1 can be fixed with --fix")


@pytest.mark.parametrize("option", ["--fix", "--unsafe-fixes"])
@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_nothing_is_left_to_fix(option: str, path: Path, here: Path) -> None:
    """One run mends all that is certain, and a second one changes nothing."""
    file = here / "report.json"
    file.write_bytes(path.read_bytes())
    leadquery("check", option, "report.json")
    once = file.read_bytes()

    fixes = [problem.fix for problem in check(once) if problem.fix]
    leadquery("check", "--fix", "report.json")

    assert not [fix for fix in fixes if fix.safe]
    assert file.read_bytes() == once


GUESSED = BACKWARDS.replace("2026-02-01 00:00:00", "2026-02-01").replace("00:00:00", "12:00:00")
"""A start without a time of day; with one, the range is seen to end before it starts."""


def test_a_guess_is_not_built_upon(write: Write) -> None:
    """What comes to light behind a likely fix is told, and left as it is."""
    file = write("report.json", GUESSED)

    result = leadquery("check", "--unsafe-fixes", "report.json")

    assert file.read_text("utf-8") == GUESSED.replace("2026-02-01", "2026-02-01 00:00:00")
    assert result.exit_code == 1
    assert [line.split()[1] for line in result.output.splitlines() if ": LQ" in line] == [
        "LQ307",
        "LQ404",
    ]
    assert result.output.splitlines()[-1] == (
        "1 fixed; 1 error left; 1 can be fixed with --unsafe-fixes"
    )


def test_what_is_certain_is_mended_behind_a_guess(write: Write) -> None:
    """Safe fixes are looked for again, in a run of likely ones too."""
    file = write("report.json", TWICE.replace('"list"', '"lst"'))

    result = leadquery("check", "--unsafe-fixes", "report.json")

    assert result.output.splitlines()[-1] == "3 fixed; no problems left"
    assert file.read_text("utf-8").count("Score") == 1
