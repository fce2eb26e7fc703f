"""Very large and unusual payloads, and how the work grows with their size."""

from __future__ import annotations

import json
import sys
from types import FrameType
from typing import Any

import pytest

from leadquery import check
from tests.fuzz.shapes import CLEAN, SHAPES, whole

MANY = 50_000_000


def steps(payload: str) -> int:
    """How many steps the interpreter takes to check a text, fix it, and check it again."""
    taken = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal taken
        frame.f_trace_lines, frame.f_trace_opcodes = False, True
        taken += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        check(check(payload).fixed(unsafe=True))
    finally:
        sys.settrace(before)
    return taken


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_size_is_twice_the_work(shape: str) -> None:
    """The number of steps is linear in the size."""
    make = SHAPES[shape]
    # What is done but once, or only for the first fifty, is done for the small one too.
    steps(make(100))
    small, large = steps(make(100)), steps(make(300))

    assert large < 3.3 * small


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(whole(IncludeCSV="x" * MANY), [], id="a column"),
        pytest.param(whole(IncludeCSV=" " * MANY), ["LQ206"], id="blanks"),
        pytest.param(f'{{"Output": "{"x" * MANY}', ["LQ111"], id="an open text"),
        pytest.param("x" * MANY, ["LQ101"], id="a word"),
        pytest.param(f"{CLEAN[:-1]}{' ' * MANY}}}", [], id="blanks between tokens"),
        pytest.param(f"{CLEAN[:-1]}/*{'x' * MANY}*/}}", ["LQ105"], id="a comment"),
    ],
)
def test_a_text_of_fifty_megabytes_is_checked(text: str, codes: list[str]) -> None:
    """The report stays short."""
    report = check(text)

    assert [one.code for one in report] == codes
    assert len(str(report)) < 1_000


@pytest.mark.slow
def test_a_million_unknown_keys_are_a_million_diagnostics() -> None:
    """Each with its position."""
    added = "".join(f',\n"key {number}": 1' for number in range(10**6))
    report = check(f"{CLEAN[:-1]}{added}}}", max_diagnostics=None)

    assert len(report) == 10**6
    assert [one.line for one in report] == list(range(2, 10**6 + 2))


def test_a_key_repeated_a_hundred_thousand_times_is_one_diagnostic() -> None:
    """The last value counts."""
    again = '"Output": 1,' * 100_000
    [repeated] = check(f"{{{again}{CLEAN[1:]}")

    assert (repeated.code, repeated.path) == ("LQ110", "$.Output")


@pytest.mark.parametrize("odd", ["\ud800", "\udfff\ud800", "\x00", "\u202e", "\uffff"])
@pytest.mark.parametrize("escaped", [True, False])
def test_odd_characters_are_characters(odd: str, *, escaped: bool) -> None:
    """Half a pair and NUL are text: in a value without a word, in a key as any other letter.

    A control character that is not escaped is the one mistake of its text.
    """
    encoded = json.dumps(odd)[1:-1] if escaped else odd
    expected = ["LQ112"] if odd == "\x00" and not escaped else []
    value = '{"LookUpName": "Company", "LookUpValue": "ODD", "SqlOperator": "="}'
    filtered = f'{{"ReportFilter": {{"LeadFilters": [{value}]}}, {CLEAN[1:]}'
    in_value = check(filtered.replace("ODD", encoded))
    in_key = check(f'{{"{encoded}": 1, {CLEAN[1:]}')

    assert [one.code for one in in_value] == expected
    assert [one.code for one in in_key] == [*expected, "LQ201"]
    assert json.loads(in_value.fixed())["ReportFilter"]["LeadFilters"][0]["LookUpValue"] == odd


@pytest.mark.parametrize(
    "text", ["\x00", f"{CLEAN}\x00", f"\x00{CLEAN}", CLEAN.replace(",", "\x00")]
)
def test_nul_between_tokens_ends_parsing(text: str) -> None:
    """It is not whitespace in any language."""
    [diagnostic] = check(text.encode())

    assert (diagnostic.code, diagnostic.column) == ("LQ101", text.index("\x00") + 1)
