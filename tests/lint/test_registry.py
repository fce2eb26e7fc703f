"""The registry of rules, and the public names of the package."""

from __future__ import annotations

import re

import leadquery
from leadquery.lint.rules.base import all_rules


def test_codes_are_unique_and_sorted() -> None:
    codes = [rule.code for rule in all_rules()]

    assert codes == sorted(set(codes))
    assert all(re.fullmatch("LQ[1-6][0-9]{2}", code) for code in codes)


def test_every_rule_has_a_title_rationale_and_section() -> None:
    silent = [
        rule.code
        for rule in all_rules()
        if not (rule.title and rule.rationale and rule.spec_section)
    ]

    assert silent == []


def test_public_names_are_sorted() -> None:
    names = leadquery.__all__

    assert names == sorted(names)
