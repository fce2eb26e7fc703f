"""The line in a message: the part that fits, with marks below it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from leadquery._util.layout import display_width, snippet

ABC = "abcdefghijklmnopqrstuvwxyz"
LINE = ABC * 3


@pytest.mark.parametrize(
    ("line", "column", "width", "visible", "marks"),
    [
        ("abcd", 2, 2, "abcd", " ^^"),
        ("abcd", 2, 9, "abcd", " ^^^"),
        ("abcd", 5, 1, "abcd", "    ^"),
        ("", 1, 1, "", "^"),
        (LINE[:72], 72, 1, LINE[:72], " " * 71 + "^"),
        (LINE[:72], 73, 1, "…" + LINE[42:72], " " * 31 + "^"),
        (LINE[:73], 1, 1, LINE[:71] + "…", "^"),
        (LINE[:73], 31, 99, "…" + LINE[3:73], " " * 28 + "^" * 43),
        (LINE[:73], 32, 1, "…" + LINE[1:71] + "…", " " * 31 + "^"),
        (LINE * 2, 60, 3, "…" + LINE[29:] + LINE[:21] + "…", " " * 31 + "^^^"),
        ("\tx\x1b\u200b\ud800y", 6, 1, " x\ufffd\ufffd\ufffdy", "     ^"),
        ("中文x", 2, 2, "中文x", "  ^^^"),
        ("e\u0301x", 3, 1, "e\u0301x", " ^"),
        ("中" * 36, 1, 1, "中" * 36, "^^"),
        ("中" * 37, 1, 1, "中" * 35 + "…", "^^"),
        ("中" * 80, 50, 1, "…" + "中" * 35 + "…", " " * 31 + "^^"),
    ],
)
def test_a_line_is_cut_to_what_fits(
    line: str, column: int, width: int, visible: str, marks: str
) -> None:
    """In terminal columns; dots mark omissions, and there is at least one caret."""
    assert snippet(line, column, width, 72) == (visible, marks)


@given(
    line=st.text(st.sampled_from("ax中e\u0301\t\x1b\ud800\U0001f600"), max_size=200),
    place=st.integers(0, 200),
    width=st.integers(1, 200),
)
def test_no_line_is_wider_than_the_limit(line: str, place: int, width: int) -> None:
    """Neither the line nor the marks."""
    at = min(place, len(line))

    visible, marks = snippet(line, at + 1, width, 72)

    before = marks.count(" ")
    assert display_width(visible) <= 72
    assert len(marks) <= 72
    assert display_width(visible[: _characters(visible, before)]) == before
    assert visible.isprintable()


def _characters(text: str, columns: int) -> int:
    """How many characters of a text take that many columns."""
    return next(count for count in range(len(text) + 1) if display_width(text[:count]) >= columns)
