"""Fixes applied to text or objects: those of one diagnostic, and all of them, round by round."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from leadquery.lint.diagnostics import Edit, EditKind, Fix, Path
from leadquery.lint.report import Diagnostic, Report
from leadquery.wire.types import Json

if TYPE_CHECKING:
    from leadquery.lint.source_text import SourceText, Span

MAX_FIX_ROUNDS: Final = 10
"""A fix may uncover another fixable mistake, so payloads are fixed again this often at most.

Likely fixes are applied only in the first round: a guess based on a guess could change the meaning.
"""


class FixResult(NamedTuple):
    """A payload with fixes applied, the report on it, and what was fixed."""

    content: Any
    report: Report
    fixed: tuple[Diagnostic, ...]


def fix_all(report: Report, check: Callable[[Any], Report], *, unsafe: bool = False) -> FixResult:
    """The payload of a report with all safe fixes applied, and with `unsafe` the likely ones."""
    fixed = list[Diagnostic]()
    for number in range(MAX_FIX_ROUNDS):
        likely = unsafe and number == 0
        fixable = [one for one in report.all_diagnostics if one.fix and (likely or one.fix.safe)]
        if not fixable:
            break
        fixed += fixable
        report = check(_apply_fixes(report, [one.fix for one in fixable if one.fix]))
    return FixResult(report.payload, report, tuple(fixed))


def _apply_fixes(report: Report, fixes: Sequence[Fix]) -> Any:
    """The payload of a report with some of its fixes, in the form it came in."""
    edits = [edit for fix in fixes if not fix.moves for edit in fix.edits]
    # An entry moves with what is fixed in it.
    moves = [edit for fix in fixes if fix.moves for edit in fix.edits]
    if report.source is None:
        return apply_to_object(apply_to_object(report.payload, edits), moves)
    text = report.source.repaired
    kept = (Replacement(*span) for span in report.source.nan_spans)
    text = replace(text, [*edits_in_text(text, edits), *kept])
    text = replace(text, edits_in_text(text, moves))
    return text.encode() if isinstance(report.payload, (bytes, bytearray)) else text


def replacements(report: Report, diagnostic: Diagnostic) -> tuple[Replacement, ...]:
    """The changes of the text that are the fix of one diagnostic of its report, in its order.

    Everything else stays as it is written, mistakes and all. The offsets are those of the text.

    >>> from leadquery import check
    >>> report = check('{"Paging": {"pageindex": 1, "PageSize": 9}, "Output": {"Type": "list"}}')
    >>> [replacements(report, one) for one in report if one.fix]
    [(Replacement(start=12, end=23, text='"PageIndex"'),)]
    """
    [changes] = each_replacements(report, [diagnostic])
    return changes


def each_replacements(
    report: Report, diagnostics: Sequence[Diagnostic]
) -> list[tuple[Replacement, ...]]:
    """The `replacements` of several diagnostics, each without the others, in one pass."""
    source = report.source
    fixes = [one.fix for one in diagnostics]
    if source is None or not any(fixes):
        return [()] * len(diagnostics)
    spans = spans_of(source.repaired, [edit for fix in fixes if fix for edit in fix.edits])
    corrections = _corrections(source)
    return [
        _edits_in_original(source, spans, one.fix.edits)
        if one.fix and one.fix.edits
        else tuple(corrections[one.code, one.line, one.column] if one.fix else ())
        for one in diagnostics
    ]


def joint_replacements(
    report: Report, diagnostics: Sequence[Diagnostic]
) -> tuple[Replacement, ...]:
    """The changes of the text that are the fixes of some diagnostics together.

    The diagnostics are all of what is no JSON, all of what is wrong in JSON, or all that moves.
    """
    edits = [edit for one in diagnostics if one.fix for edit in one.fix.edits]
    if report.source is None or not edits:
        return tuple(part for parts in each_replacements(report, diagnostics) for part in parts)
    spans = spans_of(report.source.repaired, edits)
    return _edits_in_original(report.source, spans, edits)


def _edits_in_original(
    source: SourceText, spans: Mapping[Path, Span], edits: Iterable[Edit]
) -> tuple[Replacement, ...]:
    changes = without_overlaps(edits_at(source.repaired, spans, edits))
    return tuple(Replacement(*source.original_span(e.start, e.end), e.text) for e in changes)


def _corrections(source: SourceText) -> Mapping[tuple[Any, ...], list[Replacement]]:
    """The corrections of a text that is not JSON, by the code and the place of the diagnostic."""
    found = defaultdict(list)
    for issue in source.issues:
        # That of another encoding is no change of the text.
        if issue.replacement or issue.start < issue.end:
            place = source.lines.position(issue.position)
            change = Replacement(issue.start, issue.end, issue.replacement or "")
            found[issue.rule.code, *place].append(change)
    return found


class Replacement(NamedTuple):
    """Replace the text between two offsets."""

    start: int
    end: int
    text: str


def replace(text: str, replacements: Iterable[Replacement]) -> str:
    """A text with some parts replaced; where two overlap, the first one counts."""
    parts, end = [], 0
    for replacement in without_overlaps(replacements):
        parts += [text[end : replacement.start], replacement.text]
        end = replacement.end
    return "".join([*parts, text[end:]])


def without_overlaps(replacements: Iterable[Replacement]) -> Iterator[Replacement]:
    """The replacements in order, without those that overlap one before."""
    end = 0
    for replacement in sorted({*replacements}):
        if replacement.start >= end:
            yield replacement
            end = replacement.end


def edits_in_text(text: str, edits: Iterable[Edit]) -> Iterator[Replacement]:
    """The edits as replacements in a JSON text."""
    edits = list(edits)
    return edits_at(text, spans_of(text, edits), edits)


def spans_of(text: str, edits: Iterable[Edit]) -> dict[Path, Span]:
    """Where the edits are in a JSON text, with the single items of lists to unwrap."""
    paths = [edit.path for edit in edits]
    paths += [(*edit.path, 0) for edit in edits if edit.change is EditKind.UNWRAP]
    paths += [target_of(edit) for edit in edits if edit.change is EditKind.MOVE]
    if not paths:
        return {}
    from leadquery.lint.source_text import locate

    return locate(text, paths)


def edits_at(text: str, spans: Mapping[Path, Span], edits: Iterable[Edit]) -> Iterator[Replacement]:
    """The edits as replacements; of those whose place the text does not have, none."""
    # The last of several edits of one kind at one path counts.
    edits = {(edit.path, edit.change): edit for edit in edits}.values()
    located = [(edit, spans[edit.path]) for edit in edits if edit.path in spans]
    removed = [span for edit, span in located if edit.change is EditKind.REMOVE]
    moves: dict[Path, list[Span]] = {}
    for edit, span in located:
        if edit.change is EditKind.MOVE:
            moves.setdefault(target_of(edit), []).append(span)
    for target, entries in moves.items():
        first, *others = sorted(entries)
        texts = [text[span.start : span.end] for span in (first, *others)]
        if target in spans:
            yield _added(text, spans[target], texts)
            removed.append(first)
        else:
            created = f"{_to_json(target[-1])}: {{{', '.join(texts)}}}"
            yield Replacement(first.start, first.end, created)
        removed += others
    yield from _removals(sorted(removed))
    for edit, span in located:
        match edit.change:
            case EditKind.WRITE:
                yield Replacement(span.value, span.end, _to_json(edit.to))
            case EditKind.RENAME:
                yield Replacement(span.start, span.key_end, _to_json(edit.to))
            case EditKind.WRAP:
                yield Replacement(span.value, span.value, "[")
                yield Replacement(span.end, span.end, "]")
            case EditKind.UNWRAP:
                item = spans[*edit.path, 0]
                yield Replacement(span.value, item.value, "")
                yield Replacement(item.end, span.end, "")


def target_of(move: Edit) -> Path:
    """The path of the object that an entry moves into."""
    return (*move.path[:-1], str(move.to))


def _added(text: str, target: Span, entries: Iterable[str]) -> Replacement:
    """Entries at the end of an object, each on a line of its own if the first one is."""
    content = text[target.value + 1 : target.end - 1]
    if not content.strip():
        return Replacement(target.value, target.end, f"{{{', '.join(entries)}}}")
    end = target.value + 1 + len(content.rstrip())
    indent = content[: len(content) - len(content.lstrip())] or " "
    return Replacement(end, end, "".join(f",{indent}{entry}" for entry in entries))


def _removals(spans: list[Span]) -> Iterator[Replacement]:
    """Remove each entry with the comma before it, or after it if it is the first."""
    ends_of_first: set[int] = set()
    for span in spans:
        if span.before is None or span.before in ends_of_first:
            ends_of_first.add(span.end)
            yield Replacement(span.start, span.end if span.after is None else span.after, "")
        else:
            yield Replacement(span.before, span.end, "")


def _to_json(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(value)


def apply_to_object(payload: Json, edits: Iterable[Edit]) -> Json:
    """An object with edits applied; the objects and lists that they change are copied."""
    return _apply(payload, [(edit.path, edit) for edit in edits])


def _apply(node: Json, edits: list[tuple[Path, Edit]]) -> Json:
    """A value with edits applied; each edit comes with its path from here."""
    if not edits:
        return node
    here = {edit.change: edit for path, edit in edits if not path}
    if EditKind.WRITE in here:
        return here[EditKind.WRITE].to
    below: dict[str | int, list[tuple[Path, Edit]]] = {}
    for path, edit in edits:
        if path:
            below.setdefault(path[0], []).append((path[1:], edit))
    if isinstance(node, dict):
        node = dict(_apply_to_entries(_move_entries(node, edits).items(), below))
    elif isinstance(node, list):
        node = [value for _, value in _apply_to_entries(enumerate(node), below)]
    if EditKind.UNWRAP in here:
        return node[0]
    return [node] if EditKind.WRAP in here else node


def _move_entries(node: dict[str, Json], edits: Iterable[tuple[Path, Edit]]) -> dict[str, Json]:
    """An object with some of its entries moved into others of them, or into new ones."""
    targets = {
        path[0]: str(edit.to)
        for path, edit in edits
        if edit.change is EditKind.MOVE and len(path) == 1
    }
    moved = defaultdict[str, dict[str, Json]](dict)
    for key, value in node.items():
        if key in targets:
            moved[targets[key]][key] = value
    result: dict[str, Json] = {}
    for key, value in node.items():
        if key in moved:
            result[key] = {**cast("dict[str, Json]", value), **moved[key]}
        elif key not in targets:
            result[key] = value
        elif targets[key] not in node:
            result[targets[key]] = moved[targets[key]]
    return result


def _apply_to_entries(
    entries: Iterable[tuple[Json, Json]], below: dict[str | int, list[tuple[Path, Edit]]]
) -> Iterator[tuple[Json, Json]]:
    for step, value in entries:
        edits = below.get(step)
        if edits is None:
            yield step, value
            continue
        here = {edit.change: edit for path, edit in edits if not path}
        if EditKind.REMOVE not in here:
            key = here[EditKind.RENAME].to if EditKind.RENAME in here else step
            yield key, _apply(value, edits)
