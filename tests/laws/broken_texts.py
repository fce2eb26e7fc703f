"""JSON texts with mistakes in the payload and in the text, as they are while someone types."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import strategies as st

from tests.laws.formatting import Layout, styles
from tests.laws.mutations import mutated

Json = Any

_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+|\s+')

_DAMAGE = {
    '"': (lambda t: t[1:-1], lambda t: f"'{t[1:-1]}'", lambda t: f"“{t[1:-1]}”", lambda t: t[:-1]),
    ",": (lambda _: "", lambda _: ",,", lambda _: ";", lambda _: ",\n// note\n"),
    ":": (lambda _: "", lambda _: "=", lambda _: ": /* note */ "),
    "}": (lambda _: "", lambda _: ",}", lambda _: "/* note */}"),
    "]": (lambda _: "", lambda _: ",]", lambda _: ")"),
}


@st.composite
def broken_texts(draw: st.DrawFn, payloads: st.SearchStrategy[Json] | None = None) -> str:
    """The text of a payload with mistakes, of which some tokens are broken."""
    payload = draw(mutated() if payloads is None else payloads)
    text = Layout(payload, draw(styles)).text
    tokens: list[str] = _TOKENS.findall(text)
    places = [index for index, token in enumerate(tokens) if token[0] in _DAMAGE]
    for index in draw(st.lists(st.sampled_from(places), max_size=3, unique=True)) if places else ():
        tokens[index] = draw(st.sampled_from(_DAMAGE[tokens[index][0]]))(tokens[index])
    return "".join(tokens)
