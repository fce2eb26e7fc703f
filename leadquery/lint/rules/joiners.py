"""LQ405, LQ406, LQ409: the operators that join conditions and groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import (
    INVALID,
    Cursor,
    Edit,
    EditKind,
    Fix,
    ParsedObject,
    Path,
    RawDiagnostic,
)
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import role, user_conditions
from leadquery.wire.enums import LogicalOperator
from leadquery.wire.examples import advice
from leadquery.wire.schema import key_name, keys_of
from leadquery.wire.types import Json

MIXED_LOGICAL_OPERATORS: Final = Rule(
    code="LQ405",
    name="mixed-logical-operators",
    severity=Severity.ERROR,
    title="AND and OR at the same level",
    rationale=(
        "The conditions of a group, and the groups of a level, are all joined by the same operator."
    ),
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(
        role("Administrator", "AND"),
        role("Sales_User", "OR"),
        '{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}',
    ),
    good=user_conditions(
        role("Administrator", "OR"),
        role("Sales_User", "OR"),
        '{"LookupName": "StatusCode", "Operator": "eq", "LookupValue": "0"}',
    ),
)

MISSING_LOGICAL_OPERATOR: Final = Rule(
    code="LQ406",
    name="missing-logical-operator",
    severity=Severity.ERROR,
    title="a missing logical operator before the next condition or group",
    rationale="Without it, it is not known whether both or either must hold.",
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(role("Administrator"), role("Sales_User")),
    good=user_conditions(role("Administrator", "OR"), role("Sales_User")),
)

IGNORED_LOGICAL_OPERATOR: Final = Rule(
    code="LQ409",
    name="ignored-logical-operator",
    severity=Severity.WARNING,
    title="a logical operator without a next condition or group",
    rationale="A logical operator joins to the next condition or group, and there is none.",
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(role("Administrator", "AND")),
    good=user_conditions(role("Administrator")),
)


class _TrailingOperator(NamedTuple):
    """What the last item names as its operator, which has no next item to join."""

    path: Path
    raw: str
    operator: LogicalOperator | None


def check_joiners(
    most: Sequence[ParsedObject | None], last: ParsedObject | None, cursor: Cursor
) -> bool:
    """Whether each item but the last is joined to the next, and all by the same operator."""
    items = [item for item in most if item is not None]
    trailing = None if last is None else _trailing_operator(last, cursor)
    joiners = [item.values["joiner"] for item in items]
    first = next((joiner for joiner in joiners if joiner not in (None, INVALID)), None)
    joined = [_is_joined(item, first, trailing, cursor) for item in items]
    # If an operator is missing earlier, the report there says to move this one.
    if last is not None and trailing is not None and (first is not None or None not in joiners):
        message = f"{describe_json(trailing.raw)} is ignored: no next {_noun(last)} to join"
        cursor.add(_ignored_operator(trailing.path, message))
    return all(joined)


def _trailing_operator(last: ParsedObject, cursor: Cursor) -> _TrailingOperator | None:
    key = keys_of(last.of)["joiner"]
    written = last.keys.get(key.name)
    if written is None or last.raw[written] is None:
        return None
    path, raw = (*last.path, written), last.raw[written]
    if not isinstance(raw, str):
        Cursor(path, cursor.context).read(key.type, raw)
        return None
    folded = raw.strip().casefold()
    operators = (row for row in LogicalOperator if row.token.casefold() == folded)
    return _TrailingOperator(path, raw, next(operators, None))


def _noun(item: ParsedObject) -> str:
    """What messages call an item: a condition or a group."""
    label: str = item.of.label
    return label.rpartition(" ")[2]


def _is_joined(
    item: ParsedObject,
    first: LogicalOperator | None,
    trailing: _TrailingOperator | None,
    cursor: Cursor,
) -> bool:
    joiner = item.values["joiner"]
    if joiner is INVALID or joiner is first is not None:
        return True
    if joiner is None or first is None:
        cursor.add(_missing_operator(item, first, trailing))
        return False
    message = f"{joiner.token!r} is mixed with {first.token!r} at the same level"
    hint = f"write {first.token!r}, or move the entries that belong together into their own group"
    cursor.add(RawDiagnostic(MIXED_LOGICAL_OPERATORS, item.at("joiner"), message, hint))
    return False


def _missing_operator(
    item: ParsedObject, first: LogicalOperator | None, trailing: _TrailingOperator | None
) -> RawDiagnostic:
    """A missing operator: that of the other items, or one written on the last item."""
    name = key_name(item.of, "joiner")
    path = (*item.path, item.keys.get(name, name))
    moved = trailing if first is None and trailing is not None and trailing.operator else None
    operator = moved.operator if moved else first
    if name not in item.keys:
        tokens = [operator] if operator else LogicalOperator
        hint = advice(name, [f'"{each.token}"' for each in tokens])
    elif operator:
        hint = f"write {operator.token!r}"
    else:
        hint = f"write {' or '.join(repr(each.token) for each in LogicalOperator)}"
    if moved:
        hint = f"{hint} here instead of on the last {_noun(item)}"
    fix = None
    if operator and name in item.keys:
        edits = [Edit(path, EditKind.WRITE, operator.token)]
        if moved:
            edits.append(Edit(moved.path, EditKind.REMOVE))
        fix = Fix(tuple(edits), safe=False)
    message = f"missing logical operator before the next {_noun(item)}"
    return RawDiagnostic(MISSING_LOGICAL_OPERATOR, path, message, hint, fix)


def unused_logical_operator(path: Path, value: Json) -> RawDiagnostic:
    """A logical operator beside the outermost list of groups, where nothing reads it."""
    return _ignored_operator(path, f"{describe_json(value)} is ignored: nothing to join here")


def _ignored_operator(path: Path, message: str) -> RawDiagnostic:
    fix = Fix.remove(path, safe=True)
    return RawDiagnostic(IGNORED_LOGICAL_OPERATOR, path, message, "remove it", fix)
