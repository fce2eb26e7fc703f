"""Random mutations of payloads: keys and values dropped, renamed, retyped, wrapped or emptied.

Each mutation changes the entry at one step (a key or an index) of its container.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from leadquery import testing

Json = Any

KEYS = ("Filters", "Value", "Operator", "LookUpName", "LookupName", "GroupConditions", "Condition")
TOKENS = (
    *("=", "in", "def", "ndef", "lik", "eq", "AND", "OR", "list", "Aggregate", "Sum", "Count"),
    *("LeadCreatedOn", "2026-02-30 00:00:00", "2026-01-31 24:00:00", "2026-01-31"),
)
DATES = {"FromDate": "ToDate", "ToDate": "FromDate"}
JOINERS = ("ConditionOperator", "GroupOperator")
EMPTY: tuple[Json, ...] = ("", None, [], {}, 0, " ", ",")

numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.just("") | testing.texts()
json_values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def renamed(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Rename a key, most often to a similar one."""
    if isinstance(holder, list):
        return
    near = (step.lower(), step.upper(), f"{step}s", f" {step}", f"{step[:1]}_{step[1:]}", step[1:])
    other = draw(st.sampled_from(near) | st.sampled_from(KEYS))
    items = [(other if key == step else key, value) for key, value in holder.items()]
    holder.clear()
    holder.update(items)


def dropped(_: st.DrawFn, holder: Json, step: Any) -> None:
    """Delete an entry."""
    del holder[step]


def repeated(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Copy an entry to another index or key."""
    again = copy.deepcopy(holder[step])
    if isinstance(holder, list):
        holder.insert(draw(st.integers(0, len(holder))), again)
    else:
        holder[draw(st.sampled_from((step.swapcase(), f"{step}_", *KEYS)))] = again


def retyped(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Replace a value with any other."""
    holder[step] = draw(json_values)


def wrapped(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Wrap a value in a list or an object."""
    holder[step] = draw(st.sampled_from(([holder[step]], {str(step): holder[step]})))


def unwrapped(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Replace a container with one of its values."""
    value = holder[step]
    if isinstance(value, (dict, list)) and value:
        inner = [*value.values()] if isinstance(value, dict) else value
        holder[step] = draw(st.sampled_from(inner))


def emptied(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Replace a value with an empty one."""
    holder[step] = copy.copy(draw(st.sampled_from(EMPTY)))


def respelled(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Change the letter case or whitespace of a text, or write a number differently."""
    value = holder[step]
    if isinstance(value, str):
        cut = (value[:-1], f" {value}", f"{value} ", value.replace(" ", "T"))
        holder[step] = draw(st.sampled_from((*cut, value.swapcase(), value.title())))
    elif isinstance(value, (int, float)):
        holder[step] = draw(st.sampled_from((str(value), -value, value + 0.5, value * 1e9)))


def swapped(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Swap two entries."""
    other = draw(st.sampled_from([*holder] if isinstance(holder, dict) else range(len(holder))))
    holder[step], holder[other] = holder[other], holder[step]


def replaced_by_token(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Replace a value with a token of the API."""
    holder[step] = draw(st.sampled_from(TOKENS))


def swapped_pair(draw: st.DrawFn, holder: Json, step: Any) -> None:
    """Swap the ends of a range, or change one joining operator."""
    if step in JOINERS:
        holder[step] = draw(st.sampled_from(("AND", "OR", None)))
    else:
        holder[step], holder[DATES[step]] = holder.get(DATES[step], ""), holder[step]


MUTATIONS: tuple[Callable[[st.DrawFn, Json, Any], None], ...] = (
    *(renamed, dropped, repeated, retyped, wrapped),
    *(unwrapped, emptied, respelled, swapped, replaced_by_token),
)


def places(node: Json) -> Iterator[tuple[Json, Any]]:
    """Each container of a payload, with each of its steps."""
    for step, value in [*(node.items() if isinstance(node, dict) else enumerate(node))]:
        yield node, step
        if isinstance(value, (dict, list)):
            yield from places(value)


@st.composite
def mutated(draw: st.DrawFn, payloads: st.SearchStrategy[Json] | None = None) -> Json:
    """A payload after one to three mutations."""
    payload = draw(testing.payloads() if payloads is None else payloads)
    whole = {"": copy.deepcopy(payload)}
    for _ in range(draw(st.sampled_from((1, 1, 2, 3)))):
        found: list[tuple[Json, Any]] = [*places(whole)]
        # Rarely drawn by chance, and only the reader checks them.
        paired = [one for one in found if one[1] in (*DATES, *JOINERS)]
        pairwise: bool = draw(st.booleans())
        if paired and pairwise:
            swapped_pair(draw, *draw(st.sampled_from(paired)))
        elif found:
            draw(st.sampled_from(MUTATIONS))(draw, *draw(st.sampled_from(found)))
    # If the payload itself was renamed or dropped, return its container.
    return whole.get("", whole)
