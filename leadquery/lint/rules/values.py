"""LQ307 to LQ310: texts, numbers and timestamps, by readers such as those of fixed lists."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import INVALID, Cursor, Fix, Invalid, Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.combinations import duplicate_column, empty_value, unexpected_value
from leadquery.lint.rules.examples import date_range
from leadquery.lint.rules.structure import empty_text, no_columns, unexpected_null, wrong_type
from leadquery.wire.enums import FALSE, SEPARATOR, TIMESTAMP, TRUE, Operator
from leadquery.wire.types import (
    BLANKS,
    LAST,
    MAX_INT,
    TIMESTAMP_PATTERN,
    CommaList,
    Content,
    EmptyString,
    Json,
    JsonText,
    NonEmptyString,
    PositiveInt,
    Timestamp,
    format_timestamp,
    parse_timestamp,
)

TIMESTAMP_FORMAT: Final = Rule(
    code="LQ307",
    name="timestamp-format",
    severity=Severity.ERROR,
    title="a date that is not in the API's format",
    rationale="Dates are text in one fixed format: day and time, 24-hour clock, UTC.",
    spec_section="Date Filter",
    certainty=Certainty.STATED,
    bad=date_range("2026-01-01", "2026-01-31 23:59:59"),
    good=date_range("2026-01-01 00:00:00", "2026-01-31 23:59:59"),
)

IMPOSSIBLE_DATE: Final = Rule(
    code="LQ308",
    name="impossible-date",
    severity=Severity.ERROR,
    title="a date or time that does not exist",
    rationale="The text has the right format, but there is no such day or time.",
    spec_section="Date Filter",
    certainty=Certainty.INFERRED,
    bad=date_range("2026-01-01 00:00:00", "2026-02-30 23:59:59"),
    good=date_range("2026-01-01 00:00:00", "2026-02-28 23:59:59"),
)

PAGE_OUT_OF_RANGE: Final = Rule(
    code="LQ309",
    name="page-out-of-range",
    severity=Severity.ERROR,
    title="a page number or page size out of range",
    rationale="Pages count from 1, and a page has at least one row.",
    spec_section="Paging",
    certainty=Certainty.STATED,
    bad='{"Paging": {"PageIndex": 0, "PageSize": 100}}',
    good='{"Paging": {"PageIndex": 1, "PageSize": 100}}',
)

COLUMN_LIST_FORMAT: Final = Rule(
    code="LQ310",
    name="column-list-format",
    severity=Severity.WARNING,
    title="spaces or an empty name in a column list",
    rationale="Only commas separate names; a space may be read as part of a name.",
    spec_section="Output",
    certainty=Certainty.SEEN,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone, Score"}}',
    good='{"Output": {"Type": "list", "IncludeCSV": "Phone,Score"}}',
)

# Text


def read_non_empty_string(wire_type: NonEmptyString, raw: Json, cursor: Cursor) -> str | Invalid:
    content = wire_type.content
    if raw is None:
        return wrong_type(raw, "text", cursor, _EMPTY_HINTS[content])
    if isinstance(raw, list):
        return _read_list_as_text(raw, cursor, content)
    if not isinstance(raw, str):
        return _read_as_text(raw, cursor, content)
    if raw:
        return raw
    if content is Content.NAME:
        return cursor.add(empty_text(cursor.path, _EMPTY_HINTS[content]))
    return cursor.add(empty_value(cursor.path, _EMPTY_HINTS[content]))


_EMPTY_HINTS: Final = {
    Content.NAME: "write a name",
    Content.VALUE: (f"write a value, or find empty fields with {Operator.HAS_NO_DATA.token!r}"),
    Content.VALUES: "write a value",
}


def _read_as_text(raw: Json, cursor: Cursor, content: Content) -> str | Invalid:
    """Record what is not text; a number is read as text."""
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


def _read_list_as_text(raw: list[Json], cursor: Cursor, content: Content) -> str | Invalid:
    """Record a list; its only text is read."""
    texts = [str(item) for item in raw if isinstance(item, str) and item]
    if not texts or len(texts) < len(raw):
        return wrong_type(raw, "text", cursor, _EMPTY_HINTS[content])
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
        return cursor.add(unexpected_null(cursor.path, "remove it"))
    if not isinstance(raw, str) or raw:
        return cursor.supersede(unexpected_value(cursor.path, raw))
    return None


def read_comma_list(_type: CommaList, raw: Json, cursor: Cursor) -> tuple[str, ...] | Invalid:
    if not isinstance(raw, str):
        return _read_list_as_comma_list(raw, cursor)
    parts = [part.strip(BLANKS) for part in raw.split(SEPARATOR)]
    names = _distinct(parts)
    if not names:
        return cursor.add(no_columns(cursor.path))
    corrected = SEPARATOR.join(names)
    if raw != SEPARATOR.join(parts) or "" in parts:
        message = "empty name in the column list" if "" in parts else "spaces in the column list"
        fix = Fix.write(cursor.path, corrected, safe=True)
        hint = "separate the names by commas only"
        cursor.add(RawDiagnostic(COLUMN_LIST_FORMAT, cursor.path, message, hint, fix))
    seen: set[str] = set()
    for name in filter(None, parts):
        if name in seen:
            cursor.add(duplicate_column(cursor.path, name, corrected))
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
        message = f"{describe_json(raw)} is out of range"
        hint = f"write a number from 1 to {MAX_INT}"
        return cursor.add(RawDiagnostic(PAGE_OUT_OF_RANGE, cursor.path, message, hint))
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
        return _impossible_date(wire_type, raw, cursor)
    hint, fix = _suggest_timestamp(wire_type, raw, cursor.path)
    message = f"{describe_json(raw)} is not in the format {TIMESTAMP!r}"
    cursor.add(RawDiagnostic(TIMESTAMP_FORMAT, cursor.path, message, hint, fix))
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


def _impossible_date(wire_type: Timestamp, raw: str, cursor: Cursor) -> Invalid:
    hint, fix = "write a day and time that exist", None
    day, _, clock = raw.partition(" ")
    if clock == "24:00:00":
        try:
            start = parse_timestamp(f"{day} 00:00:00")
            # An end includes its second.
            last = format_timestamp(datetime.combine(start, LAST))
            midnight = format_timestamp(start + timedelta(days=1))
        except (ValueError, OverflowError):
            pass
        else:
            text = last if wire_type.end_of_day else midnight
            which = (
                "the last second of the day" if wire_type.end_of_day else "the midnight after it"
            )
            hint, fix = f"write {text!r}, {which}", Fix.write(cursor.path, text, safe=False)
    message = f"{raw!r} does not exist"
    return cursor.add(RawDiagnostic(IMPOSSIBLE_DATE, cursor.path, message, hint, fix))


def read_json_text(wire_type: JsonText, raw: Json, cursor: Cursor) -> str | Invalid:
    try:
        return wire_type.decode(raw)
    except (ValueError, TypeError):
        return wrong_type(raw, "a list or an object", cursor)
