"""Type checkers accept `accepted.py`, and reject the marked lines of `refused.py` only.

A line to reject ends with `# refused`. Each checker reads both files once.
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
    """The lines with their text, for readable failures."""
    texts = {file.name: file.read_text("utf-8").splitlines() for file in FILES}
    return [Line(file, number, texts[file][number - 1]) for file, number in sorted(found)]


def marked() -> list[Line]:
    """The lines to reject."""
    return lines(
        {
            (file.name, number)
            for file in FILES
            for number, text in enumerate(file.read_text("utf-8").splitlines(), 1)
            if text.endswith(MARK)
        }
    )


def output(*args: str | Path) -> str:
    """The output of a checker with the configuration of this project."""
    run = subprocess.run(
        [sys.executable, "-m", *args],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout, run.stderr

    return run.stdout


def test_mypy_rejects_exactly_the_marked_lines() -> None:
    """With --strict."""
    printed = output("mypy", "--strict", "--no-pretty", "--no-error-summary", *FILES)
    errors = re.findall(r"^(.+?):(\d+): error: ", printed, re.MULTILINE)

    assert lines({(Path(file).name, int(number)) for file, number in errors}) == marked()


def test_basedpyright_rejects_exactly_the_marked_lines(tmp_path: Path) -> None:
    """With the interpreter of the tests, so that it finds the package."""
    # What the project excludes is not read where it stands, even when it is named.
    copies = [shutil.copy(file, tmp_path) for file in FILES]
    printed = json.loads(
        output("basedpyright", "--pythonpath", sys.executable, "--outputjson", *copies)
    )
    errors = {
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1)
        for one in printed["generalDiagnostics"]
        if one["severity"] == "error"
    }

    assert lines(errors) == marked()


def test_pyrefly_rejects_exactly_the_marked_lines() -> None:
    """With the settings that it takes from mypy's."""
    printed = json.loads(
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
        for one in printed["errors"]
        if one.get("severity", "error") == "error"
    }

    assert lines(errors) == marked()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_files_have_valid_syntax(file: Path) -> None:
    """Lines are rejected for their types only."""
    assert compile(file.read_text("utf-8"), file.name, "exec")


def test_only_refused_py_has_marked_lines() -> None:
    assert {line.file for line in marked()} == {"refused.py"}
    assert len(marked()) > 80
