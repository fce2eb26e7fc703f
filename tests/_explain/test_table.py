"""Every slip of the table: stopped at its line, named, and answered with the line written right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import leadquery
from leadquery import QueryError
from tests._explain.table import FILE, Row, asked, rows, run, written_right
from tests.plain import plain

PACKAGE = str(Path(leadquery.__file__).parent)
ROWS = list(rows())
RIGHTED = [row for row in ROWS if row.payload]

every = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.source)
righted = pytest.mark.parametrize("row", RIGHTED, ids=lambda row: row.source)


def slip(row: Row) -> QueryError:
    """The error of a slip."""
    with pytest.raises(QueryError) as caught:
        run(row.source)

    return caught.value


def test_the_table_holds_what_it_should() -> None:
    """Slips enough, and most of them with a line to paste."""
    assert len(ROWS) > 200
    assert len(RIGHTED) > 140
    assert len({row.source for row in ROWS}) == len(ROWS)


@every
def test_a_slip_is_told_word_by_word(row: Row) -> None:
    """Which it is, at which line, and what to write."""
    error = slip(row)

    assert f"{type(error).__name__}: {error}" == row.text
    assert (error.suggested_edit is not None) == bool(row.payload)


@righted
def test_the_line_written_right_asks_what_was_meant(row: Row) -> None:
    """It runs, and builds the payload of the table."""
    scope = run(written_right(row.source, slip(row)))

    assert asked(scope) == json.loads(row.payload)


@every
def test_a_slip_is_raised_at_its_line(row: Row) -> None:
    """One frame of this package at most stands below the user's, and no other error behind it."""
    error = slip(row)
    files: list[str] = []
    entry = error.__traceback__
    while entry is not None:
        files.append(entry.tb_frame.f_code.co_filename)
        entry = entry.tb_next
    ours = [file.startswith(PACKAGE) for file in files]

    assert files[len(files) - 1 - sum(ours)] == FILE
    assert sum(ours) <= 1
    assert error.__context__ is None or error.__suppress_context__


@righted
def test_what_is_shown_is_what_is_offered(row: Row) -> None:
    """The lines of the message are the lines of the edit, less their indent."""
    error = slip(row)
    shown = row.text.partition("\n  write\n")[2]
    assert error.suggested_edit is not None
    lines = error.suggested_edit.text.split("\n")

    assert [line.strip() for line in shown.split("\n")] == [line.strip() for line in lines]
    assert error.suggested_edit.file == FILE


@every
def test_without_a_source_the_text_is_general(row: Row) -> None:
    """It names the file and the line all the same, and nothing but what may be written."""
    with pytest.raises(QueryError) as caught:
        run(row.source, "gone.py", shown=False)
    text = str(caught.value)

    assert text.startswith(plain(caught.value))
    assert text[len(plain(caught.value)) :].startswith('\n  File "gone.py", line ')
    assert text.count("\n") == 1
    assert caught.value.suggested_edit is None


@every
def test_a_text_blames_nobody(row: Row) -> None:
    """No full stop, and none of the words that say nothing."""
    first = row.text.split("\n")[0].partition(": ")[2]

    assert not first.endswith(".")
    assert "invalid" not in row.text.lower()
