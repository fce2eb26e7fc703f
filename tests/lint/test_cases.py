"""The payloads of tests/cases, each with its expected report.

A report has two lines for each diagnostic, then the summary.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from leadquery import check, from_payload, schema
from leadquery.lint.decoder import decode_request
from leadquery.lint.rules import Rule, all_rules

CASES = Path(__file__).parent.parent / "cases"
GOOD = sorted((CASES / "good").glob("*.json"))
BAD = sorted((CASES / "bad").glob("*.json"))
CLEAN = [path for path in GOOD if not path.with_suffix(".txt").exists()]
REPORTED = [path for path in (*GOOD, *BAD) if path not in CLEAN]


def _expected(path: Path) -> str:
    """The expected report of a payload; none until `--update-goldens` writes it."""
    report = path.with_suffix(".txt")
    return report.read_text("utf-8") if report.exists() else ""


NAMED = [path for path in BAD if path.name.startswith("LQ")]
MANY = [path for path in BAD if path.name.startswith("many-")]
JSON = [path for path in (*NAMED, *MANY) if ": LQ1" not in _expected(path)]
FIXABLE = [path for path in (*NAMED, *MANY) if "[fix: " in _expected(path)]
MISSHAPEN = [path for path in JSON if ": LQ2" in _expected(path)]
# The rules of an account's own fields need the account.
RULES = [rule for rule in all_rules() if not rule.code.startswith("LQ6")]


def _name(path: Path) -> str:
    return path.stem


def _report(payload: object) -> str:
    report = check(payload)
    return "\n".join([*map(str, report), report.summary()]) + "\n"


@pytest.mark.parametrize("path", CLEAN, ids=_name)
def test_a_good_payload_has_no_diagnostics(path: Path) -> None:
    """And the fast path accepts it."""
    payload = path.read_bytes()

    assert _report(payload) == "no problems found\n"
    assert decode_request(json.loads(payload)) is not None


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_the_schema_accepts_a_good_payload(path: Path) -> None:
    errors = list(Draft202012Validator(schema()).iter_errors(json.loads(path.read_bytes())))

    assert errors == []


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_a_good_payload_is_stable(path: Path) -> None:
    """Reading and writing it twice gives the same."""
    written = from_payload(path.read_bytes()).to_payload()

    assert from_payload(written).to_payload() == written


@pytest.mark.parametrize("path", REPORTED, ids=_name)
def test_a_payload_gets_its_report(path: Path, check_golden: Callable[[Path, str], None]) -> None:
    check_golden(path.with_suffix(".txt"), _report(path.read_bytes()))


@pytest.mark.parametrize("path", NAMED, ids=_name)
def test_one_mistake_is_one_diagnostic(path: Path) -> None:
    """A payload named after a rule has one diagnostic, of that rule."""
    codes = [diagnostic.code for diagnostic in check(path.read_bytes())]

    assert codes == [path.name[:5]]


@pytest.mark.parametrize("path", MANY, ids=_name)
def test_many_mistakes_are_many_diagnostics(path: Path) -> None:
    """At several places."""
    diagnostics = check(path.read_bytes()).diagnostics

    assert 3 <= len(diagnostics) <= 8
    assert len({(diagnostic.line, diagnostic.column) for diagnostic in diagnostics}) >= 2


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_three_payloads(rule: Rule) -> None:
    named = [path for path in NAMED if path.name.startswith(rule.code)]

    assert len(named) >= 3


@pytest.mark.parametrize("path", JSON, ids=_name)
def test_an_object_has_the_same_diagnostics_as_its_text(path: Path) -> None:
    """Without line and column, if the text is valid JSON."""
    payload = path.read_bytes()
    of_text = [(one.code, one.path, one.advice) for one in check(payload)]
    of_object = check(json.loads(payload)).diagnostics

    assert [(one.code, one.path, one.advice) for one in of_object] == of_text
    assert all(one.line is None for one in of_object)


@pytest.mark.parametrize("path", FIXABLE, ids=_name)
def test_fixes_remove_their_diagnostics(path: Path) -> None:
    """The others stay the same."""
    report = check(path.read_bytes())
    again = [diagnostic.code for diagnostic in check(report.fixed(unsafe=True))]
    # One value in a list, which has to be one, is told when it is one.
    left = [code for code in again if code != "LQ505"]

    assert left == [diagnostic.code for diagnostic in report if diagnostic.fix is None]


@pytest.mark.parametrize("path", [path for path in FIXABLE if path in JSON], ids=_name)
@pytest.mark.parametrize("unsafe", [False, True])
def test_an_object_is_fixed_as_its_text(path: Path, unsafe: bool) -> None:
    """With the same key order; the payload itself does not change."""
    text = path.read_text("utf-8")
    payload = json.loads(text)
    fixed = check(payload).fixed(unsafe=unsafe)

    assert payload == json.loads(text)
    assert json.dumps(fixed) == json.dumps(json.loads(check(text).fixed(unsafe=unsafe)))


@pytest.mark.parametrize("path", MISSHAPEN, ids=_name)
def test_the_schema_rejects_errors_of_structure(path: Path) -> None:
    assert not Draft202012Validator(schema()).is_valid(json.loads(path.read_bytes()))


def test_there_are_many_payloads_with_many_mistakes() -> None:
    """At least 25."""
    assert len(MANY) >= 25
