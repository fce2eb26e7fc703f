"""The nearest name, and the refusal of names that do not exist."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from opcode import opmap
from types import FrameType
from typing import Final, NoReturn, TypeVar

from leadquery.errors import UnknownNameError

C = TypeVar("C")

_CALLED: Final = {
    "where": ("filter", "filter_by", "having"),
    "page": ("limit", "paginate"),
    "average": ("avg", "mean"),
    "sum": ("total",),
    "to_payload": ("to_dict",),
}
"""What other libraries call the methods of a query."""


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


def unknown_name(module: str, name: str, names: Mapping[str, str], otherwise: str) -> NoReturn:
    """Refuse a name that a module does not have, naming the nearest one that it has.

    `names` leads from what people may write, as `same_letters` leaves it, to the name.
    """
    near = nearest(same_letters(name), names)
    meant = f"did you mean {near}? " if near else ""
    text = f"{module} has no {name!r}; {meant}{otherwise}"
    # An import turns an AttributeError into a text of its own, and this one would be lost.
    if _importing(sys._getframe(2)):
        raise ImportError(text, name=module)
    raise UnknownNameError(text)


def _importing(frame: FrameType) -> bool:
    return frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]


def no_method(name: str, own: Iterable[str], others: Mapping[str, str]) -> NoReturn:
    """Refuse a method that a query does not have in its state.

    `others` leads from the methods of other states to the way there.
    """
    if name.startswith("_"):
        raise AttributeError(name)
    if name in others:
        raise UnknownNameError(others[name])
    known = {one: one for one in (*own, *others)}
    called = {alias: one for one, aliases in _CALLED.items() if one in known for alias in aliases}
    near = nearest(name.casefold(), called | known)
    hint = f"did you mean .{near}?" if near else f"it has {', '.join(f'.{one}()' for one in own)}"
    raise UnknownNameError(f"a query has no .{name}; {hint}")
