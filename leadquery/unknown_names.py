"""The errors for names that do not exist: in a module, and of a state of a query.

Loaded with the first such error.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from opcode import opmap
from typing import Final, NamedTuple

from leadquery._util.text import corrected_name
from leadquery.errors import Misuse, UnknownImportError, UnknownNameError

LOCAL_METHODS: Final = ("having", "order_by", "limit", "compare", "with_owner_names")
"""What is done to the rows of a query."""

HOW_TO: Final = "see the how-to 'What one request cannot say'"
"""Where the documentation shows it."""


class NameLookup(NamedTuple):
    """A lookup that failed: `names` maps normalized names and aliases to those that exist."""

    module: str
    names: Mapping[str, str]
    advice: str

    def message(self, name: str) -> tuple[str, str | None]:
        """The message for a name, and the name that was certainly intended, if any."""
        near = self.names.get(name) or corrected_name(name, self.names)
        hint = f"did you mean {near}? " if near else ""
        # A plural or a singular is no misspelling: it may mean something else.
        counts = near and f"{near}s".casefold() == name.casefold()
        counts = counts or (near and f"{name}s".casefold() == near.casefold())
        message = f"{self.module} has no {name!r}; {hint}{self.advice}"
        return message, None if counts else near


def unknown_name_error(
    module: str, name: str, names: Mapping[str, str], advice: str
) -> AttributeError | ImportError:
    """The error for a name that a module does not have; call it from the module's `__getattr__`."""
    # An import looks for the module as an attribute before it loads it.
    frame = sys._getframe(2)
    if frame.f_code.co_filename.startswith("<frozen importlib"):
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    lookup = NameLookup(module, names, advice)
    message, suggestion = lookup.message(name)
    if frame.f_code.co_code[frame.f_lasti] != opmap["IMPORT_FROM"]:
        misuse = Misuse("module attribute", name=name, value=lookup, suggestion=suggestion)
        return UnknownNameError(message, misuse)
    error = UnknownImportError(message, Misuse("import", name=name, value=lookup))
    error.name = module
    return error


def unknown_method_error(query: object, name: str, others: dict[str, str]) -> AttributeError:
    """The error for a name that a state does not have; `others` says it of other states' names."""
    if name.startswith("_"):
        return AttributeError(name)
    if name in others:
        return UnknownNameError(others[name], Misuse("later method", query, name))
    own = method_names(type(query))
    near = corrected_name(name.casefold(), {method: method for method in (*own, *others)})
    listed = ", ".join(f".{method}()" for method in own)
    hint = f"did you mean .{near}?" if near else f"it has {listed}"
    misuse = Misuse("query attribute", query, name, value=(*own, *others), suggestion=near)
    return UnknownNameError(f"a query has no .{name}; {hint}", misuse)


def method_names(state: type[object]) -> list[str]:
    """The public methods of a state."""
    return [name for name in dir(state) if name[0] != "_" and callable(getattr(state, name))]


def later_methods(missing: str, *later: type[object]) -> dict[str, str]:
    """The message for each method of the later states."""
    return {
        name: f"this query has no .{name} yet, because it has no output; add {missing}"
        + (f"; {HOW_TO}" if name in LOCAL_METHODS else "")
        for state in later
        for name in method_names(state)
    }
