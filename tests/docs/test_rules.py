"""The pages of the rules."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docs.rules import FOLDER, pages
from leadquery.lint.rules import Rule, all_rules


def test_the_pages_are_those_of_the_rules(check_golden: Callable[[Path, str], None]) -> None:
    """One for each, and a list of all."""
    for name, text in pages().items():
        check_golden(FOLDER / name, text)

    assert {path.name for path in FOLDER.iterdir()} == {*pages()}


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_page_says_what_check_says(rule: Rule) -> None:
    """Its example breaks the rule, and the list leads to the page."""
    page, index = pages()[f"{rule.code}.md"], pages()["index.md"]

    assert page.startswith(f"# {rule.code}: {rule.title}\n")
    assert f"{rule.code} {rule.severity.value}  $" in page
    assert f"[{rule.code}]({rule.code}.md)" in index
