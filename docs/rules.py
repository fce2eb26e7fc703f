"""The pages of docs/reference/rules; `tests/docs/test_rules.py --update-goldens` writes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from leadquery import check
from leadquery.cli.rules import printable, sections
from leadquery.lint.rules import Rule, all_rules
from leadquery.lint.rules.examples import FIELDS

FOLDER: Final = Path(__file__).parent / "reference" / "rules"

_GROUPS: Final = {
    "1": "Text",
    "2": "Structure",
    "3": "Values",
    "4": "Combinations",
    "5": "Suspicious patterns",
    "6": "Fields of the account",
}
_INTRODUCTION: Final = """\
# Rules

What `leadquery check` looks for. A code never changes its meaning. An error contradicts the API
page, or cannot mean what it says; a warning is allowed, but probably not meant.
"""


def pages() -> dict[str, str]:
    """The pages by file name: one for each rule, and an index."""
    return {"index.md": _index(), **{f"{rule.code}.md": _page(rule) for rule in all_rules()}}


def _index() -> str:
    parts = [_INTRODUCTION]
    for digit, rules in groupby(all_rules(), lambda rule: rule.code[2]):
        head = [f"## {_GROUPS[digit]}\n", "| | | |", "|---|---|---|"]
        parts.append("\n".join([*head, *map(_row, rules), ""]))
    return "\n".join(parts)


def _row(rule: Rule) -> str:
    return f"| [{rule.code}]({rule.code}.md) | {rule.severity.value} | {rule.title} |"


def _page(rule: Rule) -> str:
    texts = dict(sections(rule))
    return "\n".join(
        [
            f"# {rule.code}: {rule.title}\n",
            f"{rule.severity.value.capitalize()}. {texts['Why']}\n",
            f"{texts['Source']}.\n",
            *_block("Example", "json" if rule.code[2] != "1" else "text", texts["Example"]),
            *_block("Diagnostic", "text", "\n".join(_diagnostics(rule))),
            *_block("Instead", "json", texts["Instead"]),
            *(_block("What to write", "text", texts["What to write"]) if rule.more else []),
        ]
    )


def _block(title: str, language: str, text: str) -> list[str]:
    return [f"## {title}\n", f"```{language}\n{text}\n```\n"]


def _diagnostics(rule: Rule) -> Iterator[str]:
    """The diagnostics of the example that are about the rule, not about what it leaves out."""
    payload = rule.bad.encode("utf-8", "surrogateescape")
    fields: Any = FIELDS if rule.code[2] == "6" else None
    report = check(payload, fields)
    for diagnostic in report:
        if diagnostic.code == rule.code:
            yield printable(report.format(diagnostic))
