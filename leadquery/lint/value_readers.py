"""Readers of single values: text, numbers, timestamps and members of fixed lists.

A reader gets a type of `leadquery.wire.types`, the JSON value and its place. It returns the value
for the model, and records a diagnostic for anything that differs from the API page. It returns
`INVALID` if no value can be made out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from leadquery._util.text import closest_match, describe_json
from leadquery.lint.diagnostics import INVALID, Cursor, Fix, Invalid, Path, Reader
from leadquery.lint.rules import Rule, combinations, structure, values
from leadquery.wire.enums import (
    ALIASES,
    FALSE,
    SEPARATOR,
    TIMESTAMP,
    TRUE,
    UNSUPPORTED_OPERATORS,
    AggregateFunction,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    WireEnum,
)
from leadquery.wire.types import (
    BLANKS,
    LAST,
    MAX_INT,
    TIMESTAMP_PATTERN,
    CommaList,
    Content,
    EmptyString,
    EnumType,
    Json,
    JsonText,
    NonEmptyString,
    OpenEnumType,
    PositiveInt,
    Timestamp,
    format_timestamp,
    parse_timestamp,
)

T = TypeVar("T", bound=WireEnum)

UNKNOWN_RULES: Final[dict[type[WireEnum], Rule]] = {
    Operator: values.UNKNOWN_OPERATOR,
    LogicalOperator: values.UNKNOWN_LOGICAL_OPERATOR,
    DateField: values.UNKNOWN_DATE_FIELD,
    AggregateFunction: values.UNKNOWN_FUNCTION,
    OutputType: values.UNKNOWN_OUTPUT_TYPE,
}
"""The rule that a value breaks which is in none of the fixed lists."""


def wrong_type(
    raw: Json, expected: str, cursor: Cursor, hint: str | None = None, fix: Fix | None = None
) -> Invalid:
    """Record null, or any other value of the wrong type."""
    return cursor.add(structure.wrong_type(cursor.path, raw, expected, hint, fix))


# Text


def read_non_empty_string(wire_type: NonEmptyString, raw: Json, cursor: Cursor) -> str | Invalid:
    if raw is None:
        return wrong_type(raw, "text", cursor, _EMPTY_HINTS[wire_type.content])
    if not isinstance(raw, str):
        return _read_as_text(raw, cursor, wire_type.content)
    if raw:
        return raw
    hint = _EMPTY_HINTS[wire_type.content]
    if wire_type.content is Content.NAME:
        return cursor.add(structure.empty_text(cursor.path, hint))
    return cursor.add(combinations.empty_value(cursor.path, hint))


_EMPTY_HINTS: Final = {
    Content.NAME: "write a name",
    Content.VALUE: (f"write a value, or find empty fields with {Operator.HAS_NO_DATA.token!r}"),
    Content.VALUES: "write a value",
}


def _read_as_text(raw: Json, cursor: Cursor, content: Content | None = None) -> str | Invalid:
    """Record what is not text; a number, or the only text of a list, is read as text."""
    if isinstance(raw, list):
        hint = _EMPTY_HINTS[content] if content else None
        return _read_list_as_text(raw, cursor, content, hint)
    if isinstance(raw, bool) and content is not Content.NAME:
        text = TRUE if raw else FALSE
        fix = Fix.write(cursor.path, text, safe=False)
        return wrong_type(raw, "text", cursor, f"write {text!r}; values are sent as text", fix)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        text = describe_json(raw)
        if not text[-1:].isdigit():
            return wrong_type(raw, "text", cursor, "write numbers as text")
        fix = Fix.write(cursor.path, text, safe=True)
        wrong_type(raw, "text", cursor, f"write {text!r}; numbers are sent as text", fix)
        return text
    return wrong_type(raw, "text", cursor)


def _read_list_as_text(
    raw: list[Json], cursor: Cursor, content: Content | None, hint: str | None
) -> str | Invalid:
    texts = [str(item) for item in raw if isinstance(item, str) and item]
    if not texts or len(texts) < len(raw):
        return wrong_type(raw, "text", cursor, hint)
    if len(texts) == 1:
        fix = Fix.write(cursor.path, texts[0], safe=True)
        wrong_type(raw, "text", cursor, f"write {describe_json(texts[0])}", fix)
        return texts[0]
    if content is Content.VALUES:
        text = SEPARATOR.join(texts)
        hint = f"write {describe_json(text)}, where commas separate alternatives"
        return wrong_type(raw, "text", cursor, hint, Fix.write(cursor.path, text, safe=False))
    if content is Content.NAME:
        hint = f"write one name, such as {describe_json(texts[0])}"
    else:
        operator = Operator.ONE_OF.token
        hint = f"write one text; for one of several values, use the operator {operator!r}"
    return wrong_type(raw, "text", cursor, hint)


def read_empty_string(_type: EmptyString, raw: Json, cursor: Cursor) -> Invalid | None:
    if raw is None:
        return cursor.add(structure.unexpected_null(cursor.path, "remove it"))
    if not isinstance(raw, str) or raw:
        return cursor.supersede(combinations.unexpected_value(cursor.path, raw))
    return None


def read_comma_list(_type: CommaList, raw: Json, cursor: Cursor) -> tuple[str, ...] | Invalid:
    if not isinstance(raw, str):
        return _read_list_as_comma_list(raw, cursor)
    parts = [part.strip(BLANKS) for part in raw.split(SEPARATOR)]
    names = _distinct(parts)
    if not names:
        return cursor.add(structure.no_columns(cursor.path))
    corrected = SEPARATOR.join(names)
    if raw != SEPARATOR.join(parts) or "" in parts:
        empty = "" in parts
        cursor.add(values.column_list_format(cursor.path, corrected, empty=empty))
    seen: set[str] = set()
    for name in filter(None, parts):
        if name in seen:
            cursor.add(combinations.duplicate_column(cursor.path, name, corrected))
        seen.add(name)
    return names


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, names)))


def _read_list_as_comma_list(raw: Json, cursor: Cursor) -> tuple[str, ...] | Invalid:
    """Record what is not text; a list of names is read as one."""
    expected = "text with names separated by commas"
    if not isinstance(raw, list) or not all(isinstance(item, str) for item in raw):
        return wrong_type(raw, expected, cursor)
    names = _distinct(part.strip(BLANKS) for item in raw for part in item.split(SEPARATOR))
    if not names:
        return wrong_type(raw, expected, cursor)
    text = SEPARATOR.join(names)
    hint = f"write {text!r}" if len(text) <= 60 else None
    wrong_type(raw, expected, cursor, hint, Fix.write(cursor.path, text, safe=True))
    return names


# Numbers and timestamps


def read_positive_int(_type: PositiveInt, raw: Json, cursor: Cursor) -> int | Invalid:
    if isinstance(raw, str) and re.fullmatch("[1-9][0-9]{0,8}", raw):
        fix = Fix.write(cursor.path, int(raw), safe=True)
        wrong_type(raw, "a whole number", cursor, f"write {raw}, without quotes", fix)
        return int(raw)
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or raw != raw // 1:
        return wrong_type(raw, "a whole number", cursor)
    if not 1 <= raw <= MAX_INT:
        return cursor.add(values.page_out_of_range(cursor.path, raw, MAX_INT))
    return int(raw)


def read_timestamp(wire_type: Timestamp, raw: Json, cursor: Cursor) -> datetime | Invalid:
    if not isinstance(raw, str):
        expected = f"a date as text, {TIMESTAMP!r}"
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            return wrong_type(
                raw, expected, cursor, *_suggest_timestamp(wire_type, raw, cursor.path)
            )
        return wrong_type(raw, expected, cursor)
    try:
        return parse_timestamp(raw)
    except ValueError:
        pass
    if re.fullmatch(TIMESTAMP_PATTERN, raw):
        return _impossible_date(raw, cursor)
    hint, fix = _suggest_timestamp(wire_type, raw, cursor.path)
    cursor.add(values.timestamp_format(cursor.path, raw, TIMESTAMP, hint, fix))
    return parse_timestamp(fix.edits[0].to) if fix and fix.safe else INVALID


def _suggest_timestamp(
    wire_type: Timestamp, raw: str | float, path: Path
) -> tuple[str, Fix | None]:
    """What to write for a date in another format, and a fix if there is only one choice."""
    from leadquery._util.date_guess import guess_datetimes

    guess = guess_datetimes(raw)
    # A date without a time: its whole day is probably meant, but not surely.
    last_second = guess.whole_day and wire_type.end_of_day
    texts = [
        format_timestamp(datetime.combine(moment, LAST) if last_second else moment)
        for moment in guess.moments
    ]
    if not texts:
        return "write a date and time such as '2026-01-31 00:00:00', in UTC", None
    if len(texts) > 1:
        return f"write {' or '.join(map(repr, texts))}, whichever is meant", None
    return f"write {texts[0]!r}", Fix.write(path, texts[0], safe=guess.sure)


def _impossible_date(raw: str, cursor: Cursor) -> Invalid:
    day, _, clock = raw.partition(" ")
    if clock == "24:00:00":
        try:
            text = format_timestamp(parse_timestamp(f"{day} 00:00:00") + timedelta(days=1))
        except (ValueError, OverflowError):
            return cursor.add(values.impossible_date(cursor.path, raw))
        hint = f"write {text!r}, the midnight after it"
        fix = Fix.write(cursor.path, text, safe=False)
        return cursor.add(values.impossible_date(cursor.path, raw, hint, fix))
    return cursor.add(values.impossible_date(cursor.path, raw))


# Fixed lists


def read_enum(wire_type: EnumType[T], raw: Json, cursor: Cursor) -> T | Invalid | None:
    if raw is None and wire_type.nullable:
        return None
    members = wire_type.allowed()
    if not isinstance(raw, str):
        return wrong_type(raw, _alternatives(members), cursor)
    if wire_type.unused:
        cursor.add(combinations.unused_logical_operator(cursor.path, raw))
        return None
    if raw in wire_type.values:
        return wire_type.values[raw]
    return _read_other_case(raw, members, cursor) or _read_alias(wire_type, raw, members, cursor)


def _read_alias(
    wire_type: EnumType[T], raw: str, members: tuple[T, ...], cursor: Cursor
) -> T | Invalid:
    rule, path = UNKNOWN_RULES[wire_type.enum], cursor.path
    alias_of = _find_alias(raw, members)
    # Where there is one member only, there is nothing else to write.
    member = alias_of or _find_similar(raw, members) or (members[0] if wire_type.only else None)
    if member is None:
        folded = _fold(raw) if wire_type.enum is Operator else ""
        hint = UNSUPPORTED_OPERATORS.get(folded, f"write {_alternatives(members)}")
        return cursor.add(values.unknown_value(rule, path, raw, hint))
    fix = Fix.write(path, member.token, safe=alias_of is not None)
    cursor.add(values.unknown_value(rule, path, raw, f"write {member.token!r}", fix))
    return member


def read_open_enum(wire_type: OpenEnumType[T], raw: Json, cursor: Cursor) -> str | Invalid:
    if isinstance(raw, list) and len(raw) == 1 and raw[0] in [one.token for one in wire_type.enum]:
        return _read_as_text(raw, cursor)
    if not isinstance(raw, str):
        return wrong_type(raw, _alternatives(wire_type.enum), cursor)
    if not raw:
        return cursor.add(
            structure.empty_text(cursor.path, f"write {_alternatives(wire_type.enum)}")
        )
    if any(raw == member.token for member in wire_type.enum):
        return raw
    member = _read_other_case(raw, wire_type.enum, cursor)
    if member is not None:
        return member.token
    similar = _find_alias(raw, wire_type.enum) or _find_similar(raw, wire_type.enum)
    hint, fix = f"write {_alternatives(wire_type.enum)}, the only known ones", None
    if similar is not None:
        hint = f"write {similar.token!r}"
        fix = Fix.write(cursor.path, similar.token, safe=False)
    rule = values.UNKNOWN_USER_OPERATOR
    cursor.add(values.unknown_value(rule, cursor.path, raw, hint, fix))
    return raw


def _alternatives(members: Iterable[WireEnum]) -> str:
    *most, last = [repr(member.token) for member in members]
    return f"{', '.join(most)} or {last}" if most else last


def _fold(raw: str) -> str:
    return raw.strip(BLANKS).casefold()


def _read_other_case(raw: str, members: Iterable[T], cursor: Cursor) -> T | None:
    """The member that a text differs from only in letter case and spaces, with a diagnostic."""
    folded = _fold(raw)
    for member in members:
        if folded == member.token.casefold():
            cursor.add(values.value_case(cursor.path, raw, member.token))
            return member
    return None


def _find_alias(raw: str, members: Iterable[T]) -> T | None:
    folded = _fold(raw)
    for member in members:
        if folded in map(str.casefold, ALIASES.get(member, ())):
            return member
    return None


def _find_similar(raw: str, members: Iterable[T]) -> T | None:
    """The member with a similar token; those of two letters are similar to too much."""
    names = {row.token.casefold(): row for row in members if len(row.token) > 2}
    return closest_match(_fold(raw), names)


def read_json_text(wire_type: JsonText, raw: Json, cursor: Cursor) -> str | Invalid:
    try:
        return wire_type.decode(raw)
    except (ValueError, TypeError):
        return wrong_type(raw, "a list or an object", cursor)


VALUE_READERS: Final[dict[type, Reader]] = {
    NonEmptyString: read_non_empty_string,
    EmptyString: read_empty_string,
    CommaList: read_comma_list,
    PositiveInt: read_positive_int,
    Timestamp: read_timestamp,
    EnumType: read_enum,
    OpenEnumType: read_open_enum,
    JsonText: read_json_text,
}
