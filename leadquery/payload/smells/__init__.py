"""Smells: what is allowed, but makes little sense. All of them are warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from leadquery.payload.smells.contradictions import contradictions
from leadquery.payload.smells.misnamed import misnamed
from leadquery.payload.smells.plain import LARGE, NOON, is_plain, wildcards
from leadquery.spec.findings import Change, Edit, Finding, Fix, Node, shown
from leadquery.spec.forms import FIRST, LAST, timestamp
from leadquery.spec.model import Comparison, DateRange, Membership, Paging, Request, UserCondition
from leadquery.spec.rules import Rule
from leadquery.spec.shapes import keys_of
from leadquery.spec.vocabulary import SEPARATOR, Operator, UserOperator

__all__ = ["is_plain", "smells"]


def smells(nodes: Sequence[Node]) -> list[Finding]:
    """The smells of a payload. An object that is not read for certain gives none but
    what it does not hold.
    """
    found = [one for node in nodes if node.of is Request for one in _no_paging(node)]
    certain = [node for node in nodes if node.certain]
    for node in certain:
        smell = _SMELLS.get(node.of)
        if smell is not None:
            found += smell(node)
    return [*found, *contradictions(certain), *misnamed(certain)]


def _noon(node: Node) -> Iterator[Finding]:
    """Noon at either end, with the end of the day that is probably meant."""
    for attribute, clock in _ENDS.items():
        moment = getattr(node.value, attribute)
        if moment.time() == NOON:
            text = timestamp(datetime.combine(moment, clock))
            fix = Fix((Edit(node.at(attribute), Change.WRITE, text),), safe=False)
            message = f"{timestamp(moment)!r} is noon, not the {attribute} of a day"
            hint = f"write {text!r} for the whole day"
            yield Finding(Rule.NOON, node.at(attribute), message, hint, fix)


_ENDS: Final = {"start": FIRST, "end": LAST}


def _no_paging(node: Node) -> Iterator[Finding]:
    if not node.keys["paging"]:
        token = keys_of(Request)["paging"].token
        index, size = (key.token for key in keys_of(Paging).values())
        message = f"without {token!r} it is not known how many rows come"
        hint = f'write "{token}": {{"{index}": 1, "{size}": 100}}'
        yield Finding(Rule.NO_PAGING, (*node.path, token), message, hint)


def _large_page(node: Node) -> Iterator[Finding]:
    if node.value.size > LARGE:
        message = f"{node.value.size} rows are a very large page"
        hint = f"write {LARGE} or less, and ask for page after page"
        yield Finding(Rule.LARGE_PAGE, node.at("size"), message, hint)


def _one_of_one(node: Node) -> Iterator[Finding]:
    """One value under the operator for several: the plain comparison, or a list cut short."""
    if len(node.value.values) > 1:
        return
    [value] = node.value.values
    at, equal = node.at("values"), Operator.EQUAL.token
    message = f"the list holds one value, {shown(value)}"
    if SEPARATOR in value:
        hint = f"write each value as a text of its own, or the operator {equal!r} for this one"
        yield Finding(Rule.ONE_OF_ONE, at, message, hint)
        return
    edits = (
        Edit(node.at("operator"), Change.WRITE, equal),
        Edit(at, Change.RENAME, keys_of(Comparison)["value"].token),
        Edit(at, Change.WRITE, value),
    )
    hint = f"write the operator {equal!r}, or the values that are missing"
    yield Finding(Rule.ONE_OF_ONE, at, message, hint, Fix(edits, safe=False))


def _wildcard(node: Node) -> Iterator[Finding]:
    """A sign that stands for any letters elsewhere, in a text that is searched for."""
    text = node.value.value
    if node.value.operator not in _SEARCHES or not wildcards(text):
        return
    at, part = node.at("value"), text.strip(_SIGNS)
    message = f"{shown(text)} is looked for letter by letter, its wildcards too"
    if not part or wildcards(part):
        yield Finding(Rule.WILDCARD, at, message, "write a part of the text without them")
        return
    hint = f"write {shown(part)}, which is found anywhere in the text"
    fix = Fix((Edit(at, Change.WRITE, part),), safe=False)
    yield Finding(Rule.WILDCARD, at, message, hint, fix)


_SIGNS: Final = "%*"
_SEARCHES: Final = (
    Operator.CONTAINS,
    Operator.DOES_NOT_CONTAIN,
    UserOperator.CONTAINS.token,
)

_SMELLS: Final[dict[type, Callable[[Node], Iterator[Finding]]]] = {
    Comparison: _wildcard,
    DateRange: _noon,
    Membership: _one_of_one,
    Paging: _large_page,
    UserCondition: _wildcard,
}
