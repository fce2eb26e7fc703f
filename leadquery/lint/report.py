"""What is said of a payload: its problems, and the report that holds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from leadquery.lint.diagnostics import Fix, Path
from leadquery.lint.edits import apply_to_object, apply_to_text
from leadquery.lint.json_parser.source_map import SourceText
from leadquery.lint.render import in_html, in_rich, segments

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions
    from rich.text import Text


_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@frozen
class Diagnostic:
    """One mistake in a payload.

    `code` names the rule, `path` the place (`$.Output.Type`), `pointer` the same place by
    RFC 6901. `message` says what was found, `hint` what to write instead, or is None.
    `line` and `column` count from 1, columns in characters, and `width` is how many of them the
    place takes on its line; they are None for a payload that did not come as text.
    `fix` is None where no change is certain or likely, else its `safe` says which of the two.

    >>> from leadquery import check
    >>> text = '{"Paging": {"PageIndex": 1, "PageSize": 0}, "Output": {"Type": "list"}}'
    >>> problem = check(text).problems[0]
    >>> problem.code, problem.path, problem.line, problem.column, problem.hint
    ('LQ309', '$.Paging.PageSize', 1, 41, 'write a number from 1 to 2147483647')
    """

    code: str
    severity: Literal["error", "warning"]
    path: str
    pointer: str
    message: str
    hint: str | None = None
    line: int | None = None
    column: int | None = None
    width: int | None = None
    fix: Fix | None = field(default=None, hash=False)

    def __str__(self) -> str:
        place = "" if self.line is None else f"{self.line}:{self.column}: "
        return f"{place}{self.code} {self.severity}  {self.path}\n{self.advice}"

    @property
    def advice(self) -> str:
        """What was found, what to write instead, and whether a fix is at hand."""
        hint = f"; {self.hint}" if self.hint else ""
        fix = f"   [fix: {'safe' if self.fix.safe else 'unsafe'}]" if self.fix else ""
        return f"{self.message}{hint}{fix}"


# Made at each check, and without slots in less time.
@frozen(slots=False)
class Report:
    """What `check` says of a payload: every problem, in the order of the payload.

    It goes over its problems; its text is what a person reads. A notebook and `rich.print` show
    the same in colour.

    >>> from leadquery import check
    >>> paging = {"PageIndex": 1, "PageSize": 100}
    >>> report = check({"Output": {"type": "list", "IncludeCSV": "Phone"}, "Paging": paging})
    >>> print(report)
    LQ202 warning  $.Output.type
        'type' is 'Type' in other letters; write 'Type'   [fix: safe]
    1 warning; 1 can be fixed
    >>> report.fixed()["Output"]
    {'Type': 'list', 'IncludeCSV': 'Phone'}
    """

    payload: Any = field(repr=False)
    problems: tuple[Diagnostic, ...] = ()
    source: SourceText | None = field(default=None, repr=False, eq=False)

    @property
    def ok(self) -> bool:
        """Whether there is no error; warnings may stand."""
        return not any(problem.severity == "error" for problem in self.problems)

    def fixed(self, *, unsafe: bool = False) -> Any:
        """The payload as it came (object, text or bytes), with its safe fixes applied.

        `unsafe` applies the likely ones too. A text keeps its own formatting outside what is fixed,
        and an object is made anew only where it is fixed.
        """
        fixes = [one.fix for one in self.problems if one.fix and (unsafe or one.fix.safe)]
        edits = [edit for fix in fixes for edit in fix.edits]
        if self.source is None:
            return apply_to_object(self.payload, edits)
        raw = isinstance(self.payload, (bytes, bytearray))
        if not fixes:
            # Of bytes that are not UTF-8, the source holds the start alone.
            return bytes(self.payload) if raw else self.payload
        text = apply_to_text(self.source.read_as, edits, self.source.unread)
        return text.encode() if raw else text

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.problems)

    def __len__(self) -> int:
        return len(self.problems)

    def __bool__(self) -> bool:
        raise TypeError("ask a report for .ok (no errors) or .problems, not for its truth")

    def __str__(self) -> str:
        return "\n".join([*(self.shown(problem) for problem in self.problems), self.summary()])

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        return in_rich(self, options.max_width)

    def _repr_html_(self) -> str:
        return in_html(self)

    def shown(self, problem: Diagnostic) -> str:
        """A problem as a person reads it: with its line, where there is one."""
        return "".join(part.text for part in segments(self, problem))

    def summary(self) -> str:
        """How many errors and warnings there are, and how many can be fixed, in words."""
        counts = [
            _counted(sum(problem.severity == kind for problem in self.problems), kind)
            for kind in ("error", "warning")
        ]
        said = ", ".join(filter(None, counts)) or "no problems"
        fixable = sum(one.fix is not None and one.fix.safe for one in self.problems)
        return f"{said}; {fixable} can be fixed" if fixable else said


def _counted(number: int, kind: str) -> str:
    return f"{number} {kind}{'s' if number > 1 else ''}" if number else ""


def path_text(path: Path) -> str:
    """A place as `$.Output.Type`."""
    return "$" + "".join(map(_step, path))


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN.fullmatch(step) else f"[{step!r}]"


def pointer(path: Path) -> str:
    """A place as a JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)
