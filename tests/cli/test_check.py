"""`leadquery check`: its report and exit code."""

from __future__ import annotations

import sys

import pytest

from leadquery.cli.file_checker import FileChecker
from leadquery.cli.files import FileError
from tests.cli.payloads import BACKWARDS, CLEAN, SUSPICIOUS, WRONG
from tests.cli.shell import Write, leadquery, process


def test_a_diagnostic_is_shown_with_its_line(write: Write) -> None:
    """The file, the place, the rule, the line with carets, and the count."""
    write("report.json", SUSPICIOUS)

    assert leadquery("check", "report.json").output.splitlines() == [
        "report.json:1:2: LQ202 warning  $.output",
        f"    1 | {SUSPICIOUS[:71]}…",
        "      |  ^^^^^^^^",
        "      | 'output' differs from 'Output' only in letter case; write 'Output'",
        "      | [fix: safe]",
        "1 warning; 1 can be fixed with --fix",
    ]


@pytest.mark.parametrize(
    ("contents", "summary"),
    [
        ([CLEAN], "no problems found"),
        ([CLEAN, CLEAN], "no problems found in 2 files"),
        ([WRONG], "1 error"),
        (
            [WRONG, CLEAN, WRONG],
            "2 errors in 2 of 3 files",
        ),
        (
            [SUSPICIOUS, WRONG],
            "1 error, 1 warning in 2 of 2 files; 1 can be fixed with --fix",
        ),
        ([BACKWARDS], "1 error; 1 can be fixed with --unsafe-fixes"),
        (
            [SUSPICIOUS, SUSPICIOUS, BACKWARDS],
            (
                "1 error, 2 warnings in 3 of 3 files; "
                "2 can be fixed with --fix, 1 more with --unsafe-fixes"
            ),
        ),
    ],
)
def test_the_last_line_counts(
    contents: list[str], summary: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors, warnings, files, and what can be fixed in which way."""
    monkeypatch.setenv("COLUMNS", "200")
    names = [str(write(f"{index}.json", text)) for index, text in enumerate(contents)]

    assert leadquery("check", *names).output.splitlines()[-1] == summary


@pytest.mark.parametrize(
    ("content", "options", "code"),
    [
        (CLEAN, [], 0),
        (CLEAN, ["--strict"], 0),
        (SUSPICIOUS, [], 0),
        (SUSPICIOUS, ["--strict"], 1),
        (SUSPICIOUS, ["--strict", "--diff"], 1),
        (SUSPICIOUS, ["--strict", "--fix"], 0),
        (WRONG, [], 1),
        (WRONG, ["--fix"], 1),
        (BACKWARDS, [], 1),
        (BACKWARDS, ["--fix"], 1),
        (BACKWARDS, ["--unsafe-fixes", "--diff"], 1),
        (BACKWARDS, ["--unsafe-fixes"], 0),
    ],
)
def test_the_exit_code(content: str, options: list[str], code: int, write: Write) -> None:
    """1 for an error, and for a warning if requested."""
    write("report.json", content)

    assert leadquery("check", "report.json", *options).exit_code == code


@pytest.mark.parametrize("form", ["text", "json", "github", "sarif"])
def test_a_missing_file_does_not_hide_the_others(form: str, write: Write) -> None:
    """They are checked, the missing one is reported on stderr, and the code is 2."""
    write("one.json", CLEAN)
    write("two.json", WRONG)

    result = leadquery("check", "one.json", "none.json", "two.json", "--format", form)

    assert (result.exit_code, "LQ309" in result.stdout) == (2, True)
    assert result.stderr == "Error: 'none.json' does not exist; did you mean 'one.json'?\n"


def test_missing_files_have_no_summary() -> None:
    result = leadquery("check", "none.json")

    assert (result.exit_code, result.stdout) == (2, "")


def test_no_file_is_misuse() -> None:
    """2, with the message of click."""
    result = leadquery("check")

    assert result.exit_code == 2
    assert (
        result.stderr.splitlines()[-1] == "Error: Missing argument '[FILES|FOLDERS|QUERIES|-]...'."
    )


def test_stdin_beside_files(write: Write) -> None:
    """A dash is one file among others, read once."""
    write("report.json", WRONG)

    result = leadquery("check", "-", "report.json", "-", stdin=SUSPICIOUS)

    lines = result.output.splitlines()
    assert [line.split(":")[0] for line in lines if ": LQ" in line] == ["-", "report.json"]
    assert lines[-1].startswith("1 error, 1 warning in 2 of 2 files")


def test_a_closed_stdin_is_a_missing_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in some services."""
    monkeypatch.setattr(sys, "stdin", None)

    [outcome] = FileChecker().run("-")

    assert outcome == FileError("-", "cannot be read: stdin is closed")


def test_a_name_with_odd_characters_stays_on_its_line(write: Write) -> None:
    """A name can neither break a line nor colour it."""
    if sys.platform == "win32":
        pytest.skip("no such names there")
    write("a\n\x1b[31m.json", SUSPICIOUS)

    assert leadquery("check", ".").output.startswith(r"a\n\x1b[31m.json:1:2: LQ202 ")


def test_check_loads_no_client(write: Write) -> None:
    """Neither requests nor rich, nor the modules of other formats."""
    write("report.json", SUSPICIOUS)

    ran = process("check", "report.json", PYTHONPROFILEIMPORTTIME="1")

    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}
    assert "leadquery.cli.check_formats" in loaded
    assert not loaded & {"requests", "rich", "sqlite3", "leadquery.client"}
    assert not loaded & {"difflib", "secrets", "leadquery.cli.ci_formats"}


def test_the_fields_of_the_account(write: Write) -> None:
    """A field that the account does not have is an error."""
    write("report.json", CLEAN)
    write("fields.json", '["Phone"]')
    write("others.json", '["Score"]')

    with_it = leadquery("check", "report.json", "--fields", "fields.json")
    without = leadquery("check", "report.json", "--fields", "others.json")

    assert (with_it.exit_code, with_it.output) == (0, "no problems found\n")
    assert (without.exit_code, "LQ601" in without.output) == (1, True)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[", "fields: the text is not JSON; "),
        ("[]", "fields: the list is empty; "),
        ("7", "fields: 7 is not a list of fields; "),
    ],
)
def test_invalid_fields(content: str, message: str, write: Write) -> None:
    """Rejected before any file is checked."""
    write("report.json", WRONG)
    write("fields.json", content)

    result = leadquery("check", "report.json", "--fields", "fields.json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith(f"Error: 'fields.json': {message}")


def test_fields_that_cannot_be_read(write: Write) -> None:
    write("report.json", CLEAN)

    result = leadquery("check", "report.json", "--fields", "none.json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1] == (
        "Error: 'none.json' cannot be read: No such file or directory"
    )
