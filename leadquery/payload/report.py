"""What is said of a payload: its problems, and the report that holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from attrs import field, frozen

from leadquery.spec.findings import Finding
from leadquery.spec.rules import Severity

Step = str | int

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@frozen
class Problem:
    """One mistake in a payload.

    `code` names the rule, `path` the place (`$.Output.Type`), `pointer` the same place by
    RFC 6901. `message` says what was found, `hint` what to write instead, or is None.
    `line` and `column` count from 1, columns in characters; they are None for a payload that
    did not come as text. `fix` is None where no change is certain or likely.

    >>> from leadquery import check
    >>> [problem] = check({"Output": {"Type": "lst", "IncludeCSV": "Phone"}}).problems
    >>> problem.code, problem.path, problem.hint
    ('LQ301', '$.Output.Type', "write 'list'")
    """

    code: str
    severity: Literal["error", "warning"]
    path: str
    pointer: str
    message: str
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    fix: None = None

    def __str__(self) -> str:
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.path}: {self.code} {self.severity}: {self.message}{hint}"


@frozen
class Report:
    """What `check` says of a payload: every problem, in the order of the payload.

    It is true when there is nothing to say, and goes over its problems.

    >>> from leadquery import check
    >>> print(check({"Output": {"Type": "list"}}))
    $.Output.IncludeCSV: LQ203 error: 'IncludeCSV' is missing; an output needs it
    1 error
    """

    payload: Any = field(repr=False)
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings may stand."""
        return not any(problem.severity == "error" for problem in self.problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    def __bool__(self) -> bool:
        raise TypeError("ask a report for .ok (no errors) or .problems, not for its truth")

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), self.summary()])

    def summary(self) -> str:
        """How many errors and warnings there are, in words."""
        counts = [
            _counted(sum(problem.severity == kind for problem in self.problems), kind)
            for kind in ("error", "warning")
        ]
        return ", ".join(filter(None, counts)) or "no problems"


def _counted(number: int, kind: str) -> str:
    return f"{number} {kind}{'s' if number > 1 else ''}" if number else ""


def problem(found: Finding, line: int | None = None, column: int | None = None) -> Problem:
    """A finding as the problem that people see."""
    return Problem(
        code=found.rule.code,
        severity="error" if found.rule.severity is Severity.ERROR else "warning",
        path=path_text(found.path),
        pointer=pointer(found.path),
        message=found.message,
        hint=found.hint,
        line=line,
        column=column,
    )


def path_text(path: tuple[Step, ...]) -> str:
    """A place as `$.Output.Type`."""
    return "$" + "".join(map(_step, path))


def _step(step: Step) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN.fullmatch(step) else f"[{step!r}]"


def pointer(path: tuple[Step, ...]) -> str:
    """A place as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
