"""The nearest name, and the refusal of names that do not exist."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from opcode import opmap
from types import FrameType
from typing import Final

from leadquery._explain.aliases import (
    DAY_METHODS,
    EXECUTE_METHODS,
    GROUP_METHODS,
    LIMIT_METHODS,
    OFFSET_METHODS,
    QUERY_ALIASES,
    RECENT_METHODS,
    SORT_METHODS,
)
from leadquery._util.suggest import closest_match, normalize_name
from leadquery.errors import UnknownNameError
from leadquery.expr._misuse import Misuse, explain


def module_attribute_error(
    module: str, name: str, names: Mapping[str, str], otherwise: str
) -> AttributeError | ImportError:
    """The error for a name that a module does not have, naming the nearest one that it has.

    `names` leads from what people may write, as `same_letters` leaves it, to the name.
    """
    asking = sys._getframe(2)
    # An import looks whether a module is there already before it loads it.
    if asking.f_code.co_filename.startswith("<frozen importlib"):
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    near = closest_match(name, names) or closest_match(normalize_name(name), names)
    meant = f"did you mean {near}? " if near else ""
    text = f"{module} has no {name!r}; {meant}{otherwise}"
    # Several of what there is one of are another thing, and one of several too.
    plural = near is not None and f"{near}s".casefold() == name.casefold()
    singular = near is not None and f"{name}s".casefold() == near.casefold()
    sure = None if plural or singular else near
    # An import turns an AttributeError into a text of its own, and this one would be lost.
    if _importing(asking):
        return ImportError(text, name=module)
    return explain(UnknownNameError(text), Misuse("named", name=name, near=sure))


def _importing(frame: FrameType) -> bool:
    return frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]


def query_attribute_error(
    live: object,
    name: str,
    own: Iterable[str],
    others: Mapping[str, str],
    fields: Mapping[str, str],
) -> AttributeError:
    """The error for a method that a query does not have in its state.

    `others` leads from the methods of other states to the way there, `fields` from what people
    may write, as `same_letters` leaves it, to the name of a field.
    """
    if name.startswith("_"):
        return AttributeError(name)
    if name in others:
        return explain(UnknownNameError(others[name]), Misuse("named", live, name))
    said, letters = name.casefold(), normalize_name(name)
    if said in UNSUPPORTED_METHODS:
        error = UnknownNameError(f"a query has no .{name}: {UNSUPPORTED_METHODS[said]}")
        return explain(error, Misuse("named", live, name))
    known = {one: one for one in (*own, *others)}
    aliases = {alias: one for alias, one in QUERY_ALIASES.items() if one in known} | known
    exact = aliases.get(said) or {normalize_name(one): one for one in known}.get(letters)
    written = name[0].isupper() or name.startswith("mx_")
    if (letters in fields and name not in QUERY_ALIASES) or (written and exact is None):
        return _no_field(live, name, fields)
    near = exact or closest_match(said, aliases)
    hint = f"did you mean .{near}?" if near else f"it has {', '.join(f'.{one}()' for one in own)}"
    error = UnknownNameError(f"a query has no .{name}; {hint}")
    return explain(error, Misuse("named", live, name, near=near))


def _no_field(live: object, name: str, fields: Mapping[str, str]) -> AttributeError:
    """The error for a field that was taken for a part of a query."""
    letters = normalize_name(name)
    field, near = fields.get(letters), closest_match(letters, fields)
    where = f"write from leadquery.fields import {field}"
    if field is None:
        own = f"a field of your own account is written Field({name!r})"
        where = f"did you mean {near} of leadquery.fields? {own}" if near else own
    error = UnknownNameError(f"a query has no .{name}: fields are words of their own; {where}")
    return explain(error, Misuse("field", live, name, near=field))


UNSUPPORTED_METHODS: Final = {
    **dict.fromkeys(SORT_METHODS, "the API knows no order; sort the rows of the answer"),
    **dict.fromkeys(EXECUTE_METHODS, "a client sends it: client.run(query)"),
    **dict.fromkeys(LIMIT_METHODS, "rows come in pages: .page(1, 10)"),
    **dict.fromkeys(OFFSET_METHODS, "rows come in pages: .page(3, 50) is rows 101 to 150"),
    **dict.fromkeys(
        GROUP_METHODS, "the API filters leads, never groups; filter the rows of the answer"
    ),
    **{name: f"write .{way}(day, day)" for name, way in DAY_METHODS.items()},
    **{name: f"write .{way}(periods.last_days(7))" for name, way in RECENT_METHODS.items()},
}
"""What is said of methods that nothing of a query stands for."""
