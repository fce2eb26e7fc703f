"""Periods that are called otherwise: what to write for each."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final

from leadquery import _explain
from leadquery._util.text import safe_repr
from leadquery.errors import UsageError

_ZONES: Final = ("timezone", "time_zone", "zone", "tzinfo")


def period_misuse(
    make: Callable[..., Any], given: tuple[object, ...], named: Mapping[str, object]
) -> UsageError:
    """The error of a call with more, less, or other names than there are."""
    signature = inspect.signature(make)
    parameters = signature.parameters.items()
    plain = [name for name, one in parameters if one.kind is not one.KEYWORD_ONLY]
    said = [one for value in given for one in _parted(value)] if plain else list(given)
    known = {("tz" if name in _ZONES else name): value for name, value in named.items()}
    for name in [name for name in known if name not in signature.parameters]:
        # A number under another name is the one that is missing.
        said.append(known.pop(name))
    if len(said) == len(plain) + 1 and isinstance(said[-1], str) and "tz" not in known:
        known["tz"] = said.pop()
    call = ", ".join(
        [*map(safe_repr, said), *(f"{name}={safe_repr(value)}" for name, value in known.items())]
    )
    try:
        signature.bind(*said, **known)
    except TypeError:
        call = ", ".join([*plain, "tz=..."])
    return _explain.wrong_call_error(
        f"{make.__name__} is called otherwise; write {make.__name__}({call})"
    )


def _parted(value: object) -> list[object]:
    """A date as its numbers, written as a text or not."""
    if isinstance(value, date):
        return [value.year, value.month, value.day]
    parts = value.split("-") if isinstance(value, str) else []
    return [int(one) for one in parts] if parts and all(map(str.isdecimal, parts)) else [value]
