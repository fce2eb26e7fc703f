"""From JSON to the model of `leadquery.wire`, with a diagnostic for every mistake.

A payload that the decoder refuses is read once more by the readers: they record each mistake and
read on behind it, as if it were corrected where that is certain.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final, NamedTuple, NoReturn

from leadquery.lint.decoder import FAILURES, has_duplicates, item_decoder
from leadquery.lint.diagnostics import (
    INVALID,
    READERS,
    Cursor,
    Edit,
    EditKind,
    Fix,
    Invalid,
    ParsedList,
    RawDiagnostic,
    ReadContext,
    Reader,
)
from leadquery.lint.object_reader import OBJECT_READERS, ParsedMembers, read_members, split_values
from leadquery.lint.rules import Severity, all_checks, combinations, structure
from leadquery.lint.rules.syntax import TOO_DEEP
from leadquery.lint.value_readers import VALUE_READERS, wrong_type
from leadquery.wire.enums import LogicalOperator
from leadquery.wire.examples import advice
from leadquery.wire.model import Request
from leadquery.wire.schema import Array, JoinedArray, Object, Type, Union, key_name, keys_of
from leadquery.wire.types import DecodeError, Json


class ReadResult(NamedTuple):
    """A request, or None if there are errors, and what was collected while reading it."""

    request: Request | None
    context: ReadContext


def read_request(raw: Json, *, every_object: bool = False) -> ReadResult:
    """The request of a JSON value, with every mistake in it."""
    context = ReadContext(every_object=every_object)
    try:
        request = Cursor((), context).read(Object(Request), raw)
    except RecursionError:
        message = "the payload is nested too deeply"
        context = ReadContext()
        context.diagnostics.append(RawDiagnostic(TOO_DEEP, (), message, None))
        return ReadResult(None, context)
    failed = any(found.rule.severity is Severity.ERROR for found in context.diagnostics)
    return ReadResult(None if failed or request is INVALID else request, context)


def read_array(wire_type: Array, raw: Json, cursor: Cursor) -> Any:
    items = read_items(raw, wire_type.of, cursor)
    if isinstance(items, Invalid):
        return items
    if items is not raw:
        values = [cursor.read(wire_type.of, item) for item in items]
    else:
        values = _read_each(wire_type, items, cursor)
    valid = [value for value in values if value is not INVALID]
    if has_duplicates(valid):
        report_duplicates(values, cursor)
    return tuple(values) if len(valid) == len(values) else INVALID


def _read_each(wire_type: Array, items: list[Json], cursor: Cursor) -> list[Any]:
    """The values of a list's items; a reader is needed only for those that a decoder refuses."""
    context, values, uncertain = cursor.context, [], set()
    counts: list[int] = []
    decode = item_decoder(wire_type)
    if context.every_object and isinstance(wire_type.of, (Object, Union)):
        decode = _refuse
    for start in range(0, len(items), _CHUNK):
        chunk = items[start : start + _CHUNK]
        try:
            values += [decode(item, counts, True) for item in chunk]
        except FAILURES:
            pass
        else:
            continue
        for index, item in enumerate(chunk, start):
            try:
                value = decode(item, counts, True)
            except FAILURES:
                found_before = len(context.diagnostics)
                value = cursor.at(index).read(wire_type.of, item)
                if value is INVALID or not context.is_certain(found_before):
                    uncertain.add(index)
            values.append(value)
    if wire_type in all_checks():
        certain = [None if index in uncertain else value for index, value in enumerate(values)]
        context.lists.append(ParsedList(wire_type, certain, cursor.path))
    return values


_CHUNK: Final = 256
"""How many items are decoded together, and one by one if one of them is refused."""


def _refuse(raw: Json, *_: object) -> NoReturn:
    raise DecodeError(raw)


def report_duplicates(values: Iterable[Any], cursor: Cursor) -> None:
    """Report each item that equals an earlier one."""
    first: dict[Any, int] = {}
    for index, value in enumerate(values):
        if value is not INVALID and first.setdefault(value, index) != index:
            cursor.add(combinations.duplicate(cursor.at(index).path, first[value]))


def read_items(raw: Json, of: Type, cursor: Cursor) -> list[Json] | Invalid:
    """The items of a list; a single object is read as a list of one."""
    holds_objects = isinstance(of, (Object, Union))
    if isinstance(raw, list):
        return raw or cursor.add(structure.empty_list(cursor.path))
    if isinstance(raw, dict) and holds_objects:
        hint = "write it in a list: [ … ]"
        wrong_type(raw, "a list", cursor, hint, cursor.fix(EditKind.WRAP, safe=True))
        return [raw]
    if isinstance(raw, str) and not holds_objects:
        return _report_text(raw, cursor)
    return wrong_type(raw, "a list", cursor)


def _report_text(raw: str, cursor: Cursor) -> Invalid:
    values = split_values(raw)
    if not values:
        return wrong_type(raw, "a list", cursor)
    texts = [json.dumps(value, ensure_ascii=not value.isprintable()) for value in values[:5]]
    example = ", ".join(texts)
    hint = f"write [{example}]" if len(example) <= 200 else None
    # A comma may be a part of the value.
    fix = cursor.fix(EditKind.WRITE, values, safe=values == [raw])
    return wrong_type(raw, "a list", cursor, hint, fix)


# Joined lists


def read_joined_array(wire_type: JoinedArray, raw: Json, cursor: Cursor) -> Any:
    """A list of objects, each joined to the next by the operator it names."""
    items = read_items(raw, wire_type.of, cursor)
    if isinstance(items, Invalid):
        return items
    cls = wire_type.of.of
    cursors = [cursor] if items is not raw else [cursor.at(index) for index in range(len(items))]
    most = [read_members(cls, item, at) for item, at in zip(items[:-1], cursors[:-1], strict=True)]
    last = read_members(cls, items[-1], cursors[-1], skip=_JOINER)
    trailing = None if last is None else _trailing_operator(last)
    joined = _check_joiners([item for item in most if item is not None], trailing)
    values = tuple(INVALID if item is None else item.build() for item in (*most, last))
    return values if joined and INVALID not in values else INVALID


_JOINER: Final = "joiner"

_EITHER: Final = " or ".join(repr(operator.token) for operator in LogicalOperator)


class _TrailingOperator(NamedTuple):
    """What the last item names as its operator, which has no next item to join."""

    cursor: Cursor
    raw: str
    operator: LogicalOperator | None
    noun: str


def _trailing_operator(last: ParsedMembers) -> _TrailingOperator | None:
    key = keys_of(last.cls)[_JOINER]
    written = last.keys.get(key.name)
    if written is None or last.raw[written] is None:
        return None
    cursor, raw = last.cursor.at(written), last.raw[written]
    if not isinstance(raw, str):
        cursor.read(key.type, raw)
        return None
    folded = raw.strip().casefold()
    operators = (row for row in LogicalOperator if row.token.casefold() == folded)
    return _TrailingOperator(cursor, raw, next(operators, None), _noun(last))


def _check_joiners(items: list[ParsedMembers], trailing: _TrailingOperator | None) -> bool:
    """Whether each item but the last is joined to the next, and all by the same operator."""
    joiners = [item.values[_JOINER] for item in items]
    first = next((joiner for joiner in joiners if joiner not in (None, INVALID)), None)
    joined = [_is_joined(item, first, trailing) for item in items]
    # If an operator is missing earlier, the report there says to move this one.
    if trailing is not None and (first is not None or None not in joiners):
        path, noun = trailing.cursor.path, trailing.noun
        trailing.cursor.add(combinations.trailing_logical_operator(path, trailing.raw, noun))
    return all(joined)


def _noun(item: ParsedMembers) -> str:
    """What messages call an item: a condition or a group."""
    label: str = item.cls.label
    return label.rpartition(" ")[2]


def _is_joined(
    item: ParsedMembers, first: LogicalOperator | None, trailing: _TrailingOperator | None
) -> bool:
    joiner = item.values[_JOINER]
    if joiner is INVALID or joiner is first is not None:
        return True
    if joiner is None or first is None:
        _report_missing_joiner(item, first, trailing)
        return False
    cursor = item.cursor.at(item.keys[key_name(item.cls, _JOINER)])
    cursor.add(combinations.mixed_logical_operators(cursor.path, joiner.token, first.token))
    return False


def _report_missing_joiner(
    item: ParsedMembers, first: LogicalOperator | None, trailing: _TrailingOperator | None
) -> None:
    """Report a missing operator: that of the other items, or one written on the last item."""
    name = key_name(item.cls, _JOINER)
    path = item.cursor.at(item.keys.get(name, name)).path
    moved = trailing.operator if first is None and trailing is not None else None
    operator = first or moved
    if name in item.keys:
        hint = f"write {operator.token!r}" if operator else f"write {_EITHER}"
    else:
        hint = advice(
            name, [f'"{each.token}"' for each in ([operator] if operator else LogicalOperator)]
        )
    fix = None
    if moved:
        hint = f"{hint} here instead of on the last {_noun(item)}"
    if operator and name in item.keys:
        edits = [Edit(path, EditKind.WRITE, operator.token)]
        if moved and trailing is not None:
            edits.append(Edit(trailing.cursor.path, EditKind.REMOVE))
        fix = Fix(tuple(edits), safe=False)
    cursor = item.cursor
    cursor.add(combinations.missing_logical_operator(path, _noun(item), hint, fix))


LIST_READERS: Final[dict[type, Reader]] = {Array: read_array, JoinedArray: read_joined_array}

READERS.update(VALUE_READERS | OBJECT_READERS | LIST_READERS)
