"""Every case of the table: rejected at its line, explained, and corrected if possible.

After a change of messages run `pytest tests/_explain/test_misuse.py -k golden --update-goldens`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import leadquery
from leadquery import QueryError
from tests._explain.table import FILE, TABLE, Case, built, corrected, current, read_table, run
from tests.plain import plain

PACKAGE = str(Path(leadquery.__file__).parent)
CASES = [case for case in read_table() if case.applies]
CORRECTED = [case for case in CASES if case.payload]

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.source)
corrected_case = pytest.mark.parametrize("case", CORRECTED, ids=lambda case: case.source)


def error_of(case: Case) -> QueryError:
    """The error of a case."""
    with pytest.raises(QueryError) as caught:
        run(case.source)

    return caught.value


def test_the_golden_file_is_up_to_date(
    check_golden: Callable[[Path, str], None],
) -> None:
    """Cases for other versions of Python are not compared."""
    check_golden(TABLE, "".join(str(current(c) if c.applies else c) for c in read_table()))


def test_the_table_has_many_distinct_cases() -> None:
    assert len(CASES) > 200
    assert len(CORRECTED) > 140
    assert len({case.source for case in CASES}) == len(CASES)


@every_case
def test_the_error_explains_the_line(case: Case) -> None:
    error = error_of(case)

    assert f"{type(error).__name__}: {error}" == case.error
    assert (error.suggested_edit is not None) == bool(case.payload)


@corrected_case
def test_the_corrected_line_builds_what_was_intended(case: Case) -> None:
    scope = run(corrected(case.source, error_of(case)))

    assert built(scope) == json.loads(case.payload)


@every_case
def test_the_traceback_ends_at_the_line_with_one_frame_of_the_package_at_most(case: Case) -> None:
    error = error_of(case)
    files: list[str] = []
    entry = error.__traceback__
    while entry is not None:
        files.append(entry.tb_frame.f_code.co_filename)
        entry = entry.tb_next
    own = [file.startswith(PACKAGE) for file in files]

    assert files[len(files) - 1 - sum(own)] == FILE
    assert sum(own) <= 1
    assert error.__context__ is None or error.__suppress_context__


@corrected_case
def test_the_message_shows_the_suggested_edit(case: Case) -> None:
    edit = error_of(case).suggested_edit
    message = case.error.partition("\n  write\n")[2]
    assert edit is not None

    assert [line.strip() for line in message.split("\n")] == [
        line.strip() for line in edit.text.split("\n")
    ]
    assert edit.file == FILE


@every_case
def test_without_source_the_message_is_general(case: Case) -> None:
    """It names the file and the line, and suggests no edit."""
    with pytest.raises(QueryError) as caught:
        run(case.source, "gone.py", readable=False)
    text = str(caught.value)

    assert text.startswith(plain(caught.value))
    assert text[len(plain(caught.value)) :].startswith('\n  File "gone.py", line ')
    assert text.count("\n") == 1
    assert caught.value.suggested_edit is None


@every_case
def test_the_message_follows_the_style(case: Case) -> None:
    first = case.error.split("\n")[0].partition(": ")[2]

    assert not first.endswith(".")
    assert "invalid" not in case.error.lower()
