"""Law 6: one mistake is one problem, at its place, and its fix leaves a payload without it."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import check
from leadquery.lint.rules.base import all_rules
from tests.laws.formatting import Layout, line_and_column, path_text, styles
from tests.laws.mistakes import clean
from tests.laws.mistakes.accounts import ACCOUNTS, FIELDS
from tests.laws.mistakes.combinations import COMBINATIONS
from tests.laws.mistakes.mistake import Mistake, in_text
from tests.laws.mistakes.structure import STRUCTURE
from tests.laws.mistakes.suspicious import SUSPICIOUS
from tests.laws.mistakes.syntax import SYNTAX, with_syntax_mistake
from tests.laws.mistakes.values import VALUES

MISTAKES: dict[str, st.SearchStrategy[Mistake]] = {
    **{code: with_syntax_mistake(make) for code, make in SYNTAX.items()},
    **{
        code: in_text(make)
        for code, make in (STRUCTURE | VALUES | COMBINATIONS | SUSPICIOUS | ACCOUNTS).items()
    },
}


def kept(mistake: Mistake) -> re.Pattern[str]:
    """The texts that are the same as a mistaken one outside its stretches."""
    parts, at = [], 0
    for start, end in mistake.stretches:
        parts.append(re.escape(mistake.text[at:start]))
        at = end
    return re.compile("(?s:.*)".join([*parts, re.escape(mistake.text[at:])]))


def test_every_rule_has_its_mistakes() -> None:
    """A rule without one would go unproved."""
    assert sorted(MISTAKES) == [rule.code for rule in all_rules()]


@given(data=st.data())
def test_nothing_is_said_of_the_payloads_that_mistakes_are_put_in(data: st.DataObject) -> None:
    """What is found later is found because of the mistake."""
    layout = data.draw(st.composite(lambda draw: Layout(clean.payload(draw), draw(styles)))())

    assert check(layout.text).diagnostics == ()
    assert check(layout.text, FIELDS).diagnostics == ()


def is_mended(mistake: Mistake, fixed: str | bytes) -> None:
    """A fixed text differs from the mistaken one where the mistake stood, and nowhere else."""
    text = fixed.decode() if isinstance(fixed, bytes) else fixed
    after = check(fixed, mistake.fields)

    assert kept(mistake).fullmatch(text)
    assert json.loads(text) == mistake.fixed_payload
    assert tuple(one.code for one in after) == mistake.left
    assert mistake.left or after.fixed(unsafe=True) == fixed


def is_one_problem(code: str, mistake: Mistake, *, raw: bool) -> None:
    """The problem is of the rule that was broken; what mends it changes nothing else."""
    payload = (mistake.raw or mistake.text.encode()) if raw else mistake.text
    report = check(payload, mistake.fields)
    found = [(one.code, one.path, (one.line, one.column)) for one in report]
    place = line_and_column(mistake.text, mistake.at)

    assert found == [(code, path_text(mistake.path), place)]
    [diagnostic] = report
    assert mistake.fix == (diagnostic.fix and ("safe" if diagnostic.fix.safe else "unsafe"))
    if mistake.fix != "safe":
        assert report.fixed() == payload
    if mistake.fix is None:
        assert report.fixed(unsafe=True) == payload
    else:
        is_mended(mistake, report.fixed(unsafe=mistake.fix == "unsafe"))


# The law is tried for each rule apart: a twentieth of its examples for each is as many in all.
SHARE = max(settings().max_examples // 20, 50)


@pytest.mark.parametrize("code", MISTAKES)
@settings(max_examples=SHARE)
@given(data=st.data())
def test_one_mistake_is_one_problem_at_its_place(code: str, data: st.DataObject) -> None:
    """In a text and in bytes."""
    mistake = data.draw(MISTAKES[code])

    is_one_problem(code, mistake, raw=data.draw(st.booleans()) or mistake.raw is not None)


@pytest.mark.slow
@pytest.mark.parametrize("code", MISTAKES)
@settings(settings.get_profile("hunt"), max_examples=400)
@given(data=st.data())
def test_one_mistake_is_one_problem_wherever_it_stands(code: str, data: st.DataObject) -> None:
    """The same for other payloads each time."""
    mistake = data.draw(MISTAKES[code])

    is_one_problem(code, mistake, raw=data.draw(st.booleans()) or mistake.raw is not None)
