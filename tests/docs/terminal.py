"""Run the commands of a page in its folder, except those listed in SKIPPED."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Final, NamedTuple

from attrs import Factory, frozen

import leadquery

HOME: Final = str(Path(leadquery.__file__).parent.parent)

SKIPPED: Final = {
    "python3 -m venv": "test_tutorial makes one",
    ". .venv/bin/activate": "test_tutorial has one",
    "pip install": "test_tutorial installs the package",
    ".venv/bin/": "CI runs the README's command, and CONTRIBUTING's are the tools of CI",
    "HYPOTHESIS_PROFILE=": "the tests themselves",
    "python -m tests.benchmarks": "takes minutes",
    "nox -s mutants": "takes hours",
    "leadquery page": "needs npm; tests/page build the page and open it",
    "python3 -m http.server": "serves until Ctrl-C",
    "leadquery serve": "serves until Ctrl-C; the page that shows it has a test of its own",
    "uvicorn ": "serves until Ctrl-C; test_async calls the application",
    "sh low.sh": "asks a server; tests/exporters run the scripts that are written",
    "npx ": "needs the network; tests/exporters generate types where Node is",
    "curl ": "asks a server; the page that shows it has a test of its own",
}
"""Beginnings of commands that are not run, and why."""

_ours = re.compile(r"(^|[|&;] *)leadquery\b")
_python = re.compile(r"(^|[|&;] *)python3?\b")


class Process(NamedTuple):
    """The output of a command, stdout and stderr, and its exit code."""

    written: str
    code: int


@frozen
class Terminal:
    """A terminal 80 characters wide, without colour; `set` holds exported variables."""

    folder: Path
    set: dict[str, str] = Factory(dict)

    def run(self, command: str) -> Process:
        """Run a command with the Python and the leadquery under test."""
        arguments = command.split()
        if arguments[0] == "export":
            parts = (argument.partition("=") for argument in arguments[1:])
            self.set.update({name: value for name, _, value in parts})
            return Process("", 0)
        python = f'"{sys.executable}"'
        done = subprocess.run(  # noqa: S602 - our own pages
            _ours.sub(rf"\1{python} -m leadquery", _python.sub(rf"\1{python}", command)),
            shell=True,
            cwd=self.folder,
            env={**_environment(), **self.set, "PYTHONPATH": HOME},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            timeout=60,
        )
        return Process(done.stdout, done.returncode)


def commands(text: str) -> list[tuple[str, str]]:
    """Return the commands of a console block, each with the output shown below it."""
    parts = re.split(r"^\$ ((?:.*\\\n)*.*)\n?", text, flags=re.MULTILINE)
    assert parts[0] == "", "a console block begins with '$ '"
    return [
        (joined(command), expected)
        for command, expected in zip(parts[1::2], parts[2::2], strict=True)
    ]


def joined(text: str) -> str:
    """Join continued lines."""
    return text.replace("\\\n", "")


def is_run(line: str) -> bool:
    """Return whether a line is a command to run; `cd` and `mkdir` are for the reader only."""
    command = line.strip()
    return bool(command) and not command.startswith(("#", "mkdir ", "cd ", *SKIPPED))


def _environment() -> dict[str, str]:
    """Return the environment without variables that change the output."""
    ours = ("LEADQUERY_", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "COV_", "PYTHONWARNINGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
