"""`leadquery rules` and `rule`: what `check` looks for."""

from __future__ import annotations

import sys
from textwrap import fill
from typing import Final

import click

from leadquery._util.layout import wrap
from leadquery._util.text import escape_unprintable
from leadquery.cli.output import width_of
from leadquery.errors import page_address
from leadquery.lint.report import COLOURS
from leadquery.lint.rules import Rule, all_rules, rule_page

_MAX_LENGTH: Final = 600


@click.command("rules")
def rules_command() -> None:
    for rule in all_rules():
        severity = rule.severity.value
        styled = click.style(f"{severity:7}", fg=COLOURS[severity])
        click.echo(f"{rule.code}  {styled}  {rule.title}")


@click.command("rule")
@click.argument("code", metavar="CODE")
def rule_command(code: str) -> None:
    codes = (code.upper(), f"LQ{code}")
    rule = next((rule for rule in all_rules() if rule.code in codes), None)
    if rule is None:
        raise click.UsageError(f"there is no rule {code!r}; 'leadquery rules' lists them")
    severity = rule.severity.value
    click.echo(f"{click.style(f'{rule.code} {severity}', fg=COLOURS[severity])}  {rule.title}")
    width = width_of(sys.stdout) - 2
    for name, text in sections(rule):
        lines = text.splitlines()
        if name not in ("Example", "Instead"):
            lines = [part for line in lines for part in wrap(line, width)]
        indented = "\n".join(f"  {line}" for line in lines)
        click.echo(f"\n{click.style(name, bold=True)}\n{indented}")


def sections(rule: Rule) -> list[tuple[str, str]]:
    """The documentation of a rule, as headings and texts."""
    return [
        ("Why", rule.rationale),
        ("Source", f"API page, section {rule.spec_section!r}; {rule.certainty.value}"),
        ("Example", printable(rule.bad)),
        ("Instead", printable(rule.good)),
        ("Docs", page_address(rule_page(rule.code))),
        *([("What to write", "\n".join(map(_wrapped, rule.more())))] if rule.more else []),
    ]


def _wrapped(line: str) -> str:
    return fill(line, _WIDTH, subsequent_indent="  ", break_long_words=False)


_WIDTH: Final = 90


def printable(example: str) -> str:
    """An example with unprintable characters and invalid bytes escaped, cut if very long."""
    text = example.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    short = text if len(text) <= _MAX_LENGTH else f"{text[:20]} … {text[-20:]}"
    return "\n".join(map(escape_unprintable, short.split("\n")))
