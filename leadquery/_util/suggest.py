"""TODO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

C = TypeVar("C")


def closest_match(said: str, names: Mapping[str, C], cutoff: float = 0.7) -> C | None:
    """What the nearest of some names stands for, when one is near enough."""
    from difflib import get_close_matches

    if said in names:
        return names[said]
    if not 2 < len(said) <= 60:
        return None
    close = get_close_matches(said, names, n=1, cutoff=cutoff)
    return names[close[0]] if close else None


def normalize_name(name: str) -> str:
    """A name as people mean it, whatever its case, blanks and underscores."""
    return "".join(name.casefold().replace("_", " ").split())
