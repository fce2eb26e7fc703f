"""What a person meant: the nearest name, and the texts for lines that Python reads otherwise."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable, Mapping
from opcode import opmap
from types import FrameType
from typing import NoReturn, TypeVar

from leadquery.errors import SlipError, UnknownNameError

C = TypeVar("C")


def nearest(said: str, names: Mapping[str, C], cutoff: float = 0.7) -> C | None:
    """What the nearest of some names stands for, when one is near enough."""
    from difflib import get_close_matches

    if not 2 < len(said) <= 60:
        return None
    close = get_close_matches(said, names, n=1, cutoff=cutoff)
    return names[close[0]] if close else None


def warn(text: str) -> None:
    """Warn of something at the line outside this package that brought it about."""
    depth, frame = 1, sys._getframe()
    while frame.f_back is not None and frame.f_globals["__name__"].startswith("leadquery."):
        depth, frame = depth + 1, frame.f_back
    warnings.warn(text, stacklevel=depth)


_JOIN = "join conditions with a comma or with &, each in brackets: where((A < 5) & (B == 1))"
_TRUTH = {
    "condition": (
        "a condition is neither true nor false before the API answers, so `and`, `or`, `not`, `if` "
        f"and chains such as 5 < A < 20 cannot read it; {_JOIN}, turn one round with ~, "
        "and write a range as A.between(5, 20)"
    ),
    "field": (
        "a field is neither true nor false; compare it, as in where(A == 1), "
        "or ask where(A.has_data())"
    ),
    "query": (
        "a query is neither true nor false before it is sent; "
        "ask client.count(query) how many leads meet it"
    ),
}
_ITERATION = {
    "condition": "a condition holds no values; give it to where(...)",
    "field": "a field holds no values; write A.is_in([...]) for one of several, "
    "A.contains(...) for a part of a text",
    "query": "a query holds no rows before it is sent; go over the rows of client.send(query)",
}


def truth(what: str) -> NoReturn:
    """Refuse to be a truth value."""
    raise SlipError(_TRUTH[what])


def iteration(what: str) -> NoReturn:
    """Refuse to be gone over, or searched with `in`."""
    raise SlipError(_ITERATION[what])


def not_a_condition(value: object) -> NoReturn:
    """Refuse what `where` was given in place of a condition."""
    raise SlipError(_given(value))


def _given(value: object) -> str:
    if isinstance(value, bool):
        return (
            f"where({value}) holds a Python bool, not a condition: two things were compared that "
            "are no field of leadquery.fields, or a field with a value by `is`, `in` or `not`"
        )
    if isinstance(value, str):
        return (
            f"where({value[:60]!r}) holds a text; write the condition in Python: where(Score < 5)"
        )
    return f"where() takes conditions such as Score < 5, not {type(value).__name__}"


def unknown_name(module: str, name: str, names: Iterable[str], otherwise: str) -> NoReturn:
    """Refuse a name that a module does not have, naming the nearest one that it has."""
    near = nearest(name, {one: one for one in names})
    meant = f"did you mean {near}? " if near else ""
    text = f"{module} has no {name!r}; {meant}{otherwise}"
    # An import turns an AttributeError into a text of its own, and this one would be lost.
    if _importing(sys._getframe(2)):
        raise ImportError(text, name=module)
    raise UnknownNameError(text)


def _importing(frame: FrameType) -> bool:
    return frame.f_code.co_code[frame.f_lasti] == opmap["IMPORT_FROM"]


def unfinished(name: str, missing: str) -> NoReturn:
    """Refuse what only a finished query can do."""
    if name.startswith("_"):
        raise AttributeError(name)
    raise UnknownNameError(
        f"this query has no .{name} yet: it does not say what to show; add {missing}"
    )


def no_method(what: str, name: str, names: Iterable[str]) -> NoReturn:
    """Refuse a method that does not exist, naming the nearest one that does."""
    if name.startswith("_"):
        raise AttributeError(name)
    near = nearest(name, {one: one for one in names if not one.startswith("_")})
    raise UnknownNameError(f"{what} has no .{name}" + (f"; did you mean .{near}?" if near else ""))
