"""Reports on terminals and in notebooks."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Literal

import pytest
from rich.console import Console

from leadquery import check
from leadquery.lint.report import Report

TEXT = (
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"},\n'
    ' "<b>[red]&": 1, "paging": {"PageIndex": 0, "PageSize": 1}}'
)


def drawn(report: Report, width: int, *, colour: bool = False) -> str:
    """The output of rich on a terminal, or without colour."""
    system: Literal["standard"] | None = "standard" if colour else None
    console = Console(width=width, file=io.StringIO(), color_system=system, no_color=not colour)
    console.print(report)
    written = console.file
    assert isinstance(written, io.StringIO)
    return written.getvalue()


def without_tags(html: str) -> str:
    """The text of HTML."""
    return unescape(re.sub("<[^>]*>", "", html))


@pytest.mark.parametrize("payload", [TEXT, {"output": 1}, TEXT.replace("0", "1")])
def test_a_report_drawn_without_colour_is_its_text(payload: object) -> None:
    """With long lines wrapped behind a margin, and without rich's markup."""
    report = check(payload)
    texts = (drawn(report, 80), str(report))

    assert len({tuple(text.replace("|", "").split()) for text in texts}) == 1


def test_a_report_drawn_on_a_terminal_has_colour() -> None:
    """Errors are red, warnings yellow, places bold."""
    lines = drawn(check(TEXT), 100, colour=True).splitlines()

    assert lines[0] == "\x1b[1m2:2: \x1b[0m\x1b[31mLQ201 error\x1b[0m  $['<b>[red]&']"
    assert lines[2] == f"      |  \x1b[1;31m{'^' * 11}\x1b[0m"
    assert lines[4] == "\x1b[1m2:18: \x1b[0m\x1b[33mLQ202 warning\x1b[0m  $.paging"
    assert lines[-1] == "2 errors, 1 warning; 1 can be fixed"


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (100, ' "<b>[red]&": 1, "paging": {"PageIndex": 0, "PageSize": 1}}'),
        (50, '…": 1, "paging": {"PageIndex": 0, "PageSi…'),
    ],
)
def test_lines_are_cut_to_the_terminal(width: int, line: str) -> None:
    """So that carets stay below their text."""
    lines = drawn(check(TEXT), width).splitlines()
    at = next(place for place, one in enumerate(lines) if "LQ309" in one)
    payload_line, marks = lines[at + 1 : at + 3]

    assert payload_line == f"    2 | {line}"
    assert marks.index("^") == payload_line.index(" 0,") + 1


def test_a_terminal_may_be_very_narrow() -> None:
    """Then lines wrap."""
    letters = "".join(drawn(check(TEXT), 12).replace("|", "").split())

    assert "0isoutofrange;writeanumberfrom1to2147483647" in letters


@pytest.mark.parametrize("payload", [TEXT, {"<b>": 1}, TEXT.replace("0", "1")])
def test_a_notebook_shows_the_text_in_colour(payload: object) -> None:
    """HTML in the payload is escaped."""
    report = check(payload)
    html = report._repr_html_()
    tags = set(re.findall("<[^>]*>", html))

    assert without_tags(html) == str(report)
    style = "line-height: 1.3; white-space: pre; overflow-x: auto; font-family: monospace"
    assert tags <= {
        f'<pre style="{style}">',
        '<span style="white-space: pre-wrap">',
        "</pre>",
        "<b>",
        "</b>",
        '<b style="color: #d64545">',
        '<b style="color: #b7791f">',
        '<span style="color: #d64545">',
        '<span style="color: #b7791f">',
        "</span>",
    }
