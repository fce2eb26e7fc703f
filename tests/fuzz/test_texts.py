"""Whatever bytes come: an answer, places inside the text, and fixes that come to rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import check
from leadquery.lint.report import Report
from tests.fuzz.spoiled import spoiled
from tests.laws.mutations import mutated

ROUNDS = 5
TEXTS = spoiled() | st.binary(max_size=80) | st.text(max_size=80)


def answered(payload: Any) -> Report:
    """What `check` says; each problem has its place in the text, and all of it can be shown."""
    report = check(payload)
    text = payload.decode(errors="replace") if isinstance(payload, bytes) else payload
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

    assert str(report).count("\n") >= len(report)
    for one in report:
        line, column, width = one.line or 0, one.column or 0, one.width or 0
        assert 1 <= line <= len(lines)
        assert column >= 1
        assert width >= 1
        assert column + width <= len(lines[line - 1]) + 2
    return report


def wrong_places(report: Report) -> int:
    """At how many places an error stands."""
    return len({one.path for one in report if one.severity == "error"})


def comes_to_rest(payload: Any, report: Report, *, unsafe: bool) -> None:
    """Fixing again and again ends soon, and no fix leaves errors at more places than before."""
    for _ in range(ROUNDS):
        fixed = report.fixed(unsafe=unsafe)
        # A list around an object is taken away.
        assert type(fixed) in ({dict, list} if isinstance(payload, list) else {type(payload)})
        if fixed == payload:
            return
        after = check(fixed)
        assert wrong_places(after) <= wrong_places(report)
        payload, report = fixed, after
    assert report.fixed(unsafe=unsafe) == payload


def fuzzed(payload: Any) -> None:
    report = answered(payload)
    comes_to_rest(payload, report, unsafe=False)
    comes_to_rest(payload, report, unsafe=True)


@given(payload=TEXTS)
def test_any_text_is_answered_and_its_fixes_come_to_rest(payload: bytes | str) -> None:
    """No text and no bytes bring `check` or a fix to fall, or a fix to do harm."""
    fuzzed(payload)


@given(payload=mutated())
def test_fixes_of_objects_come_to_rest(payload: Any) -> None:
    """A payload with several mistakes is mended in few rounds, and none makes it worse."""
    report = check(payload)

    comes_to_rest(payload, report, unsafe=False)
    comes_to_rest(payload, report, unsafe=True)


@pytest.mark.slow
@settings(settings.get_profile("hunt"))
@given(payload=TEXTS)
def test_many_texts_are_answered_and_their_fixes_come_to_rest(payload: bytes | str) -> None:
    """The same for other texts each time."""
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
def test_what_cannot_be_read_is_left_as_it_came(payload: Any) -> None:
    """Where reading ends, nothing behind it is lost."""
    assert check(payload).fixed(unsafe=True) == payload


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "nan", "-inf"])
def test_a_number_that_json_lacks_stands_as_it_is_written(number: str) -> None:
    """Nothing mends it, so that the fix of another mistake does not touch it."""
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
def test_a_text_for_a_list_is_parted_into_what_is_there(values: str, hint: str | None) -> None:
    """The hint is JSON on one line; of commas alone no list is made."""
    one = {"LookUpName": "Company", "SqlOperator": "in", "LookUpValues": values}
    output = {"Type": "list", "IncludeCSV": "Phone"}
    paging = {"PageIndex": 1, "PageSize": 100}
    [problem] = check({"ReportFilter": {"LeadFilters": [one]}, "Output": output, "Paging": paging})

    assert (problem.code, problem.hint) == ("LQ204", hint)
