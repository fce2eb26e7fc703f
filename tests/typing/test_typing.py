"""What type checkers see: the lines of `accepted.py` pass, the marked ones of `refused.py` do not.

A line that must be refused ends with `# refused`. Each checker reads both files once.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
FILES = [HERE / "accepted.py", HERE / "refused.py"]
MARK = "# refused"


class Line(NamedTuple):
    """A line of a file, from 1."""

    file: str
    number: int
    text: str


def lines(found: set[tuple[str, int]]) -> list[Line]:
    """Lines with what stands on them, so that a failure can be read."""
    texts = {file.name: file.read_text("utf-8").splitlines() for file in FILES}
    return [Line(file, number, texts[file][number - 1]) for file, number in sorted(found)]


def marked() -> list[Line]:
    """The lines that must be refused."""
    return lines(
        {
            (file.name, number)
            for file in FILES
            for number, text in enumerate(file.read_text("utf-8").splitlines(), 1)
            if text.endswith(MARK)
        }
    )


def output(*args: str | Path) -> str:
    """What a checker prints, as this project configures it."""
    run = subprocess.run(
        [sys.executable, "-m", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr

    return run.stdout


def test_mypy_refuses_the_marked_lines_and_no_other() -> None:
    """Under --strict."""
    said = output("mypy", "--strict", "--no-pretty", "--no-error-summary", *FILES)
    errors = re.findall(r"^(.+?):(\d+): error: ", said, re.MULTILINE)

    assert lines({(Path(file).name, int(number)) for file, number in errors}) == marked()


def test_basedpyright_refuses_the_marked_lines_and_no_other(tmp_path: Path) -> None:
    """With the interpreter that runs the tests, so that the package is found."""
    # What the project excludes is not read where it stands, even when it is named.
    copies = [shutil.copy(file, tmp_path) for file in FILES]
    said = json.loads(
        output("basedpyright", "--pythonpath", sys.executable, "--outputjson", *copies)
    )
    errors = {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1)
        for one in said["generalDiagnostics"]
        if one["severity"] == "error"
    }

    assert lines(errors) == marked()


def test_pyrefly_refuses_the_marked_lines_and_no_other() -> None:
    """With the settings that it takes from mypy's."""
    said = json.loads(
        output(
            "pyrefly",
            "check",
            "--python-interpreter-path",
            sys.executable,
            "--output-format",
            "json",
            *FILES,
        )
    )
    errors = {
        (Path(one["path"]).name, one["line"])
        for one in said["errors"]
        if one.get("severity", "error") == "error"
    }

    assert lines(errors) == marked()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_lines_are_lines_of_the_language(file: Path) -> None:
    """The files can be compiled: a line is refused for its types, not for its grammar."""
    assert compile(file.read_text("utf-8"), file.name, "exec")


def test_refused_lines_are_marked_in_one_file_only() -> None:
    """Nothing in `accepted.py` is marked, and most of `refused.py` is."""
    assert {line.file for line in marked()} == {"refused.py"}
    assert len(marked()) > 80
