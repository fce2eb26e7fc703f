"""What is told of a slip: its name, the line with a mark, and the line written right."""

from __future__ import annotations

import ast
from opcode import opname
from types import TracebackType

from leadquery._explain.calls import improve_message
from leadquery._explain.detect import detect
from leadquery._explain.fixer import Suggestion, suggest_fix
from leadquery._explain.frames import caller_entry
from leadquery._explain.rewriter import Detection
from leadquery._explain.source import Location, Span, Statement, position_of, statement_of
from leadquery._explain.type_inference import FrameTypes
from leadquery._util.text import snippet
from leadquery.errors import Misuse, SuggestedEdit
from leadquery.expr._guards import Operand

_ROOM = 110


def explain(
    traceback: TracebackType | None, message: str, misuse: Misuse
) -> tuple[str, SuggestedEdit | None]:
    """The whole text of an error, and the corrected lines where they are certain."""
    try:
        message, misuse = improve_message(message, misuse)
        entry = caller_entry(traceback)
    except Exception:  # noqa: BLE001 - the message says less, but it is the message.
        return message, None
    if entry is None or misuse.kind == "import":
        return message, None
    place = f'  File "{entry.tb_frame.f_code.co_filename}", line '
    try:
        stop = _locate(entry)
        slip = detect(stop, misuse)
        right = suggest_fix(stop.statement, stop.scope, slip)
        text = _message(message, place, stop.statement, slip, right)
    except Exception:  # noqa: BLE001 - the file and the line are certain.
        return f"{message}\n{place}{entry.tb_lineno}", None
    return text, None if right.text is None else _rewriting(stop.statement, right.text)


def _locate(entry: TracebackType) -> Location:
    """The expression at which a frame stopped."""
    frame = entry.tb_frame
    place = position_of(entry)
    statement = statement_of(frame, place)
    scope = FrameTypes(frame)
    if any(scope.takes_keys(node) for node in statement.nodes):
        raise LookupError("the line may hold the keys of an account")
    operation = opname[frame.f_code.co_code[entry.tb_lasti]]
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
    lines = [name, f"{place}{number}", f"    {part.line}", f"    {part.carets}"]
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
