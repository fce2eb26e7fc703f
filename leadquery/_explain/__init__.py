"""Explanations of misuse: the line that raised an error, marked, and how to write it instead.

`leadquery.errors` imports it when an error is displayed and calls `explain`, the only entry point.
No other package imports it. Start reading at `explain`.

- `source`: the caller's statement, from the traceback
- `detect`, `calls`: what the misuse is, and its message
- `rewriter`, `rules_*`: the statement, rewritten correctly
- `fixer`: checks that the rewritten statement would work
- `type_inference`, `aliases`: types of expressions, and names from other libraries
"""

from __future__ import annotations

import ast
from opcode import opname
from types import TracebackType

from leadquery._explain.calls import improve_message
from leadquery._explain.detect import detect
from leadquery._explain.fixer import Suggestion, suggest_fix
from leadquery._explain.rewriter import Detection
from leadquery._explain.source import (
    Location,
    Span,
    Statement,
    caller_entry,
    position_of,
    statement_of,
)
from leadquery._explain.type_inference import FrameTypes
from leadquery._util.layout import snippet
from leadquery.errors import Misuse, SuggestedEdit
from leadquery.expr._guards import Operand

_WIDTH = 110


def explain(
    traceback: TracebackType | None, message: str, misuse: Misuse
) -> tuple[str, SuggestedEdit | None]:
    """The whole text of an error, and the corrected lines if it is certain what was intended."""
    try:
        message, misuse = improve_message(message, misuse)
        entry = caller_entry(traceback)
    except Exception:  # noqa: BLE001 - the general message is right, too.
        return message, None
    if entry is None or misuse.kind == "import":
        return message, None
    place = f'  File "{entry.tb_frame.f_code.co_filename}", line '
    try:
        location = _locate(entry)
        detection = detect(location, misuse)
        suggestion = suggest_fix(location.statement, location.types, detection)
        edit = _edit(location.statement, suggestion)
        return _text(message, place, location.statement, detection, suggestion, edit), edit
    except Exception:  # noqa: BLE001 - the file and the line are certain.
        return f"{message}\n{place}{entry.tb_lineno}", None


def _locate(entry: TracebackType) -> Location:
    """Where a traceback entry stopped."""
    frame, position = entry.tb_frame, position_of(entry)
    statement, types = statement_of(frame, position), FrameTypes(frame)
    if any(types.creates_client(node) for node in statement.nodes):
        raise LookupError("the line may contain the keys of an account")
    span, operation = statement.span_of(position), opname[frame.f_code.co_code[entry.tb_lasti]]
    # Python 3.14 inlines the loop of `all(... for ...)`, and gives the position of its name.
    if operation == "TO_BOOL":
        for node in statement.nodes:
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if is_call and statement.span(node.func) == span:  # type: ignore[attr-defined]
                return Location(statement, statement.span(node), "CALL", types)
    return Location(statement, span, operation, types)


def _text(
    message: str,
    place: str,
    statement: Statement,
    detection: Detection,
    suggestion: Suggestion,
    edit: SuggestedEdit | None,
) -> str:
    hint = suggestion.hint or detection.hint
    # What a field supports is worth a longer message if there is only a hint.
    specific = edit is not None or (hint and not isinstance(detection.target, Operand))
    heading = detection.heading if detection.heading and specific else message
    number, line, marks = _marked_line(statement, detection.span)
    lines = [heading, f"{place}{number}", f"    {line}", f"    {marks}"]
    if edit is not None:
        lines += ["  write", _indent(edit.text)]
    elif hint:
        lines.append(f"  {hint}")
    return "\n".join(lines)


def _marked_line(statement: Statement, span: Span) -> tuple[int, str, str]:
    """The number of the line in which a span starts, its text, and carets below the span."""
    number, line, column = statement.line_at(span[0])
    text = line.lstrip()
    width = min(span[1] - span[0], len(line) - column)
    part = snippet(text, column - (len(line) - len(text)) + 1, width, _WIDTH)
    return number, part.line, part.carets


def _edit(statement: Statement, suggestion: Suggestion) -> SuggestedEdit | None:
    """The lines that differ, at least one."""
    if suggestion.text is None:
        return None
    old, new = statement.text.split("\n"), suggestion.text.split("\n")
    first = _common_lines(old, new)
    last = _common_lines(old[first:][::-1], new[first:][::-1])
    return SuggestedEdit(
        statement.file,
        statement.first_line + first,
        statement.first_line + len(old) - last - 1,
        "\n".join(new[first : len(new) - last]),
    )


def _common_lines(old: list[str], new: list[str]) -> int:
    """How many lines at the beginning are the same, without the last one of either."""
    limit = min(len(old), len(new)) - 1
    return next((row for row in range(limit) if old[row] != new[row]), max(limit, 0))


def _indent(text: str) -> str:
    """Lines at the depth of the marked line."""
    lines = text.split("\n")
    depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(f"    {line[depth:]}".rstrip() for line in lines)
