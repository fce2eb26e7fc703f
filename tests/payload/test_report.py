"""Places in words, and counts of what was found."""

from __future__ import annotations

import pytest

from leadquery import check
from leadquery.payload.report import path_text, pointer

PAGED = {"Output": {"Type": "list", "IncludeCSV": "Phone"}}


@pytest.mark.parametrize(
    ("path", "text", "pointed"),
    [
        ((), "$", ""),
        (("Output", "Type"), "$.Output.Type", "/Output/Type"),
        (("DateFilter", 0), "$.DateFilter[0]", "/DateFilter/0"),
        (("a b",), "$['a b']", "/a b"),
        (("",), "$['']", "/"),
        (("a/b~c",), "$['a/b~c']", "/a~1b~0c"),
        (("é",), "$['é']", "/é"),
        (("it's",), '$["it\'s"]', "/it's"),
    ],
)
def test_a_place_has_two_spellings(path: tuple[str | int, ...], text: str, pointed: str) -> None:
    """Odd keys are quoted in a path, and escaped in a pointer."""
    spelt = path_text(path), pointer(path)

    assert spelt == (text, pointed)


def test_a_report_counts_its_problems() -> None:
    """Errors and warnings are counted apart; warnings alone leave a report ok."""
    report = check({"output": PAGED["Output"]})

    assert (len(report), report.ok, report.summary()) == (1, True, "1 warning")
    assert [problem.code for problem in report] == ["LQ202"]


def test_a_report_is_neither_true_nor_false() -> None:
    """Truth is refused with what to ask instead."""
    with pytest.raises(TypeError) as raised:
        bool(check(PAGED))

    assert str(raised.value) == ("ask a report for .ok (no errors) or .problems, not for its truth")
