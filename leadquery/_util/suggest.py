"""Find the name that a misspelt one resembles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")

_MAX_LENGTH = 60


def closest_match(name: str, candidates: Mapping[str, T], cutoff: float = 0.7) -> T | None:
    """The value of the candidate most similar to `name`, or None if none is similar enough.

    Names of one or two characters and very long ones match only exactly. `cutoff` is that of
    `difflib.get_close_matches`.
    """
    from difflib import get_close_matches

    if name in candidates:
        return candidates[name]
    if not 2 < len(name) <= _MAX_LENGTH:
        return None
    matches = get_close_matches(name, candidates, n=1, cutoff=cutoff)
    return candidates[matches[0]] if matches else None


def normalize_name(name: str) -> str:
    """A name without case, spaces and underscores, to compare it with others."""
    return "".join(name.casefold().replace("_", " ").split())
