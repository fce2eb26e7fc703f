"""Law 6: each mistake gives one diagnostic at its place, and its fix leaves no other."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import check
from leadquery.lint.fixes import replace, replacements
from leadquery.lint.rules import all_rules
from tests.laws.formatting import Layout, line_and_column, path_text, styles
from tests.laws.mistakes import clean
from tests.laws.mistakes.accounts import ACCOUNTS, FIELDS
from tests.laws.mistakes.combinations import COMBINATIONS
from tests.laws.mistakes.examples import mistake_of
from tests.laws.mistakes.mistake import Make, Mistake, in_text
from tests.laws.mistakes.structure import STRUCTURE
from tests.laws.mistakes.suspicious import SUSPICIOUS
from tests.laws.mistakes.syntax import SYNTAX, with_syntax_mistake
from tests.laws.mistakes.values import VALUES

OBJECTS: dict[str, Make] = STRUCTURE | VALUES | COMBINATIONS | SUSPICIOUS | ACCOUNTS
OWN_MISTAKES = {*SYNTAX, *OBJECTS}
MISTAKES: dict[str, st.SearchStrategy[Mistake]] = {
    **{rule.code: mistake_of(rule) for rule in all_rules() if rule.code not in OWN_MISTAKES},
    **{code: with_syntax_mistake(make) for code, make in SYNTAX.items()},
    **{code: in_text(make) for code, make in OBJECTS.items()},
}
"""For each rule, mistakes of its kind; without a function that makes them, its own example."""


def pattern_outside_edits(mistake: Mistake) -> re.Pattern[str]:
    """A pattern of the texts that differ from a mistaken one only inside its fix."""
    parts, at = [], 0
    for start, end in mistake.stretches:
        parts.append(re.escape(mistake.text[at:start]))
        at = end
    return re.compile("(?s:.*)".join([*parts, re.escape(mistake.text[at:])]))


@given(data=st.data())
def test_the_payloads_without_mistakes_are_clean(data: st.DataObject) -> None:
    """So each diagnostic below is due to the mistake."""
    layout = data.draw(st.composite(lambda draw: Layout(clean.payload(draw), draw(styles)))())

    assert check(layout.text).diagnostics == ()
    assert check(layout.text, FIELDS).diagnostics == ()


def assert_fixed(mistake: Mistake, fixed: str | bytes) -> None:
    """Assert that a fix gives the expected payload and changes nothing else."""
    text = fixed.decode() if isinstance(fixed, bytes) else fixed
    after = check(fixed, mistake.fields)

    assert pattern_outside_edits(mistake).fullmatch(text)
    assert json.loads(text) == mistake.fixed_payload
    assert tuple(one.code for one in after) == mistake.left
    assert mistake.left or after.fixed(unsafe=True) == fixed


def assert_one_diagnostic(code: str, mistake: Mistake, *, raw: bool) -> None:
    """Assert that the only diagnostic is that of the rule, at its place, with its fix."""
    payload = (mistake.raw or mistake.text.encode()) if raw else mistake.text
    report = check(payload, mistake.fields)
    found = [(one.code, one.path, (one.line, one.column)) for one in report]
    place = line_and_column(mistake.text, mistake.at)

    assert found == [(code, path_text(mistake.path), place)]
    [diagnostic] = report
    assert report.source is not None
    assert mistake.fix == (diagnostic.fix and ("safe" if diagnostic.fix.safe else "unsafe"))
    if mistake.fix != "safe":
        assert report.fixed() == payload
    if mistake.fix is None:
        assert report.fixed(unsafe=True) == payload
    else:
        fixed = report.fixed(unsafe=mistake.fix == "unsafe")
        assert_fixed(mistake, fixed)
        text = fixed.decode() if isinstance(fixed, bytes) else fixed
        assert replace(report.source.text, replacements(report, diagnostic)) == text


# The law runs once for each rule, so each run needs only a share of the examples.
SHARE = max(settings().max_examples // 20, 50)


@pytest.mark.parametrize("code", MISTAKES)
@settings(max_examples=SHARE)
@given(data=st.data())
def test_one_mistake_is_one_diagnostic(code: str, data: st.DataObject) -> None:
    """In a text and in bytes."""
    mistake = data.draw(MISTAKES[code])

    assert_one_diagnostic(code, mistake, raw=data.draw(st.booleans()) or mistake.raw is not None)


@pytest.mark.slow
@pytest.mark.parametrize("code", MISTAKES)
@settings(settings.get_profile("hunt"), max_examples=400)
@given(data=st.data())
def test_one_mistake_is_one_diagnostic_in_random_payloads(code: str, data: st.DataObject) -> None:
    mistake = data.draw(MISTAKES[code])

    assert_one_diagnostic(code, mistake, raw=data.draw(st.booleans()) or mistake.raw is not None)
