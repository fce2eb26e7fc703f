"""Which rules are reported, by their codes: `--select` and `--ignore`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.rules import all_rules

ALL: Final = "ALL"
"""Stands for every rule, as in other linters."""


@attrs.frozen(repr=False)
class Selection:
    """Beginnings of codes: `LQ3` is every rule on values, `LQ304` one of them.

    Without `select`, all are reported. Of `select` and `ignore`, the longer beginning counts for a
    rule, and `ignore` if both are equal. Nothing of `never` is reported.

    >>> selection = Selection(select=("LQ304",), ignore=("LQ3",))
    >>> selection.has("LQ304"), selection.has("LQ305")
    (True, False)
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    def has(self, code: str) -> bool:
        """Whether a rule is reported."""
        selected = _longest(code, self.select) if self.select else 0
        return selected > _longest(code, self.ignore) and _longest(code, self.never) < 0

    def then(self, later: Selection) -> Selection:
        """The rules of both, of which `later` is given after this one: its `select` starts anew."""
        never = (*self.never, *later.never)
        if later.select:
            return attrs.evolve(later, never=never)
        return Selection(self.select, (*self.ignore, *later.ignore), never)

    def apply(self, report: Report) -> Report:
        """The report with the diagnostics of the rules that are reported.

        What makes the text unreadable always is, because nothing else was checked.
        """
        if self == EVERY_RULE or (report.source is not None and not report.source.readable):
            return report
        return attrs.evolve(
            report, diagnostics=self._of(report.diagnostics), omitted=self._of(report.omitted)
        )

    def _of(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        return tuple(one for one in found if self.has(one.code))


EVERY_RULE: Final = Selection()


def _longest(code: str, beginnings: Iterable[str]) -> int:
    """The length of the longest beginning of a code; -1 if there is none."""
    return max((len(one) for one in beginnings if code.startswith(one)), default=-1)


def parse_codes(values: Iterable[str]) -> tuple[str, ...]:
    """Codes, and beginnings of codes, which may be separated by commas.

    ValueError for one that no rule has, with what to write instead.

    >>> parse_codes(["LQ3,lq501", "304"])
    ('LQ3', 'LQ501', 'LQ304')
    """
    parts = [part.strip() for value in values for part in value.split(",")]
    return tuple(_parse_code(part) for part in parts if part)


def _parse_code(text: str) -> str:
    code = text.upper()
    code = "LQ" if code == ALL else f"LQ{code}" if code.isdecimal() else code
    if any(rule.code.startswith(code) for rule in all_rules()):
        return code
    from leadquery._util.text import closest_match

    names = {rule.name: rule.code for rule in all_rules()}
    if text.lower() in names:
        raise ValueError(f"{text!r} is the name of a rule; write {names[text.lower()]}")
    near = closest_match(code, {rule.code: rule.code for rule in all_rules()}, 0.6)
    near = near or closest_match(text.lower(), names)
    suggestion = f"did you mean {near}? " if near else ""
    raise ValueError(f"there is no rule {text!r}; {suggestion}'leadquery rules' lists them")
