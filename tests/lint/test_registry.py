"""The registry of rules, and the public names of the package."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import leadquery
from leadquery.lint.rules import (
    CHECKING,
    all_checks,
    all_rules,
    checks,
)
from leadquery.wire.model import Paging


def test_codes_are_unique_and_sorted() -> None:
    codes = [rule.code for rule in all_rules()]

    assert codes == sorted(set(codes))
    assert all(re.fullmatch("LQ[1-6][0-9]{2}", code) for code in codes)


def test_names_and_severities(check_golden: Callable[[Path, str], None]) -> None:
    """Other programs know rules by them, in SARIF and in the configuration."""
    rules = [
        f"{rule.code} {rule.name}: {rule.severity.value}, {rule.certainty.value}\n"
        for rule in all_rules()
    ]

    check_golden(Path(__file__).with_name("rules.txt"), "".join(rules))


def test_every_rule_has_a_title_rationale_and_section() -> None:
    silent = [
        rule.code
        for rule in all_rules()
        if not (rule.title and rule.rationale and rule.spec_section)
    ]

    assert silent == []


def test_a_rule_is_shown_by_code_and_name() -> None:
    [rule] = [one for one in all_rules() if one.code == "LQ304"]

    assert repr(rule) == "<Rule LQ304 unknown-operator>"


def test_every_check_is_in_a_module_that_is_loaded_for_checks() -> None:
    all_rules()
    modules = {check.run.__module__ for each in all_checks().values() for check in each}

    assert {module.rpartition(".")[2] for module in modules} == {*CHECKING}


def test_a_condition_takes_attributes_of_its_class() -> None:
    with pytest.raises(TypeError) as refused:
        checks(Paging, when=lambda rows: rows > 1)(iter)

    assert str(refused.value) == (
        "the condition of iter takes 'rows', which Paging does not have; "
        "write one or more of index, size"
    )


def test_public_names_are_sorted() -> None:
    names = leadquery.__all__

    assert names == sorted(names)
