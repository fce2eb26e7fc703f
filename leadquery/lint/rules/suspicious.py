"""Smells: what is allowed, but makes little sense. All of them are warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final

from leadquery.lint.diagnostics import Edit, EditKind, Fix, ParsedObject, RawDiagnostic
from leadquery.lint.json_values import describe_json
from leadquery.lint.rules.contradictions import contradictions
from leadquery.lint.rules.names import check_names
from leadquery.lint.rules.registry import Rule
from leadquery.lint.rules.suspicious_fast import LARGE, NOON, is_plain, wildcards
from leadquery.wire.enums import Operator, UserOperator
from leadquery.wire.model import (
    ComparisonFilter,
    DateRange,
    MembershipFilter,
    Paging,
    Request,
    UserCondition,
)
from leadquery.wire.protocol import SEPARATOR
from leadquery.wire.schema import keys_of
from leadquery.wire.types import FIRST, LAST, format_timestamp

__all__ = ["is_plain", "run_suspicious"]


def run_suspicious(nodes: Sequence[ParsedObject]) -> list[RawDiagnostic]:
    """The smells of a payload. An object that is not read for certain gives none but
    what it does not hold.
    """
    found = [one for node in nodes if node.of is Request for one in _no_paging(node)]
    certain = [node for node in nodes if node.certain]
    for node in certain:
        smell = _SMELLS.get(node.of)
        if smell is not None:
            found += smell(node)
    return [*found, *contradictions(certain), *check_names(certain)]


def _noon(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """Noon at either end, with the end of the day that is probably meant."""
    for attribute, clock in _ENDS.items():
        moment = getattr(node.value, attribute)
        if moment.time() == NOON:
            text = format_timestamp(datetime.combine(moment, clock))
            fix = Fix((Edit(node.at(attribute), EditKind.WRITE, text),), safe=False)
            message = f"{format_timestamp(moment)!r} is noon, not the {attribute} of a day"
            hint = f"write {text!r} for the whole day"
            yield RawDiagnostic(Rule.NOON, node.at(attribute), message, hint, fix)


_ENDS: Final = {"start": FIRST, "end": LAST}


def _no_paging(node: ParsedObject) -> Iterator[RawDiagnostic]:
    if not node.keys["paging"]:
        token = keys_of(Request)["paging"].token
        index, size = (key.token for key in keys_of(Paging).values())
        message = f"without {token!r} it is not known how many rows come"
        hint = f'write "{token}": {{"{index}": 1, "{size}": 100}}'
        yield RawDiagnostic(Rule.NO_PAGING, (*node.path, token), message, hint)


def _large_page(node: ParsedObject) -> Iterator[RawDiagnostic]:
    if node.value.size > LARGE:
        message = f"{node.value.size} rows are a very large page"
        hint = f"write {LARGE} or less, and ask for page after page"
        yield RawDiagnostic(Rule.LARGE_PAGE, node.at("size"), message, hint)


def _one_of_one(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """One value under the operator for several: the plain comparison, or a list cut short."""
    if len(node.value.values) > 1:
        return
    [value] = node.value.values
    at, equal = node.at("values"), Operator.EQUAL.token
    message = f"the list holds one value, {describe_json(value)}"
    if SEPARATOR in value:
        hint = f"write each value as a text of its own, or the operator {equal!r} for this one"
        yield RawDiagnostic(Rule.ONE_OF_ONE, at, message, hint)
        return
    edits = (
        Edit(node.at("operator"), EditKind.WRITE, equal),
        Edit(at, EditKind.RENAME, keys_of(ComparisonFilter)["value"].token),
        Edit(at, EditKind.WRITE, value),
    )
    hint = f"write the operator {equal!r}, or the values that are missing"
    yield RawDiagnostic(Rule.ONE_OF_ONE, at, message, hint, Fix(edits, safe=False))


def _wildcard(node: ParsedObject) -> Iterator[RawDiagnostic]:
    """A sign that stands for any letters elsewhere, in a text that is searched for."""
    text = node.value.value
    if node.value.operator not in _SEARCHES or not wildcards(text):
        return
    at, part = node.at("value"), text.strip(_SIGNS)
    message = f"{describe_json(text)} is looked for letter by letter, its wildcards too"
    if not part or wildcards(part):
        yield RawDiagnostic(Rule.WILDCARD, at, message, "write a part of the text without them")
        return
    hint = f"write {describe_json(part)}, which is found anywhere in the text"
    fix = Fix((Edit(at, EditKind.WRITE, part),), safe=False)
    yield RawDiagnostic(Rule.WILDCARD, at, message, hint, fix)


_SIGNS: Final = "%*"

_SEARCHES: Final = (
    Operator.CONTAINS,
    Operator.DOES_NOT_CONTAIN,
    UserOperator.CONTAINS.token,
)

_SMELLS: Final[dict[type, Callable[[ParsedObject], Iterator[RawDiagnostic]]]] = {
    ComparisonFilter: _wildcard,
    DateRange: _noon,
    MembershipFilter: _one_of_one,
    Paging: _large_page,
    UserCondition: _wildcard,
}
