"""The pages of the rules."""

from __future__ import annotations

import pytest

from docs.rules import FOLDER, pages
from leadquery.lint.rules import Rule, all_rules


def test_the_pages_are_those_of_the_rules() -> None:
    """One for each, and a list of all; `python -m docs.rules` writes them."""
    written = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir()}

    assert written == pages()


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_page_says_what_check_says(rule: Rule) -> None:
    """Its example breaks the rule, and the list leads to the page."""
    page, index = pages()[f"{rule.code}.md"], pages()["index.md"]

    assert page.startswith(f"# {rule.code}: {rule.title}\n")
    assert f"{rule.code} {rule.severity.value}  $" in page
    assert f"[{rule.code}]({rule.code}.md)" in index
