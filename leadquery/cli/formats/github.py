"""For GitHub Actions: a workflow command for each problem, shown beside its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from leadquery.cli.files import FileError
from leadquery.cli.formats.results import Outcome
from leadquery.lint.report import Diagnostic

_MESSAGE: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = _MESSAGE | str.maketrans({":": "%3A", ",": "%2C"})


def lines(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """A line for each problem, and for each file that cannot be read."""
    for outcome in outcomes:
        if isinstance(outcome, FileError):
            yield _command("error", outcome.reason, file=outcome.file)
        else:
            yield from (_problem(outcome.file, problem) for problem in outcome.report)


def _problem(file: str, problem: Diagnostic) -> str:
    hint = f"; {problem.hint}" if problem.hint else ""
    message = f"{problem.path}: {problem.message}{hint}"
    place = {"file": file, "line": problem.line, "col": problem.column}
    return _command(problem.severity, message, **place, title=problem.code)


def _command(name: str, message: str, **properties: object) -> str:
    said = ",".join(f"{key}={str(one).translate(_PROPERTY)}" for key, one in properties.items())
    return f"::{name} {said}::{message.translate(_MESSAGE)}"
