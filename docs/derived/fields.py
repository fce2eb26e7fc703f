"""Lead fields: the field types with their operators, the standard fields, the user attributes."""

from __future__ import annotations

from typing import Any, Final

from docs.derived.markdown import code, code_list, first_line, table
from leadquery import fields, users
from leadquery.expr.field import BaseField, operator_source, operators_of
from leadquery.wire.enums import Arity, Operator

VALUES: Final = {Arity.NONE: "none", Arity.ONE: "one", Arity.MANY: "a list"}


def field_types() -> str:
    """A row for each field type: what it is for, and the operators it has."""
    return table(
        ("field type", "for", "operators"),
        (
            (code(cls.__name__), first_line(cls), _operators(cls("mx_Field")))
            for cls in fields.FIELD_TYPES
        ),
    )


def operators() -> str:
    """A row for each operator: in Python and in the payload."""
    return table(
        ("Python", "API", "leads whose field is …", "values"),
        (
            (
                code(operator_source(operator)),
                code(operator.token),
                operator.label,
                VALUES[operator.takes],
            )
            for operator in Operator
        ),
    )


def standard_fields() -> str:
    """A row for each standard field: type, display name, other names, and operators."""
    return table(
        ("schema name", "field type", "display name", "also called", "operators"),
        (
            (
                code(name),
                type(field).__name__,
                field.label,
                ", ".join(fields.ALIASES.get(name, ())),
                _operators(field),
            )
            for name, field in fields.STANDARD.items()
        ),
    )


def attributes() -> str:
    """The known user attributes."""
    return code_list(users.STANDARD) + "\n"


def _operators(field: BaseField[Any]) -> str:
    return code_list(operators_of(field)) or "none"
