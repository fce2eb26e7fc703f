"""`leadquery rule`: what a rule says, why, and how sure it is."""

from __future__ import annotations

from typing import Final

import click

from leadquery._util.text import escape_unprintable
from leadquery.lint.render import COLOURS
from leadquery.lint.rules.base import Rule
from leadquery.lint.rules.registry import all_rules

LONGEST: Final = 600


@click.command("rule")
@click.argument("code", metavar="CODE")
def command(code: str) -> None:
    """Explain a rule, such as LQ304, or 304 for short."""
    codes = (code.upper(), f"LQ{code}")
    rule = next((one for one in all_rules() if one.code in codes), None)
    if rule is None:
        raise click.UsageError(f"there is no rule {code!r}; 'leadquery rules' lists them")
    severity = rule.severity.value
    click.echo(f"{click.style(f'{rule.code} {severity}', fg=COLOURS[severity])}  {rule.title}")
    for name, text in parts(rule):
        click.echo(f"\n{click.style(name, bold=True)}\n{_indented(text)}")


def parts(rule: Rule) -> list[tuple[str, str]]:
    """What is said of a rule, each part with its name."""
    return [
        ("Why", rule.rationale),
        ("Source", f"API page, section {rule.spec_section!r}; {rule.certainty.value}"),
        ("Example", printable(rule.bad)),
        ("Instead", printable(rule.good)),
    ]


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


def printable(example: str) -> str:
    """An example as it may be shown: bytes that are no UTF-8 escaped, a deep nest cut short."""
    text = example.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    short = text if len(text) <= LONGEST else f"{text[:20]} … {text[-20:]}"
    return "\n".join(map(escape_unprintable, short.split("\n")))
