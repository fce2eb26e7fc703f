"""Parts that were joined one after another, as by `condition = condition | another` in a loop.

If each object copied the parts of the one before, 10,000 of them would take 50 million copies. So
an object keeps the parts of its two operands as a pair, and puts them together when they are asked
for.

>>> first = {"Delhi": None}
>>> second = (first, {"Pune": None})
>>> third = (second, {"Delhi": None})
>>> list(flatten(third))
['Delhi', 'Pune']
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import reduce
from typing import Any, TypeAlias, TypeVar

Leaf = TypeVar("Leaf")
K = TypeVar("K")
V = TypeVar("V")

Joined: TypeAlias = "Leaf | tuple[Joined[Leaf], Joined[Leaf]]"
"""Parts, or those of two operands."""


def join_parts(operands: Sequence[Joined[dict[K, V]]]) -> Joined[dict[K, V]]:
    """The parts of all operands. They are in one dict if they may be equal, never in a pair."""
    joined = reduce(lambda left, right: (left, right), operands)
    return joined if any(map(has_several, operands)) else flatten(joined)


def has_several(joined: Joined[dict[K, V]]) -> bool:
    """Whether there are at least two parts."""
    return isinstance(joined, tuple) or len(joined) > 1


def leaves_of(joined: Joined[Any]) -> Iterator[Any]:
    """The parts from left to right, without those of an operand that occurs again."""
    pending = [joined]
    seen = set[int]()
    while pending:
        part = pending.pop()
        if not isinstance(part, tuple):
            yield part
        elif id(part) not in seen:
            # Each step of `a, b = a & b, a` doubles the number of leaves.
            seen.add(id(part))
            pending += reversed(part)


def flatten(joined: Joined[dict[K, V]]) -> dict[K, V]:
    """The parts in one dict, each once. Those that are in dicts already are not hashed again."""
    if isinstance(joined, dict):
        return joined
    parts: dict[K, V] = {}
    for leaf in leaves_of(joined):
        parts |= leaf
    return parts
