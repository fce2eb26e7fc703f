"""`--select` and `--ignore`: which rules `leadquery check` reports."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from leadquery import check
from leadquery.lint.rules import all_rules
from leadquery.lint.selection import EVERY_RULE, Selection, parse_codes
from tests.cli.payloads import BACKWARDS, CLEAN, SUSPICIOUS, WRONG
from tests.cli.shell import Write, leadquery

BOTH = SUSPICIOUS.replace('"PageIndex": 1', '"PageIndex": 0')
"""LQ202, a warning with a safe fix, and LQ309, an error."""

CODES = [rule.code for rule in all_rules()]


@pytest.mark.parametrize(
    ("options", "codes", "exit_code"),
    [
        ([], ["LQ202", "LQ309"], 1),
        (["--select", "LQ2"], ["LQ202"], 0),
        (["--select", "LQ2", "--strict"], ["LQ202"], 1),
        (["--select", "LQ5,LQ309"], ["LQ309"], 1),
        (["--select", "LQ5", "--select", "lq2"], ["LQ202"], 0),
        (["--ignore", "LQ309"], ["LQ202"], 0),
        (["--ignore", "309, 202"], [], 0),
        (["--ignore", "ALL"], [], 0),
        (["--select", "ALL", "--ignore", "LQ3"], ["LQ202"], 0),
        (["--select", "LQ309", "--ignore", "LQ3"], ["LQ309"], 1),
        (["--select", "LQ3", "--ignore", "LQ309"], [], 0),
        (["--select", "LQ3", "--ignore", "LQ3"], [], 0),
    ],
)
def test_what_is_left_counts(
    options: list[str], codes: list[str], exit_code: int, write: Write
) -> None:
    """In the report and in the exit code."""
    write("report.json", BOTH)
    result = leadquery("check", "--format", "json", *options, "report.json")
    [file] = json.loads(result.stdout)["files"]

    assert [one["code"] for one in file["diagnostics"]] == codes
    assert result.exit_code == exit_code


def test_only_what_is_selected_is_fixed(write: Write) -> None:
    file = write("report.json", BOTH)
    leadquery("check", "--fix", "--ignore", "LQ202", "report.json")
    assert file.read_text("utf-8") == BOTH

    leadquery("check", "--fix", "--select", "LQ202", "report.json")
    assert file.read_text("utf-8") == WRONG


def test_the_limit_counts_what_is_selected(write: Write) -> None:
    write("report.json", BOTH)
    options = ["--select", "LQ309", "--max-diagnostics", "1"]

    assert leadquery("check", *options, "report.json").output.splitlines()[-1] == "1 error"


def test_a_text_that_cannot_be_read_is_always_reported(write: Write) -> None:
    """Nothing else was checked."""
    write("report.json", '{"Output": @}')
    result = leadquery("check", "--select", "LQ5", "report.json")

    assert (result.exit_code, "LQ101" in result.output) == (1, True)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("LQ3044", "there is no rule 'LQ3044'; did you mean LQ304? "),
        ("unknown-operator", "'unknown-operator' is the name of a rule; write LQ304"),
        ("unknown-operater", "there is no rule 'unknown-operater'; did you mean LQ304? "),
        ("ZZZ", "there is no rule 'ZZZ'; 'leadquery rules' lists them"),
    ],
)
def test_an_unknown_code(code: str, message: str, write: Write) -> None:
    write("report.json", CLEAN)
    for option in ("--select", "--ignore"):
        result = leadquery("check", option, f"LQ2,{code}", "report.json")
        assert result.exit_code == 2
        assert f"Invalid value for '{option}': {message}" in result.stderr


beginnings = st.sampled_from(CODES).flatmap(
    lambda code: st.integers(2, len(code)).map(lambda end: code[:end])
)
lists = st.lists(beginnings, max_size=4).map(tuple)


@given(lists, lists, lists, st.sampled_from(CODES))
def test_the_longest_beginning_decides(
    select: tuple[str, ...], ignore: tuple[str, ...], never: tuple[str, ...], code: str
) -> None:
    def first(beginnings: tuple[str, ...]) -> int:
        return max([len(one) for one in beginnings if code.startswith(one)], default=0)

    selection = Selection(select, ignore, never)
    selected = first(select) > first(ignore) or not (select or first(ignore))

    assert selection.has(code) == (selected and not first(never))
    assert parse_codes([",".join(select)]) == select


@given(lists, lists, lists, st.sampled_from(CODES))
def test_a_later_selection_starts_anew(
    select: tuple[str, ...], ignore: tuple[str, ...], later: tuple[str, ...], code: str
) -> None:
    """And what is ignored later is ignored, too."""
    before = Selection(select, ignore)

    assert before.then(EVERY_RULE) == before
    assert before.then(Selection(ignore=later)) == Selection(select, (*ignore, *later))
    if later:
        assert before.then(Selection(later)).has(code) == Selection(later).has(code)


def test_a_report_of_an_object() -> None:
    """It has no text."""
    report = check(json.loads(BACKWARDS))

    assert Selection(("LQ404",)).apply(report) == report
    assert Selection(("LQ5",)).apply(report).diagnostics == ()
