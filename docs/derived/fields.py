"""Lead fields: the field types with their operators, the standard fields, the user attributes."""

from __future__ import annotations

from typing import Any, Final

from docs.derived.markdown import code, code_list, first_line, table
from leadquery import fields, users
from leadquery.expr.field import BaseField, supports
from leadquery.wire.enums import Arity, Operator

TWO_FILTERS: Final = ("between", "during")
"""Methods that write two filters each."""

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
            (code(_python(operator)), code(operator.token), operator.label, VALUES[operator.takes])
            for operator in Operator
        ),
    )


def standard_fields() -> str:
    """A row for each standard field: its type, its display name, and other names for it."""
    return table(
        ("schema name", "field type", "display name", "also called"),
        (
            (
                code(name),
                type(field).__name__,
                "" if field.label == name else field.label,
                ", ".join(fields.ALIASES.get(name, ())),
            )
            for name, field in fields.STANDARD.items()
        ),
    )


def attributes() -> str:
    """The known user attributes."""
    return code_list(users.STANDARD) + "\n"


def _operators(field: BaseField[Any]) -> str:
    supported = [_python(operator) for operator in Operator if supports(field, operator)]
    methods = [f".{name}()" for name in TWO_FILTERS if hasattr(field, name)]
    return code_list(supported + methods) or "none"


def _python(operator: Operator) -> str:
    """An operator as Python writes it: `<`, or `.contains()`."""
    return f".{operator.python}()" if operator.python.isidentifier() else operator.python
