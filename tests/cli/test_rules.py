"""`leadquery rule` and `leadquery rules`."""

from __future__ import annotations

from typing import Any

import pytest

from leadquery import check
from leadquery.lint.rules import Rule, all_rules
from leadquery.lint.rules.examples import FIELDS
from leadquery.lint.rules.fixed_lists import UNKNOWN_OPERATOR
from leadquery.lint.rules.sibling_api import SIBLING_API
from leadquery.lint.rules.suspicious import MISSING_PAGING
from leadquery.lint.rules.syntax import NOT_JSON, TOO_DEEP, UNCLOSED
from tests.cli.shell import failure, leadquery, process

REST = {
    "Output": '"Output": {"Type": "list", "IncludeCSV": "Phone"}',
    "Paging": '"Paging": {"PageIndex": 1, "PageSize": 100}',
}
LACKING = {
    NOT_JSON.code,
    TOO_DEEP.code,
    UNCLOSED.code,
    SIBLING_API.code,
    MISSING_PAGING.code,
}
"""Rules whose examples stand for themselves."""


def test_a_rule_is_explained() -> None:
    """With its rationale and the section of the API's page."""
    lines = leadquery("rule", "LQ304").output.splitlines()

    assert lines[:7] == [
        "LQ304 error  an unknown operator",
        "",
        "Why",
        "  This API has its own operators; sibling APIs spell them differently.",
        "",
        "Source",
        "  API page, section 'Lead Filters'; stated by the vendor",
    ]


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_every_rule_can_be_explained(rule: Rule) -> None:
    """By code in any letter case, or by number."""
    result = leadquery("rule", rule.code.lower())

    assert leadquery("rule", rule.code.removeprefix("LQ")).output == result.output
    assert result.exit_code == 0
    assert result.output.startswith(f"{rule.code} {rule.severity.value}  {rule.title}\n")
    assert max(map(len, result.output.splitlines())) <= 100


@pytest.mark.parametrize("code", ["LQ999", "999", "LQ", "LQLQ304", ""])
def test_an_unknown_code(code: str) -> None:
    """2, and where the codes are listed."""
    assert failure(leadquery("rule", code)) == (
        2,
        f"Error: there is no rule {code!r}; 'leadquery rules' lists them",
    )


@pytest.mark.parametrize("args", [("rule", "LQ304"), ("rules",)])
def test_rules_in_a_process_of_their_own(args: tuple[str, ...]) -> None:
    """They do not load the checker."""
    ran = process(*args, PYTHONPROFILEIMPORTTIME="1")

    assert (ran.returncode, ran.stdout) == (0, leadquery(*args).output)
    assert "leadquery.cli.check" not in ran.stderr


def test_the_list_of_rules() -> None:
    """A line each: code, severity and title."""
    lines = leadquery("rules").output.splitlines()

    assert [line.split(maxsplit=2) for line in lines] == [
        [rule.code, rule.severity.value, rule.title] for rule in all_rules()
    ]


def whole(example: str, code: str = "") -> bytes:
    """An example with default output and paging, unless it is about them."""
    text = example.rstrip()
    if code not in LACKING:
        for key in ("Output", "Paging"):
            if f'"{key}"'.casefold() not in text.casefold():
                text = f"{text[:-1]}, {REST[key]}}}"
    return text.encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_an_example_breaks_its_rule_alone(rule: Any) -> None:
    """And the corrected example is clean."""
    fields = FIELDS if rule.code.startswith("LQ6") else None

    broken = [diagnostic.code for diagnostic in check(whole(rule.bad, rule.code), fields)]
    fixed = [diagnostic.code for diagnostic in check(whole(rule.good), fields)]

    assert (broken, fixed) == ([rule.code], [])


def test_examples_are_shown() -> None:
    """Line by line, below the rationale."""
    operator: Any = UNKNOWN_OPERATOR
    output = leadquery("rule", "LQ304").output

    assert all(f"\n  {line}\n" in output for line in operator.bad.splitlines())
    assert all(f"\n  {line}\n" in output for line in operator.good.splitlines())
    assert r"\xe9" in leadquery("rule", "LQ102").output
    assert r"\xa0" in leadquery("rule", "LQ108").output
    assert "[[[[ … ]]]]" in leadquery("rule", "LQ103").output
