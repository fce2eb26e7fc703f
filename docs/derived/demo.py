"""The demo account: its fields with what they hold, and its users."""

from __future__ import annotations

from typing import Any, Final

from docs.derived.markdown import code, listed, table
from leadquery.emulator import demo_fields, demo_leads, demo_users
from leadquery.expr import BaseField, Choice
from leadquery.fields import STANDARD

TOLD_APART_BY: Final = ("EmailAddress", "Role", "TeamId", "Department", "StatusCode")


def fields() -> str:
    """The fields that demo leads have, each with its kind and its options."""
    words = {**STANDARD, **{word.name: word for word in demo_fields()}}
    rows = ((name, words[name]) for name in next(demo_leads(1)))
    return table(
        ("schema name", "kind", "options"),
        ((code(name), type(word).__name__, _options(word)) for name, word in rows),
    )


def _options(word: BaseField[Any]) -> str:
    return listed(word.options) if isinstance(word, Choice) else ""


def users() -> str:
    """The users, each in a row, and what else is known of them."""
    found = demo_users()
    rest = listed(name for name in found[0] if name not in TOLD_APART_BY)
    rows = ([code(user[name]) for name in TOLD_APART_BY] for user in found)
    return f"{table(map(code, TOLD_APART_BY), rows)}\nEach has {rest} too.\n"
