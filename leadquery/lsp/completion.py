"""What can be written at an offset, and what a key, a value or a rule means."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from leadquery.expr.field import BaseField, operator_source, operators_of, supports, type_name
from leadquery.expr.field_types import Boolean, Choice, Number
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.editor_schema import FIELD_NAMES
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.rules import all_rules
from leadquery.lsp.cursor import Cursor, KeyOf, cursor_at
from leadquery.users import STANDARD as USER_ATTRIBUTES
from leadquery.wire.enums import (
    FALSE,
    SEPARATOR,
    TRUE,
    AggregateFunction,
    Arity,
    Operator,
    WireEnum,
)
from leadquery.wire.json_schema import DESCRIPTIONS
from leadquery.wire.model import (
    ComparisonFilter,
    ListOutput,
    UserCondition,
)
from leadquery.wire.schema import Array, JoinedArray, Object, Type, Union, keys_of
from leadquery.wire.types import BLANKS, EmptyString, EnumType, OpenEnumType, PositiveInt

Fields = Mapping[str, BaseField[Any]]

MAX_ITEMS: Final = 500
"""How many suggestions are sent; typing on brings the others."""


KEY: Final = "Property"
MEMBER: Final = "EnumMember"
FIELD: Final = "Field"
VALUE: Final = "Value"


class Suggestion(NamedTuple):
    """What to write from `start` to `end`, and what editors show of it.

    `snippet` is the same as `text` with a place for the cursor, or "".
    """

    label: str
    kind: str
    start: int
    end: int
    text: str
    detail: str = ""
    documentation: str = ""
    snippet: str = ""


class Suggestions(NamedTuple):
    """Some suggestions, and whether there are more."""

    items: tuple[Suggestion, ...]
    is_incomplete: bool = False


def complete(text: str, offset: int, catalog: FieldCatalog | None = None) -> Suggestions:
    """What can be written at an offset of a payload, which may be unfinished."""
    cursor = cursor_at(text, offset)
    if cursor is None:
        return Suggestions(())
    made = _keys(cursor) if cursor.of is None else _values(cursor, cursor.of, catalog)
    typed = cursor.before.rpartition(SEPARATOR)[2].strip().casefold()
    fitting = [one for one in made if typed in _searched(one).casefold()]
    return Suggestions(tuple(fitting[:MAX_ITEMS]), len(fitting) > MAX_ITEMS)


def _searched(one: Suggestion) -> str:
    """What is searched for what is typed: a name, and what people call it."""
    return one.label if one.kind == KEY else f"{one.label} {one.detail}"


def _keys(cursor: Cursor) -> Iterator[Suggestion]:
    """The keys that are not there yet, required ones first."""
    present = {normalize_key(name) for name in cursor.members}
    free: dict[str, KeyOf] = {}
    for cls in cursor.classes:
        for attribute, key in keys_of(cls).items():
            if normalize_key(key.name) not in present and not isinstance(key.type, EmptyString):
                free.setdefault(key.name, KeyOf(cls, attribute, key))
    for cls, attribute, key in sorted(free.values(), key=lambda one: not one.key.required):
        text = json.dumps(key.name)
        yield Suggestion(
            key.name,
            KEY,
            cursor.start,
            cursor.end,
            text if cursor.has_value else f"{text}: ",
            "required" if key.required else "optional",
            DESCRIPTIONS[cls][attribute],
            "" if cursor.has_value else f"{text}: {_snippet(key.type)}",
        )


def _snippet(wire_type: Type) -> str:
    """The brackets or quotes of a value, with a place for the cursor."""
    if isinstance(wire_type, (Array, JoinedArray)):
        return f"[{_snippet(wire_type.of)}]"
    if isinstance(wire_type, (Object, Union)):
        return "{$1}"
    return "$1" if isinstance(wire_type, PositiveInt) else '"$1"'


def _values(cursor: Cursor, of: KeyOf, catalog: FieldCatalog | None) -> Iterator[Suggestion]:
    """The values that the key at the cursor can have."""
    cls, attribute, key = of
    fields = STANDARD if catalog is None else catalog.fields
    field = fields.get(cursor.member("name") or "")
    if (cls, attribute) == (ListOutput, "columns"):
        return _columns(cursor, fields)
    if (cls, attribute) in FIELD_NAMES:
        function = cursor.member("function")
        computes = attribute == "field" and function not in (None, AggregateFunction.COUNT.token)
        return _field_names(cursor, fields, lambda one: not computes or isinstance(one, Number))
    if (cls, attribute) == (UserCondition, "name"):
        return (_value(cursor, name, FIELD, "user attribute") for name in USER_ATTRIBUTES)
    if isinstance(key.type, EnumType):
        return _members(cursor, attribute, field)
    if attribute in ("value", "values") and cls.section == ComparisonFilter.section:
        return (_value(cursor, text, VALUE, detail) for text, detail in _field_values(field))
    if isinstance(key.type, (Array, JoinedArray, Object, Union)):
        return iter(())
    return (_value(cursor, text, VALUE) for text in key.type.json_schema().get("examples", ()))


def _value(
    cursor: Cursor, text: str, kind: str, detail: str = "", documentation: str = ""
) -> Suggestion:
    written = json.dumps(text, ensure_ascii=False)
    return Suggestion(text, kind, cursor.start, cursor.end, written, detail, documentation)


def _members(cursor: Cursor, attribute: str, field: BaseField[Any] | None) -> Iterator[Suggestion]:
    """The members of a fixed list; of the operators those that the field has."""
    keys = [keys_of(cls)[attribute] for cls in cursor.classes if attribute in keys_of(cls)]
    for key in keys:
        for member in key.type.allowed():
            if isinstance(member, Operator) and field is not None and not supports(field, member):
                continue
            yield _value(cursor, member.token, MEMBER, member.label)


def _field_names(
    cursor: Cursor, fields: Fields, is_fitting: Callable[[BaseField[Any]], bool]
) -> Iterator[Suggestion]:
    for name, field in fields.items():
        if is_fitting(field):
            yield _value(cursor, name, FIELD, *describe_field(field))


def _columns(cursor: Cursor, fields: Fields) -> Iterator[Suggestion]:
    """The names that a list of columns does not have yet; only the one at the cursor is written."""
    before, separator, name = cursor.before.rpartition(SEPARATOR)
    after = cursor.text[len(cursor.before) :].partition(SEPARATOR)
    start = cursor.start + 1 + len(before) + len(separator) + len(name) - len(name.lstrip(BLANKS))
    end = cursor.start + 1 + len(cursor.before) + len(after[0])
    others = {one.strip(BLANKS) for one in (*before.split(SEPARATOR), *after[2].split(SEPARATOR))}
    for one in _field_names(cursor, fields, lambda field: field.name not in others):
        is_whole = not others - {""} and not cursor.text
        yield one if is_whole else one._replace(start=start, end=end, text=one.label)


def describe_field(field: BaseField[Any]) -> tuple[str, str]:
    """The display name and the type of a field, and the options of a dropdown."""
    options = field.options if isinstance(field, Choice) else ()
    label = f"{field.label}: " if field.label else ""
    listed = f"Options: {', '.join(options[:_MAX_OPTIONS])}" if options else ""
    return f"{label}{type_name(field)}", f"{listed}{', …' * (len(options) > _MAX_OPTIONS)}"


_MAX_OPTIONS: Final = 20


def _field_values(field: BaseField[Any] | None) -> Iterable[tuple[str, str]]:
    """The values that a field can have, if they are known, and what they mean."""
    if isinstance(field, Choice):
        return [(option, "option") for option in field.options]
    return [(TRUE, "true"), (FALSE, "false")] if isinstance(field, Boolean) else []


_ARITIES = {
    Arity.NONE: "It takes no value.",
    Arity.ONE: "It takes one value.",
    Arity.MANY: "It takes a list of values.",
}


class Hover(NamedTuple):
    """A text in Markdown about what is at `start` to `end`."""

    text: str
    start: int
    end: int


def hover_at(text: str, offset: int, catalog: FieldCatalog | None = None) -> Hover | None:
    """What is at an offset of a payload; None if it means nothing to the API."""
    cursor = cursor_at(text, offset)
    if cursor is None or not cursor.text:
        return None
    of = cursor.find_key(cursor.text) if cursor.of is None else cursor.of
    if of is None:
        return None
    lines = [] if cursor.of is None else [*_value_lines(cursor, of, catalog)]
    lines = lines or [*_key_lines(of)]
    source = f"API page, section {of.cls.section!r}"
    return Hover("\n\n".join([*lines, f"*{source}*"]), cursor.start, cursor.end)


def _key_lines(of: KeyOf) -> Iterator[str]:
    need = "required" if of.key.required else "optional"
    yield f"`{of.key.name}` of {of.cls.label}, {need}"
    yield DESCRIPTIONS[of.cls][of.attribute]


def _value_lines(cursor: Cursor, of: KeyOf, catalog: FieldCatalog | None) -> Iterator[str]:
    """What a value means; nothing if it stands for itself."""
    fields = STANDARD if catalog is None else catalog.fields
    if isinstance(of.key.type, (EnumType, OpenEnumType)):
        enum: Any = of.key.type.enum
        for member in enum:
            if cursor.text in member.spellings:
                yield from _member_lines(member, fields.get(cursor.member("name") or ""))
    elif (of.cls, of.attribute) in FIELD_NAMES:
        yield from _field_lines(cursor.text, fields.get(cursor.text), catalog)
    elif (of.cls, of.attribute) == (ListOutput, "columns"):
        before = cursor.before.rpartition(SEPARATOR)[0]
        name = cursor.text[len(before) :].lstrip(SEPARATOR).partition(SEPARATOR)[0].strip(BLANKS)
        yield from _field_lines(name, fields.get(name), catalog)


def _member_lines(member: WireEnum, field: BaseField[Any] | None) -> Iterator[str]:
    if not isinstance(member, Operator):
        yield f"`{member.token}`: {member.label}"
        return
    yield f"`{member.token}`: {member.label}. In Python, `{operator_source(member)}`."
    yield _ARITIES[member.takes]
    if field is not None and not supports(field, member):
        has = ", ".join(f"`{one.token}`" for one in Operator if supports(field, one))
        yield f"`{field.name}` is {type_name(field)}, which lacks it; it has {has or 'none'}."


def _field_lines(
    name: str, field: BaseField[Any] | None, catalog: FieldCatalog | None
) -> Iterator[str]:
    if field is None:
        return
    summary, options = describe_field(field)
    yield f"`{name}`: {summary}{' of the account' if catalog is not None else ''}"
    if options:
        yield options
    yield f"Operators in Python: {', '.join(f'`{one}`' for one in operators_of(field)) or 'none'}"


def explain_rule(code: str) -> str:
    """Why a rule exists and what it rests on, in Markdown."""
    rule = next(rule for rule in all_rules() if rule.code == code)
    return (
        f"**{rule.code}**: {rule.title}. {rule.rationale}\n\n"
        f"*API page, section {rule.spec_section!r}; {rule.certainty.value}. "
        f"`leadquery rule {rule.code}` shows an example.*"
    )
