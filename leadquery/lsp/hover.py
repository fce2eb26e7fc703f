"""What a key, an operator or a field means, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from leadquery.expr.field import BaseField, operator_source, operators_of, supports, type_name
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.editor_schema import FIELD_NAMES
from leadquery.lint.rules import all_rules
from leadquery.lsp.completion import describe_field
from leadquery.lsp.cursor import Cursor, KeyOf, cursor_at
from leadquery.wire.enums import SEPARATOR, Arity, Operator, WireEnum
from leadquery.wire.json_schema import DESCRIPTIONS
from leadquery.wire.model import ListOutput
from leadquery.wire.types import BLANKS, EnumType, OpenEnumType

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
