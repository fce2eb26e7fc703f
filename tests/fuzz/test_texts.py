"""For any bytes: a report, positions inside the text, and fixes that converge."""

from __future__ import annotations

from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import check
from leadquery.lint.report import Report
from tests.fuzz.spoiled import spoiled
from tests.laws.mutations import mutated

ROUNDS = 5
TEXTS = spoiled() | st.binary(max_size=80) | st.text(max_size=80)


def checked(payload: Any) -> Report:
    """The report; each diagnostic has its place in the text and can be printed."""
    report = check(payload)
    text = payload
    if isinstance(payload, bytes):
        text = payload.decode(errors="replace")
        if payload.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            with suppress(UnicodeDecodeError):
                text = payload.decode("utf-16")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    assert str(report).count("\n") >= len(report)
    for one in report:
        line, column, width = one.line or 0, one.column or 0, one.width or 0
        assert 1 <= line <= len(lines)
        assert column >= 1
        assert width >= 1
        assert column + width <= len(lines[line - 1]) + 2
    return report


def count_places_of_errors(report: Report) -> int:
    """The number of places with an error."""
    return len({one.path for one in report if one.severity == "error"})


def assert_fixes_converge(payload: Any, report: Report, *, unsafe: bool) -> None:
    """Assert that repeated fixes end, and never add places with errors."""
    for _ in range(ROUNDS):
        fixed = report.fixed(unsafe=unsafe)
        # A list around an object is taken away.
        assert type(fixed) in ({dict, list} if isinstance(payload, list) else {type(payload)})
        if fixed == payload:
            return
        after = check(fixed)
        assert count_places_of_errors(after) <= count_places_of_errors(report)
        payload, report = fixed, after
    assert report.fixed(unsafe=unsafe) == payload


def fuzzed(payload: Any) -> None:
    report = checked(payload)
    assert_fixes_converge(payload, report, unsafe=False)
    assert_fixes_converge(payload, report, unsafe=True)


@given(payload=TEXTS)
def test_any_text_is_checked_and_its_fixes_converge(payload: bytes | str) -> None:
    fuzzed(payload)


@given(payload=mutated())
def test_fixes_of_objects_converge(payload: Any) -> None:
    """In few rounds, without adding mistakes."""
    report = check(payload)

    assert_fixes_converge(payload, report, unsafe=False)
    assert_fixes_converge(payload, report, unsafe=True)


@pytest.mark.slow
@settings(settings.get_profile("hunt"))
@given(payload=TEXTS)
def test_random_texts_are_checked_and_their_fixes_converge(payload: bytes | str) -> None:
    """With other texts in each run."""
    fuzzed(payload)


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b'{"Output": "\xe9", "Paging": 1}', id="not UTF-8"),
        pytest.param(bytearray(b'{"Output": "\xe9"}'), id="not UTF-8, mutable"),
        pytest.param(b'{"type": ', id="cut short"),
        pytest.param('{"type": "list"} {}', id="two payloads"),
    ],
)
def test_text_after_a_fatal_mistake_is_kept(payload: Any) -> None:
    assert check(payload).fixed(unsafe=True) == payload


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "nan", "-inf"])
def test_invalid_numbers_are_kept(number: str) -> None:
    """They have no fix, and the fix of another mistake does not change them."""
    text = (
        '{"output": {"Type": "list", "IncludeCSV": \'Phone\'}, "Paging": {"PageIndex": NUMBER, }}'
    )
    right = '{"Output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": NUMBER }}'

    assert check(text.replace("NUMBER", number)).fixed() == right.replace("NUMBER", number)


@pytest.mark.parametrize(
    ("values", "hint"),
    [
        (",", None),
        ("a, ,b", 'write ["a", "b"]'),
        ('a,"b"\n\ud800', 'write ["a", "\\"b\\"\\n\\ud800"]'),
        ("a," + "b" * 300, None),
    ],
)
def test_a_text_instead_of_a_list_is_split(values: str, hint: str | None) -> None:
    """The hint is JSON on one line; a text of commas only has none."""
    one = {"LookUpName": "Company", "SqlOperator": "in", "LookUpValues": values}
    output = {"Type": "list", "IncludeCSV": "Phone"}
    paging = {"PageIndex": 1, "PageSize": 100}
    [diagnostic] = check(
        {"ReportFilter": {"LeadFilters": [one]}, "Output": output, "Paging": paging}
    )

    assert (diagnostic.code, diagnostic.hint) == ("LQ204", hint)
