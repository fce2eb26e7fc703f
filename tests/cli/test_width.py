"""Reports fit the terminal: lines are cut around mistakes, and what is said of them is wrapped."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click import unstyle
from hypothesis import given, strategies as st

from leadquery import check
from leadquery._util.layout import display_width, snippet, wrap
from leadquery.cli.check_formats import format_text
from leadquery.cli.output import width_of
from leadquery.lint.checked_file import CheckedPayload
from tests.cli.payloads import CLEAN, SUSPICIOUS
from tests.cli.shell import HOME, Write, leadquery
from tests.fuzz.spoiled import spoiled
from tests.request_files import document

characters = st.sampled_from("ab 1\t\x1b漢字é😀e\u0301\u200b…")
lines = st.text(characters, max_size=150)
widths = st.integers(40, 200)


@given(spoiled(), widths)
def test_no_line_is_wider_than_the_terminal(content: bytes, width: int) -> None:
    report = check(content)
    text = unstyle("\n".join(format_text([CheckedPayload("a.json", report)], width=width)))

    assert [line for line in text.split("\n") if display_width(line) > width] == []


@given(line=lines, data=st.data(), columns=st.integers(30, 110))
def test_carets_are_below_their_text(line: str, data: st.DataObject, columns: int) -> None:
    """Also behind wide characters, tabs and what cannot be printed; all is shown if it fits."""
    at = data.draw(st.integers(0, len(line)))
    width = data.draw(st.integers(1, max(1, len(line) - at)))
    excerpt, carets = snippet(line, at + 1, width, columns)
    marked = "".join(one if one.isprintable() else "\ufffd" for one in line[at : at + width])
    marked = "".join(
        " " if one == "\t" else new for one, new in zip(line[at:], marked, strict=False)
    )
    spaces = len(carets) - len(carets.lstrip())
    starts = [display_width(excerpt[:end]) for end in range(len(excerpt) + 1)]

    assert display_width(excerpt) <= columns
    assert len(carets) <= columns + 1
    assert spaces in starts
    first = max(index for index, start in enumerate(starts) if start == spaces)
    if marked and display_width(marked[0]):
        assert excerpt[first : first + 1] in (marked[0], "…")
    if 0 < display_width(marked) <= columns - 2 - columns // 4:
        assert marked in excerpt


@given(text=st.text(st.sampled_from("ab 漢😀[:]"), max_size=80), width=st.integers(2, 30))
def test_wrapped_lines_have_all_words(text: str, width: int) -> None:
    wrapped = wrap(text, width)

    assert all(display_width(line) <= width for line in wrapped)
    assert "".join(wrapped).replace(" ", "") == text.replace(" ", "")
    assert wrap(text, 1_000) == [text.rstrip(" ")]


class Terminal(io.StringIO):
    """A stream of a terminal."""

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return 7


@pytest.mark.parametrize(
    ("variable", "columns", "width"),
    [("", 123, 123), ("61", 123, 61), ("0", 123, 123), ("x", 123, 123), ("", 0, 80)],
)
def test_the_width_of_a_terminal(
    variable: str, columns: int, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", variable)
    monkeypatch.setattr(os, "get_terminal_size", lambda _: os.terminal_size((columns, 20)))

    assert width_of(Terminal()) == width
    assert width_of(io.StringIO()) == (61 if variable == "61" else 80)


def test_a_terminal_without_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: int) -> os.terminal_size:
        raise OSError

    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", refuse)

    assert width_of(Terminal()) == 80


def test_the_parts_of_a_report_are_wrapped(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The place, the name of the request, notes, what was fixed, and the summary."""
    monkeypatch.setenv("COLUMNS", "50")
    write("requests.json", document("postman", SUSPICIOUS, "{{body}}"))
    write("a.json", SUSPICIOUS)
    report = leadquery("check", "requests.json").output.splitlines()

    assert re.match(r"requests.json:1:\d+: LQ202 warning  \$.output$", report[0])
    assert report[1] == "    in 'Reports / Report 1'"
    assert report[-4:] == [
        "requests.json: not checked in 'Reports / Report",
        "    2': its body is a variable or an expression;",
        "    check what it stands for",
        "1 warning; 1 can be fixed with --fix",
    ]
    assert leadquery("check", "--fix", "a.json").output.splitlines() == [
        "a.json:1:2: LQ202 fixed  $.output",
        "    'output' differs from 'Output' only in letter",
        "    case; write 'Output'",
        "1 fixed; no problems left",
    ]


WIDE = CLEAN.replace('"Phone"', '"Phone", "名前😀": "' + "漢字\t" * 40 + '", "Typ": "😀"')


CODES = ["LQ201", "LQ112", "LQ201"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no pty")
@pytest.mark.parametrize("columns", [60, 80, 120])
def test_a_report_in_a_terminal(columns: int, here: Path) -> None:
    """A real one of that width, with long lines, tabs and wide characters."""
    import fcntl
    import struct
    import termios

    (here / "a.json").write_text(WIDE, "utf-8")
    reader, writer = os.openpty()
    fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {name: text for name, text in os.environ.items() if name != "COLUMNS"}
    ran = subprocess.Popen(
        [sys.executable, "-m", "leadquery", "check", "a.json"],
        stdout=writer,
        env={**environment, "PYTHONPATH": HOME, "PYTHONUTF8": "1", "TERM": "xterm"},
    )
    os.close(writer)
    output = b""
    while True:
        try:
            part = os.read(reader, 65_536)
        except OSError:
            break
        if not part:
            break
        output += part
    os.close(reader)
    text = unstyle(output.decode()).replace("\r\n", "\n").splitlines()

    assert ran.wait() == 1
    assert max(map(display_width, text)) in range(columns - 12, columns + 1)
    assert [line.split()[1] for line in text if line.startswith("a.json")] == CODES
    assert [len(line.split()[1]) for line in text if "^" in line][::2] == [8, 5]


@pytest.mark.parametrize("code", ["LQ203", "LQ208", "LQ304", "LQ411"])
def test_a_rule_is_explained_in_the_width_of_the_terminal(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But for its examples, which are code."""
    monkeypatch.setenv("COLUMNS", "60")
    output = leadquery("rule", code).output
    prose = re.sub(r"\n(Example|Instead)\n(  .*\n)+", "\n", output)

    assert max(map(len, prose.splitlines()[1:])) <= 60
    assert "\n  {" in output
