"""Bodies written for a neighbouring API: said once, and translated where the meaning survives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from leadquery.lint.diagnostics import Edit, EditKind, Fix, Json, Path, RawDiagnostic
from leadquery.lint.edits import apply_to_object
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.reader import read_object
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import FILTERED
from leadquery.lint.rules.structure import MISSING_KEY
from leadquery.lint.rules.suspicious import MISSING_PAGING
from leadquery.wire.model import Request
from leadquery.wire.schema import keys_of
from leadquery.wire.sibling_apis import CAPTURE, SIBLING_APIS, SiblingApi

SIBLING_API: Final = Rule(
    code="LQ207",
    name="sibling-api",
    severity=Severity.ERROR,
    title="a body written for a sibling API",
    rationale="Its filters are under keys that this API does not know and may ignore.",
    spec_section="JSON Body",
    certainty=Certainty.SHOWN,
    bad='{"Parameter": {"LookupName": "Phone", "LookupValue": "9", "SqlOperator": "="}}',
    good=FILTERED,
    at_key=True,
)


Object = dict[str, Json]

Spelt = dict[str, str]
"""The keys of an object as they are written, by their letters."""


class SiblingBody(NamedTuple):
    """What is said of a body for a neighbouring API, and what of it is read on as this one's."""

    finding: RawDiagnostic
    rest: Json
    same_body: bool = False

    def leaves(self, found: RawDiagnostic) -> bool:
        """Whether a finding in the rest stands; what only this API asks for is not missed."""
        missed = found.rule is MISSING_KEY and len(found.path) == 1
        return self.same_body or not (missed or found.rule is MISSING_PAGING)


def sibling_api(raw: Json) -> SiblingBody | None:
    """The neighbouring API that a body was written for, told by its keys."""
    if isinstance(raw, list):
        captured = bool(raw) and all(map(_is_captured, raw))
        return SiblingBody(_finding(CAPTURE, ()), {}) if captured else None
    if not isinstance(raw, dict):
        return None
    spelt = _spelt(raw)
    for api in SIBLING_APIS:
        if found := _written_for(api, raw, spelt):
            return found
    return None


def _spelt(raw: Object) -> Spelt:
    return {normalize_key(key): key for key in reversed(raw)}


def _in(spelt: Spelt, tokens: Iterable[str]) -> list[str]:
    """Those of some keys that are there, as they are written."""
    said = (normalize_key(token) for token in tokens)
    return [spelt[one] for one in said if one in spelt]


def _is_captured(entry: Json) -> bool:
    """Whether an entry of a list is an attribute with its value, or a list of such."""
    if isinstance(entry, dict):
        return len(_in(_spelt(entry), CAPTURE.told_by)) == len(CAPTURE.told_by)
    return isinstance(entry, list) and bool(entry) and all(map(_is_pair, entry))


def _is_pair(entry: Json) -> bool:
    return isinstance(entry, dict) and _is_captured(entry)


def _written_for(api: SiblingApi, raw: Object, spelt: Spelt) -> SiblingBody | None:
    """What is said of a body if it is written for an API."""
    if api.inside is not None:
        return _written_inside(api, raw, _in(spelt, [api.inside]))
    tells = _tells(api, spelt)
    if not tells:
        return None
    own = [*tells, *_in(spelt, api.others)]
    first = next(key for key in raw if key in tells)
    finding = _finding(api, (first,), _translation(api, raw, spelt, own))
    return SiblingBody(finding, _without(raw, own))


def _written_inside(api: SiblingApi, raw: Object, holders: list[str]) -> SiblingBody | None:
    for holder in holders:
        under = raw[holder]
        if isinstance(under, dict) and (tells := _tells(api, _spelt(under))):
            first = next(key for key in under if key in tells)
            rest = {**raw, holder: _without(under, tells)}
            return SiblingBody(_finding(api, (holder, first)), rest, same_body=True)
    return None


def _tells(api: SiblingApi, spelt: Spelt) -> list[str]:
    """The tell-tale keys of an object, if it is written for an API."""
    told, beside = _in(spelt, api.told_by), _in(spelt, api.beside)
    together = api.unless and len(beside) == len(api.beside) and not _in(spelt, api.unless)
    return [*told, *beside] if told or together else []


def _without(raw: Object, keys: list[str]) -> dict[str, Json]:
    return {key: value for key, value in raw.items() if key not in keys}


def _finding(api: SiblingApi, path: Path, fix: Fix | None = None) -> RawDiagnostic:
    return RawDiagnostic(
        SIBLING_API, path, f"this body is written for {api.name}", api.carries, fix
    )


def _translation(api: SiblingApi, raw: Object, spelt: Spelt, own: list[str]) -> Fix | None:
    """The edits that make of a body what this API asks, where no more than an order is lost."""
    output = keys_of(Request)["output"].token
    moves = {key: move for move in api.moves for key in _in(spelt, [move.key])}
    made = {move.to: move.becomes(raw[key]) for key, move in moves.items()}
    lost = any(raw[key] is not None for key in _in(spelt, api.others))
    if lost or _in(spelt, made) or not (output in made or _in(spelt, [output])):
        return None
    mended = _mended(made)
    if mended is None:
        return None
    edits = [Edit((key,), EditKind.REMOVE) for key in own if key not in moves]
    for key, move in moves.items():
        edits.append(Edit((key,), EditKind.RENAME, move.to))
        edits.append(Edit((key,), EditKind.WRITE, mended[move.to]))
    return Fix(tuple(edits), safe=False)


def _mended(made: dict[str, Json]) -> dict[str, Json] | None:
    """What was moved, with its own mistakes mended; None where an error is left."""
    found = _findings(made)
    if any(_is_error(one) and one.fix is None for one in found):
        return None
    mended: dict[str, Json] = apply_to_object(
        made, [e for one in found if one.fix for e in one.fix.edits]
    )
    return None if any(map(_is_error, _findings(mended))) else mended


def _findings(made: dict[str, Json]) -> list[RawDiagnostic]:
    """What reading finds in some keys of a body; that others are missing is beside the point."""
    return [one for one in read_object(made).findings if not one.path or one.path[0] in made]


def _is_error(found: RawDiagnostic) -> bool:
    return found.rule.severity is Severity.ERROR
