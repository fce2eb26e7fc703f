"""The pages of docs/reference/rules, made from the rows that `leadquery rule` shows.

`python -m docs.rules` writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from leadquery import check
from leadquery.cli.rule import parts, printable
from leadquery.lint.rules.base import Rule
from leadquery.lint.rules.examples import FIELDS
from leadquery.lint.rules.registry import all_rules

FOLDER: Final = Path(__file__).parent / "reference" / "rules"

_KINDS: Final = {
    "1": "The text",
    "2": "The shape",
    "3": "Values",
    "4": "Values against each other",
    "5": "Sense",
    "6": "The account's own fields",
}
_INTRODUCTION: Final = """\
# Rules

What `leadquery check` looks for. A code never changes its meaning. An error is what the API's page
speaks against, or what cannot mean what it says; a warning is what probably is not meant.
"""


def pages() -> dict[str, str]:
    """Each page by its file name: one for each rule, and a list of all."""
    return {"index.md": _index(), **{f"{rule.code}.md": _page(rule) for rule in all_rules()}}


def _index() -> str:
    """All rules, by what they are about."""
    sections = [_INTRODUCTION]
    for digit, rules in groupby(all_rules(), lambda rule: rule.code[2]):
        head = [f"## {_KINDS[digit]}\n", "| | | |", "|---|---|---|"]
        sections.append("\n".join([*head, *map(_row, rules), ""]))
    return "\n".join(sections)


def _row(rule: Rule) -> str:
    return f"| [{rule.code}]({rule.code}.md) | {rule.severity.value} | {rule.title} |"


def _page(rule: Rule) -> str:
    said = dict(parts(rule))
    return "\n".join(
        [
            f"# {rule.code}: {rule.title}\n",
            f"{rule.severity.value.capitalize()}. {said['Why']}\n",
            f"{said['Source']}.\n",
            *_block("Example", "json" if rule.code[2] != "1" else "text", said["Example"]),
            *_block("What is said", "text", "\n".join(_problems(rule))),
            *_block("Instead", "json", said["Instead"]),
        ]
    )


def _block(title: str, language: str, text: str) -> list[str]:
    return [f"## {title}\n", f"```{language}\n{text}\n```\n"]


def _problems(rule: Rule) -> Iterator[str]:
    """What `check` says of the example; what it leaves out, the output or the paging, is right."""
    payload = rule.bad.encode("utf-8", "surrogateescape")
    fields: Any = FIELDS if rule.code[2] == "6" else None
    report = check(payload, fields)
    for problem in report:
        if problem.code == rule.code:
            yield printable(report.format(problem))


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
