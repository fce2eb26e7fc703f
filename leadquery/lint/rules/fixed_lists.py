"""LQ301 to LQ306, LQ311: values of fixed lists, such as operators and output types.

A reader gets a type of `leadquery.wire.types`, the JSON value and its place. It returns the value
for the model, and records a diagnostic for anything that differs from the API page. It returns
`INVALID` if no value can be made out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, TypeVar

from leadquery._util.text import closest_match, describe_json, plain_letters, with_lookalike
from leadquery.lint.diagnostics import Cursor, Fix, Invalid, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import LIST, date_range, lead_filters, role, user_conditions
from leadquery.lint.rules.joiners import unused_logical_operator
from leadquery.lint.rules.structure import empty_text, wrong_type
from leadquery.wire.enums import (
    ALIASES,
    UNSUPPORTED_OPERATORS,
    AggregateFunction,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    WireEnum,
)
from leadquery.wire.types import BLANKS, EnumType, Json, OpenEnumType

T = TypeVar("T", bound=WireEnum)

UNKNOWN_OUTPUT_TYPE: Final = Rule(
    code="LQ301",
    name="unknown-output-type",
    severity=Severity.ERROR,
    title="an unknown output type",
    rationale="A report is a list of leads or an aggregate.",
    spec_section="Output",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "table", "IncludeCSV": "Phone"}}',
    good=LIST,
)

UNKNOWN_DATE_FIELD: Final = Rule(
    code="LQ302",
    name="unknown-date-field",
    severity=Severity.ERROR,
    title="an unknown date field",
    rationale=(
        "A report is limited by the creation or the modification date, which have names of "
        "their own here."
    ),
    spec_section="Date Filter",
    certainty=Certainty.STATED,
    bad=date_range("2026-01-01 00:00:00", "2026-01-31 23:59:59", "CreatedOn"),
    good=date_range("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
)

UNKNOWN_FUNCTION: Final = Rule(
    code="LQ303",
    name="unknown-function",
    severity=Severity.ERROR,
    title="an unknown aggregate function",
    rationale="An aggregate counts, averages or sums each group.",
    spec_section="Output",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
    ' "AggregateFunction": "Avg", "AggregateField": "Score"}}',
    good='{"Output": {"Type": "aggregate", "GroupBy": "ProspectStage",\n'
    ' "AggregateFunction": "Average", "AggregateField": "Score"}}',
)

UNKNOWN_OPERATOR: Final = Rule(
    code="LQ304",
    name="unknown-operator",
    severity=Severity.ERROR,
    title="an unknown operator",
    rationale="This API has its own operators; sibling APIs spell them differently.",
    spec_section="Lead Filters",
    certainty=Certainty.STATED,
    bad=lead_filters('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "LIKE"}'),
    good=lead_filters('{"LookUpName": "Phone", "LookUpValue": "9", "SqlOperator": "lik"}'),
)

UNKNOWN_LOGICAL_OPERATOR: Final = Rule(
    code="LQ305",
    name="unknown-logical-operator",
    severity=Severity.ERROR,
    title="an unknown logical operator",
    rationale="Conditions and groups are joined by AND or OR.",
    spec_section="User Filter",
    certainty=Certainty.STATED,
    bad=user_conditions(role("Administrator", "XOR"), role("Sales_User")),
    good=user_conditions(role("Administrator", "OR"), role("Sales_User")),
)

VALUE_CASE: Final = Rule(
    code="LQ306",
    name="value-case",
    severity=Severity.WARNING,
    title="a value of a fixed list in a different letter case",
    rationale=(
        "It is not known whether the API ignores letter case; the spelling of its page is safe. "
        "Where the page has two, such as `list` and `List`, both are."
    ),
    spec_section="Request Parameters",
    certainty=Certainty.INFERRED,
    bad='{"Output": {"Type": "LIST", "IncludeCSV": "Phone"}}',
    good=LIST,
)

UNKNOWN_USER_OPERATOR: Final = Rule(
    code="LQ311",
    name="unknown-user-operator",
    severity=Severity.WARNING,
    title="an unknown user operator",
    rationale="Only two operators are known for users; the vendor's full list is not public.",
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad=user_conditions(
        '{"LookupName": "Role", "Operator": "neq", "LookupValue": "Administrator"}'
    ),
    good=user_conditions(role("Sales_User")),
)

UNKNOWN_RULES: Final[dict[type[WireEnum], Rule]] = {
    Operator: UNKNOWN_OPERATOR,
    LogicalOperator: UNKNOWN_LOGICAL_OPERATOR,
    DateField: UNKNOWN_DATE_FIELD,
    AggregateFunction: UNKNOWN_FUNCTION,
    OutputType: UNKNOWN_OUTPUT_TYPE,
}
"""The rule that a value breaks which is not in a list."""


def read_enum(wire_type: EnumType[T], raw: Json, cursor: Cursor) -> T | Invalid | None:
    members = wire_type.allowed()
    if not isinstance(raw, str):
        return wrong_type(raw, _alternatives(members), cursor)
    if wire_type.unused:
        cursor.add(unused_logical_operator(cursor.path, raw))
        return None
    if raw in wire_type.values:
        return wire_type.values[raw]
    return _read_other_case(raw, members, cursor) or _read_alias(wire_type, raw, members, cursor)


def _read_alias(
    wire_type: EnumType[T], raw: str, members: tuple[T, ...], cursor: Cursor
) -> T | Invalid:
    rule, alias_of = UNKNOWN_RULES[wire_type.enum], _find_alias(raw, members)
    # Where there is one member only, there is nothing else to write.
    member = alias_of or _find_similar(raw, members) or (members[0] if wire_type.only else None)
    if member is None:
        folded = _fold(plain_letters(raw)) if wire_type.enum is Operator else ""
        hint = UNSUPPORTED_OPERATORS.get(folded, f"write {_alternatives(members)}")
        return _report_unknown(rule, raw, cursor, hint)
    fix = Fix.write(cursor.path, member.token, safe=alias_of is not None)
    _report_unknown(rule, raw, cursor, f"write {member.token!r}", fix)
    return member


def read_open_enum(wire_type: OpenEnumType[T], raw: Json, cursor: Cursor) -> str | Invalid:
    members = wire_type.enum
    if isinstance(raw, list) and raw in [[token] for token in wire_type.values]:
        [token] = raw
        wrong_type(
            raw, "text", cursor, f"write {token!r}", Fix.write(cursor.path, token, safe=True)
        )
        return str(token)
    if not isinstance(raw, str):
        return wrong_type(raw, _alternatives(members), cursor)
    if not raw:
        return cursor.add(empty_text(cursor.path, f"write {_alternatives(members)}"))
    if raw in wire_type.values:
        return raw
    member = _read_other_case(raw, members, cursor)
    if member is not None:
        return member.token
    similar = _find_alias(raw, members) or _find_similar(raw, members)
    hint = f"write {_alternatives(members)}, the only known ones"
    fix: Fix | None = None
    if similar is not None:
        hint = f"write {similar.token!r}"
        fix = Fix.write(cursor.path, similar.token, safe=False)
    _report_unknown(UNKNOWN_USER_OPERATOR, raw, cursor, hint, fix)
    return raw


def _report_unknown(
    rule: Rule, raw: str, cursor: Cursor, hint: str, fix: Fix | None = None
) -> Invalid:
    message = with_lookalike(f"{rule.title.removeprefix('an ')} {describe_json(raw)}", raw)
    return cursor.add(RawDiagnostic(rule, cursor.path, message, hint, fix))


def _alternatives(members: Iterable[WireEnum]) -> str:
    *most, last = [repr(member.token) for member in members]
    return f"{', '.join(most)} or {last}" if most else last


def _fold(raw: str) -> str:
    return raw.strip(BLANKS).casefold()


def _read_other_case(raw: str, members: Iterable[T], cursor: Cursor) -> T | None:
    """The member that a text differs from only in letter case and spaces, with a diagnostic."""
    folded = _fold(raw)
    for member in members:
        expected = member.token
        if folded == expected.casefold():
            what = "letter case" if len(raw) == len(expected) else "letter case or spaces"
            message = f"{describe_json(raw)} differs from {expected!r} only in {what}"
            fix = Fix.write(cursor.path, expected, safe=True)
            hint = f"write {expected!r}"
            cursor.add(RawDiagnostic(VALUE_CASE, cursor.path, message, hint, fix))
            return member
    return None


def _find_alias(raw: str, members: Iterable[T]) -> T | None:
    folded = _fold(raw)
    plain = _unescape(_fold(plain_letters(raw)))
    written = {_letters(plain), _letters(plain).removeprefix("is")} - {""}
    for member in members:
        spellings = [one.casefold() for one in (member.token, *ALIASES.get(member, ()))]
        if folded in spellings or plain in spellings:
            return member
        if not written.isdisjoint(map(_letters, spellings)):
            return member
    return None


def _letters(text: str) -> str:
    """The letters of words, however they are joined: `GreaterThan` as `greater_than`."""
    return re.sub(r"[\s_'’-]", "", text) if re.fullmatch(r"[a-z\s_'’-]+", text) else ""


def _unescape(text: str) -> str:
    r"""Text that was escaped for HTML, for URLs, or twice for JSON: `&gt;`, `%3E`, `\u003e`."""
    from html import unescape
    from urllib.parse import unquote

    text = unquote(unescape(text))
    return re.sub(r"\\u([0-9a-f]{4})", lambda escape: chr(int(escape[1], 16)), text)


def _find_similar(raw: str, members: Iterable[T]) -> T | None:
    """The member with a similar token; those of two letters are similar to too much."""
    names = {row.token.casefold(): row for row in members if len(row.token) > 2}
    return closest_match(_fold(raw), names)
