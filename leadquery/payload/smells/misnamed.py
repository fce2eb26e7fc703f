"""Fields under a name that is none of the known ones, but was meant for one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from leadquery.payload.names import Meant, meant
from leadquery.spec.findings import Change, Edit, Finding, Fix, Node, Path, shown
from leadquery.spec.model import Aggregate, Comparison, Listing, Membership, Presence
from leadquery.spec.rules import Rule
from leadquery.spec.vocabulary import SEPARATOR

_NAMES: Final[dict[type, tuple[str, ...]]] = {
    Comparison: ("name",),
    Membership: ("name",),
    Presence: ("name",),
    Aggregate: ("group", "field"),
}
"""The attributes that name a field."""


def misnamed(nodes: Sequence[Node]) -> Iterator[Finding]:
    """Names of fields that stand for others."""
    named = [(node, one) for node in nodes for one in _NAMES.get(type(node.value), ())]
    listings = [node for node in nodes if isinstance(node.value, Listing)]
    columns = [name for node in listings for name in node.value.columns]
    known = meant([*(getattr(node.value, one) for node, one in named), *columns])
    for node, one in named:
        name = getattr(node.value, one)
        if name in known:
            at = node.at(one)
            yield _finding(shown(name), known[name], at, name, _written(at, known[name].name))
    for node in listings:
        yield from _of_columns(node, known)


def _of_columns(node: Node, known: Mapping[str, Meant]) -> Iterator[Finding]:
    """The columns are one text, so that one change mends all of them."""
    names = [known[name].name if name in known else name for name in node.value.columns]
    at = node.at("columns")
    fix = _written(at, SEPARATOR.join(dict.fromkeys(names)))
    for name in node.value.columns:
        if name in known:
            yield _finding(f"the column {shown(name)}", known[name], at, name, fix)


def _written(at: Path, text: str) -> Fix:
    return Fix((Edit(at, Change.WRITE, text),), safe=False)


def _finding(what: str, known: Meant, at: Path, name: str, fix: Fix) -> Finding:
    message = f"{what} {_HOW[known.rule]}"
    if name.casefold() == known.name.casefold():
        message = f"{what} is {known.name!r} in other letters"
    return Finding(known.rule, at, message, f"write {known.name!r}", fix)


_HOW: Final = {
    Rule.NEAR_NAME: "is no known field",
    Rule.SHOWN_NAME: "is no schema name",
}
