"""A strategy for leads, as the emulator takes them."""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

from leadquery.expr import BaseField
from leadquery.expr.field_types import DerivedColumn
from leadquery.fields import STANDARD, ProspectID
from leadquery.testing.strategies.fields import values

_OTHERS: Final = tuple(
    word
    for name, word in STANDARD.items()
    if name != ProspectID.name and not isinstance(word, DerivedColumn)
)
_MOST: Final = 5


@st.composite
def leads(draw: st.DrawFn, *fields: BaseField[Any]) -> dict[str, Any]:
    """Leads, one at a time: an id, each of the fields named, and a few standard ones.

    Values are of each field's kind, in every form that the emulator takes; of the fields, but for
    the id, each may be empty. A list of leads has an id for each with `unique_by`:

    >>> from hypothesis import given, strategies as st
    >>> from leadquery.emulator import Emulator
    >>> @given(st.lists(leads(), unique_by=lambda lead: lead["ProspectID"]))
    ... def test_all_are_there(given):
    ...     assert Emulator(given).leads == len(given)
    >>> test_all_are_there()
    """
    chosen = {word.name: word for word in (*fields, *draw(_some))}
    lead: dict[str, Any] = {ProspectID.name: str(draw(st.uuids(version=4)))}
    for word in chosen.values():
        lead[word.name] = draw(st.none() | st.just("") | values(word) | values(word))
    return lead


_some = st.lists(st.sampled_from(_OTHERS), max_size=_MOST)
