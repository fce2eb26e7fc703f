"""The nearest name, and the refusal of names that do not exist."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from opcode import opmap
from types import FrameType
from typing import Final, TypeVar

from leadquery.errors import UnknownNameError
from leadquery.slips.called import (
    ANSWERS,
    DAYS,
    GROUPS,
    ORDERS,
    QUERIES,
    RECENT,
    ROWS,
    SKIPS,
)
from leadquery.slips.event import Event, explained

C = TypeVar("C")


def nearest(said: str, names: Mapping[str, C], cutoff: float = 0.7) -> C | None:
    """What the nearest of some names stands for, when one is near enough."""
    from difflib import get_close_matches

    if said in names:
        return names[said]
    if not 2 < len(said) <= 60:
        return None
    close = get_close_matches(said, names, n=1, cutoff=cutoff)
    return names[close[0]] if close else None


def same_letters(name: str) -> str:
    """A name as people mean it, whatever its case, blanks and underscores."""
    return "".join(name.casefold().replace("_", " ").split())


def unknown_name(
    module: str, name: str, names: Mapping[str, str], otherwise: str
) -> AttributeError | ImportError:
    """The error for a name that a module does not have, naming the nearest one that it has.

    `names` leads from what people may write, as `same_letters` leaves it, to the name.
    """
    asking = sys._getframe(2)
    # An import looks whether a module is there already before it loads it.
    if asking.f_code.co_filename.startswith("<frozen importlib"):
        return AttributeError(f"module {module!r} has no attribute {name!r}")
    near = nearest(name, names) or nearest(same_letters(name), names)
    meant = f"did you mean {near}? " if near else ""
    text = f"{module} has no {name!r}; {meant}{otherwise}"
    # Several of what there is one of are another thing, and one of several too.
    plural = near is not None and f"{near}s".casefold() == name.casefold()
    singular = near is not None and f"{name}s".casefold() == near.casefold()
    sure = None if plural or singular else near
    # An import turns an AttributeError into a text of its own, and this one would be lost.
    if _importing(asking):
        return ImportError(text, name=module)
    return explained(UnknownNameError(text), Event("named", name=name, near=sure))


def _importing(frame: FrameType) -> bool:
    return frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]


def no_method(
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
        return explained(UnknownNameError(others[name]), Event("named", live, name))
    said, letters = name.casefold(), same_letters(name)
    if said in _WITHOUT:
        error = UnknownNameError(f"a query has no .{name}: {_WITHOUT[said]}")
        return explained(error, Event("named", live, name))
    known = {one: one for one in (*own, *others)}
    aliases = {alias: one for alias, one in QUERIES.items() if one in known} | known
    exact = aliases.get(said) or {same_letters(one): one for one in known}.get(letters)
    written = name[0].isupper() or name.startswith("mx_")
    if (letters in fields and name not in QUERIES) or (written and exact is None):
        return _no_field(live, name, fields)
    near = exact or nearest(said, aliases)
    hint = f"did you mean .{near}?" if near else f"it has {', '.join(f'.{one}()' for one in own)}"
    error = UnknownNameError(f"a query has no .{name}; {hint}")
    return explained(error, Event("named", live, name, near=near))


def _no_field(live: object, name: str, fields: Mapping[str, str]) -> AttributeError:
    """The error for a field that was taken for a part of a query."""
    letters = same_letters(name)
    field, near = fields.get(letters), nearest(letters, fields)
    where = f"write from leadquery.fields import {field}"
    if field is None:
        own = f"a field of your own account is written Field({name!r})"
        where = f"did you mean {near} of leadquery.fields? {own}" if near else own
    error = UnknownNameError(f"a query has no .{name}: fields are words of their own; {where}")
    return explained(error, Event("field", live, name, near=field))


_WITHOUT: Final = {
    **dict.fromkeys(ORDERS, "the API knows no order; sort the rows of the answer"),
    **dict.fromkeys(ANSWERS, "a client sends it: client.run(query)"),
    **dict.fromkeys(ROWS, "rows come in pages: .page(1, 10)"),
    **dict.fromkeys(SKIPS, "rows come in pages: .page(3, 50) is rows 101 to 150"),
    **dict.fromkeys(GROUPS, "the API filters leads, never groups; filter the rows of the answer"),
    **{name: f"write .{way}(day, day)" for name, way in DAYS.items()},
    **{name: f"write .{way}(periods.last_days(7))" for name, way in RECENT.items()},
}
"""What is said of methods that nothing of a query stands for."""
