"""The public names, each with the first line of its docstring."""

from __future__ import annotations

from collections.abc import Iterator
from inspect import getdoc, isroutine
from types import ModuleType
from typing import Final

import leadquery
import leadquery.sql
from docs.derived.markdown import code, escape, table
from leadquery import emulator, fields, periods, testing, users
from leadquery.errors import LeadQueryError

_MODULES: Final[dict[ModuleType, tuple[str, ...]]] = {
    leadquery: tuple(leadquery.__all__),
    fields: tuple(cls.__name__ for cls in fields.FIELD_TYPES),
    users: ("Attribute", "User"),
    periods: tuple(periods.__all__),
    leadquery.sql: ("Table", "from_sql"),
    emulator: tuple(emulator.__all__),
    testing: tuple(testing.__all__),
}


def names() -> str:
    """A row for each class and function."""
    return table(("name", ""), _rows())


def _rows() -> Iterator[tuple[str, str]]:
    for module, public in _MODULES.items():
        for name in public:
            value = getattr(module, name)
            is_error = isinstance(value, type) and issubclass(value, LeadQueryError)
            is_documented = isinstance(value, type) or isroutine(value)
            if name == "Leads" or (is_documented and getdoc(value) and not is_error):
                first, _, _ = (getdoc(value) or "").partition("\n")
                yield code(f"{module.__name__}.{name}"), escape(first)
