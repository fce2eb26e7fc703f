"""What is told of a slip: its name, the line with a mark, and the line written right."""

from __future__ import annotations

import ast
import sys
from opcode import opname
from types import FrameType

from leadquery._explain.detect import detect
from leadquery._explain.fixer import Suggestion, suggest_fix
from leadquery._explain.frames import caller_frame
from leadquery._explain.rewriter import Detection
from leadquery._explain.source import Location, Span, Statement, position_of, statement_of
from leadquery._explain.type_inference import FrameTypes
from leadquery._util.text import snippet
from leadquery.errors import QueryError, SuggestedEdit
from leadquery.expr._guards import Operand
from leadquery.expr._misuse import Misuse

_ROOM = 110


def render(error: QueryError, event: Misuse) -> None:
    """Tell in an error what is known of the line that it stops."""
    if _is_telling(sys._getframe(1)):
        return
    frame = caller_frame()
    general = str(error)
    place = f'  File "{frame.f_code.co_filename}", line '
    try:
        stop = _locate(frame)
        slip = detect(stop, event)
        right = suggest_fix(stop.statement, stop.scope, slip)
        error.args = (_message(general, place, stop.statement, slip, right),)
    except Exception:  # noqa: BLE001 - a line that cannot be explained is named all the same.
        error.args = (f"{general}\n{place}{frame.f_lineno}",)
        return
    if right.text is not None:
        error.rewriting = _rewriting(stop.statement, right.text)


def _is_telling(frame: FrameType | None) -> bool:
    """Whether an error comes up while another one is told, as a line written right is tried."""
    while frame is not None and frame.f_code is not render.__code__:
        frame = frame.f_back
    return frame is not None


def _locate(frame: FrameType) -> Location:
    """Where a frame stands, in the words of its statement."""
    place = position_of(frame)
    statement = statement_of(frame, place)
    scope = FrameTypes(frame)
    if any(scope.takes_keys(node) for node in statement.nodes):
        raise LookupError("the line may hold the keys of an account")
    operation = opname[frame.f_code.co_code[frame.f_lasti]]
    return Location(statement, *_miscall(statement, statement.span_of(place), operation), scope)


def _miscall(statement: Statement, span: Span, operation: str) -> tuple[Span, str]:
    """The call, where Python 3.14 runs the loop of `all(... for ...)` itself, at the name of it."""
    calls = (one for one in statement.nodes if isinstance(one, ast.Call))
    looped = (
        one for one in calls if isinstance(one.func, ast.Name) and statement.span(one.func) == span
    )
    call = next(looped, None) if operation == "TO_BOOL" else None
    return (span, operation) if call is None else (statement.span(call), "CALL")


def _message(
    general: str, place: str, statement: Statement, slip: Detection, right: Suggestion
) -> str:
    hint = right.hint or slip.hint
    # What a word has is worth a longer text than what to do instead.
    sure = right.text is not None or (hint and not isinstance(slip.live, Operand))
    name = slip.name if slip.name and sure else general
    start, end = slip.mark
    number, line, column = statement.line_at(start)
    shown = line.lstrip()
    shift = len(line) - len(shown)
    width = min(end - start, len(line) - column)
    part = snippet(shown, column - shift + 1, width, _ROOM)
    lines = [name, f"{place}{number}", f"    {part.line}", f"    {part.marks}"]
    if right.text is not None:
        lines += ["  write", _shown(_rewriting(statement, right.text).text)]
    elif hint:
        lines.append(f"  {hint}")
    return "\n".join(lines)


def _rewriting(statement: Statement, text: str) -> SuggestedEdit:
    """The lines that differ."""
    old, new = statement.text.split("\n"), text.split("\n")
    first = _alike(old, new)
    last = _alike(old[first:][::-1], new[first:][::-1])
    lines = "\n".join(new[first : len(new) - last])
    start = statement.first + first
    return SuggestedEdit(statement.file, start, statement.first + len(old) - last - 1, lines)


def _alike(one: list[str], other: list[str]) -> int:
    """How many lines are the same, one at least being left."""
    most = min(len(one), len(other)) - 1
    return next((row for row in range(most) if one[row] != other[row]), max(most, 0))


def _shown(text: str) -> str:
    """Lines at the same depth as the line above."""
    lines = text.split("\n")
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(f"    {line[depth:]}".rstrip() for line in lines)
