"""The payloads of tests/cases, each with the report expected of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from leadquery import check, from_payload, schema
from leadquery.payload.compiled import is_clean
from leadquery.spec.rules import Rule

CASES = Path(__file__).parent.parent / "cases"
GOOD = sorted((CASES / "good").glob("*.json"))
BAD = sorted((CASES / "bad").glob("*.json"))
NAMED = [path for path in BAD if path.name.startswith("LQ")]


def _name(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_nothing_is_said_of_a_good_payload(path: Path) -> None:
    """A good payload has no problem, and the fast check knows it."""
    payload = path.read_bytes()

    assert str(check(payload)) == "no problems"
    assert is_clean(json.loads(payload))


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_the_schema_accepts_a_good_payload(path: Path) -> None:
    """What `check` has nothing to say of is valid under the schema."""
    errors = list(Draft202012Validator(schema()).iter_errors(json.loads(path.read_bytes())))

    assert errors == []


@pytest.mark.parametrize("path", GOOD, ids=_name)
def test_a_good_payload_is_stable(path: Path) -> None:
    """A payload that was read and written once is written the same ever after."""
    written = from_payload(path.read_bytes()).to_payload()

    assert from_payload(written).to_payload() == written


@pytest.mark.parametrize("path", BAD, ids=_name)
def test_a_bad_payload_gets_its_report(path: Path) -> None:
    """The report is, to the letter, the one written beside the payload."""
    expected = path.with_suffix(".txt").read_text("utf-8")

    assert f"{check(path.read_bytes())}\n" == expected


@pytest.mark.parametrize("path", NAMED, ids=_name)
def test_one_mistake_is_one_problem(path: Path) -> None:
    """A payload named for a rule has one problem, of that rule."""
    codes = [problem.code for problem in check(path.read_bytes())]

    assert codes == [path.name[:5]]


@pytest.mark.parametrize("rule", Rule, ids=lambda rule: rule.code)
def test_every_rule_has_two_payloads(rule: Rule) -> None:
    """Each rule is broken by at least two payloads."""
    named = [path for path in NAMED if path.name.startswith(rule.code)]

    assert len(named) >= 2
