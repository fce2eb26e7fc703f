"""The words: kinds with their operators, standard fields, user attributes."""

from __future__ import annotations

from typing import Any, Final

from docs.derived.markdown import code, first_line, listed, table
from leadquery import fields, users
from leadquery.expr.field import BaseField, supports
from leadquery.wire.enums import Arity, Operator

FURTHER: Final = ("between", "during")
"""Methods that stand for two filters each."""

VALUES: Final = {Arity.NONE: "none", Arity.ONE: "one", Arity.MANY: "a list"}


def kinds() -> str:
    """Each kind, what it is for, and how it is compared."""
    return table(
        ("kind", "what it is", "operators"),
        (
            (code(kind.__name__), first_line(kind), _taken(kind("mx_Field")))
            for kind in fields.FIELD_TYPES
        ),
    )


def operators() -> str:
    """Each operator, in Python and as it travels."""
    return table(
        ("Python", "API", "leads whose field is …", "values"),
        ((code(_python(row)), code(row.token), row.label, VALUES[row.takes]) for row in Operator),
    )


def all_fields() -> str:
    """The standard fields, with the kind of each, and the names that people see and say."""
    return table(
        ("schema name", "kind", "people see", "and say"),
        (
            (
                code(name),
                type(word).__name__,
                "" if word.label == name else word.label,
                ", ".join(fields.ALIASES.get(name, ())),
            )
            for name, word in fields.STANDARD.items()
        ),
    )


def attributes() -> str:
    """The user attributes that have been seen."""
    return listed(users.STANDARD) + "\n"


def _taken(word: BaseField[Any]) -> str:
    taken = [_python(row) for row in Operator if supports(word, row)]
    return listed(taken + [f".{name}()" for name in FURTHER if hasattr(word, name)]) or "none"


def _python(row: Operator) -> str:
    """An operator as it is written, a method with its dot."""
    return f".{row.python}()" if row.python.isidentifier() else row.python
