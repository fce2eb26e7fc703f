"""A terminal in the folder of a page: runs what pages say, and knows what is not run."""

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

NOT_RUN: Final = {
    "python3 -m venv": "test_tutorial makes one",
    ". .venv/bin/activate": "test_tutorial has one",
    "pip install": "test_tutorial installs the package",
    ".venv/bin/": "CI runs the README's command, and CONTRIBUTING's are the tools of CI",
    "HYPOTHESIS_PROFILE=": "the tests themselves",
    "python -m tests.benchmarks": "takes minutes",
    "nox -s mutants": "takes hours",
    "leadquery serve": "serves until Ctrl-C; the page that shows it has a test of its own",
    "sh low.sh": "asks a server; tests/exporters run the scripts that are written",
    "npx ": "needs the network; tests/exporters generate types where Node is",
    "curl ": "asks a server; the page that shows it has a test of its own",
}
"""How commands begin that no test of a page runs, and why."""

_ours = re.compile(r"(^|[|&;] *)leadquery\b")
_python = re.compile(r"(^|[|&;] *)python3?\b")


class Ended(NamedTuple):
    """What a command wrote, to stdout and stderr, and the code it ended with."""

    written: str
    code: int


@frozen
class Terminal:
    """A new terminal, 80 characters wide, without colour; `set` are the variables it was told."""

    folder: Path
    set: dict[str, str] = Factory(dict)

    def run(self, command: str) -> Ended:
        """The leadquery that is tested, and its Python, stand for those that a reader has."""
        words = command.split()
        if words[0] == "export":
            parts = (word.partition("=") for word in words[1:])
            self.set.update({name: value for name, _, value in parts})
            return Ended("", 0)
        here = f'"{sys.executable}"'
        done = subprocess.run(  # noqa: S602 - our own pages
            _ours.sub(rf"\1{here} -m leadquery", _python.sub(rf"\1{here}", command)),
            shell=True,
            cwd=self.folder,
            env={**_environment(), **self.set, "PYTHONPATH": HOME},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            encoding="utf-8",
            timeout=60,
        )
        return Ended(done.stdout, done.returncode)


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a terminal, each behind a `$`, with what is shown below it."""
    parts = re.split(r"^\$ ", joined(text), flags=re.MULTILINE)
    assert parts[0] == "", "a console begins with a command behind '$ '"
    split = [part.partition("\n") for part in parts[1:]]
    return [(command, shown) for command, _, shown in split]


def joined(text: str) -> str:
    """Without line breaks inside commands."""
    return text.replace("\\\n", "")


def is_run(line: str) -> bool:
    """Whether a line is a command that is run. A page may say how its reader gets into a folder."""
    said = line.strip()
    return bool(said) and not said.startswith(("#", "mkdir ", "cd ", *NOT_RUN))


def _environment() -> dict[str, str]:
    """Without what this terminal was told."""
    ours = ("LEADQUERY_", "COLUMNS", "FORCE_COLOR", "NO_COLOR", "COV_", "PYTHONWARNINGS")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"}
