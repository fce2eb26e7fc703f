"""The demo account: its fields and its users."""

from __future__ import annotations

from typing import Any, Final

from docs.derived.markdown import code, code_list, table
from leadquery.emulator import demo_fields, demo_leads, demo_users
from leadquery.expr import BaseField, Choice
from leadquery.fields import STANDARD

USER_COLUMNS: Final = ("EmailAddress", "Role", "TeamId", "Department", "StatusCode")


def fields() -> str:
    """A row for each field of the demo leads: its type and its options."""
    known = {**STANDARD, **{field.name: field for field in demo_fields()}}
    rows = ((name, known[name]) for name in next(demo_leads(1)))
    return table(
        ("schema name", "field type", "options"),
        ((code(name), type(field).__name__, _options(field)) for name, field in rows),
    )


def _options(field: BaseField[Any]) -> str:
    return code_list(field.options) if isinstance(field, Choice) else ""


def users() -> str:
    """A row for each user, and the names of the attributes without a column."""
    found = demo_users()
    others = code_list(name for name in found[0] if name not in USER_COLUMNS)
    rows = ([code(user[name]) for name in USER_COLUMNS] for user in found)
    return f"{table(map(code, USER_COLUMNS), rows)}\nEach user also has {others}.\n"
