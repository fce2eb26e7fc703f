"""The rows of the rules, and the names the package shows."""

from __future__ import annotations

import re

import leadquery
from leadquery.lint.rules.base import all_rules


def test_codes_are_unique_and_sorted() -> None:
    """Codes are LQ and three digits, each once, in order."""
    codes = [rule.code for rule in all_rules()]

    assert codes == sorted(set(codes))
    assert all(re.fullmatch("LQ[1-6][0-9]{2}", code) for code in codes)


def test_every_rule_says_what_why_and_whence() -> None:
    """No rule leaves its title, reason or clause empty."""
    silent = [
        rule.code
        for rule in all_rules()
        if not (rule.title and rule.rationale and rule.spec_section)
    ]

    assert silent == []


def test_public_names_are_sorted() -> None:
    """`__all__` is in alphabetical order."""
    names = leadquery.__all__

    assert names == sorted(names)
