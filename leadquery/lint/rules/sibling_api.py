"""LQ207: bodies written for a sibling API, with a translation if the meaning survives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final, NamedTuple

from leadquery.lint.check import run_checks
from leadquery.lint.diagnostics import Edit, EditKind, Fix, Path, RawDiagnostic
from leadquery.lint.fixes import apply_to_object
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.reader import read_request
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import FILTERED
from leadquery.lint.rules.names import DERIVED_COLUMN
from leadquery.lint.rules.structure import MISSING_KEY
from leadquery.lint.rules.suspicious import MISSING_PAGING
from leadquery.wire.model import ReportFilter, Request
from leadquery.wire.schema import key_name
from leadquery.wire.sibling_apis import (
    CAPTURE,
    OFFSET_KEYS,
    SIBLING_APIS,
    KeyMapping,
    SiblingApi,
)
from leadquery.wire.types import Json

SIBLING_API: Final = Rule(
    code="LQ207",
    name="sibling-api",
    severity=Severity.ERROR,
    title="a body written for a sibling API",
    rationale="Its filters are under keys that this API does not know and may ignore.",
    spec_section="JSON Body",
    certainty=Certainty.SAMPLE,
    bad='{"Parameter": {"LookupName": "Phone", "LookupValue": "9", "SqlOperator": "="}}',
    good=FILTERED,
    at_key=True,
)


JsonObject = dict[str, Json]

WrittenKeys = dict[str, str]
"""The keys of an object as they are written, by their normalized form."""


class SiblingBody(NamedTuple):
    """The diagnostic of a body for a sibling API, and the rest, which is read as this API's."""

    diagnostic: RawDiagnostic
    rest: Json

    def keeps(self, found: RawDiagnostic) -> bool:
        """Whether to report a diagnostic of the rest; that keys are missing there is expected."""
        missing = found.rule is MISSING_KEY and len(found.path) == 1
        return not (missing or found.rule is MISSING_PAGING)


def detect_sibling_api(raw: Json) -> SiblingBody | None:
    """The sibling API that a body was written for, recognised by its keys."""
    if isinstance(raw, list):
        captured = bool(raw) and all(map(_is_captured, raw))
        return SiblingBody(_diagnostic(CAPTURE, ()), {}) if captured else None
    if not isinstance(raw, dict):
        return None
    written = _written_keys(raw)
    if _TELLING_KEYS.isdisjoint(written):
        return None
    for api in SIBLING_APIS:
        if found := _detect(api, raw, written):
            return found
    return None


_TELLING_KEYS: Final = frozenset(
    normalize_key(key) for api in SIBLING_APIS for key in (*api.signature_keys, *api.weak_keys)
)
"""Keys of which a body for a sibling API has one."""


def _written_keys(raw: JsonObject) -> WrittenKeys:
    return {normalize_key(key): key for key in reversed(raw)}


def _present(written: WrittenKeys, keys: Iterable[str]) -> list[str]:
    """Those of some keys that an object has, as they are written."""
    return [written[key] for key in _normalized(tuple(keys)) if key in written]


@cache
def _normalized(keys: tuple[str, ...]) -> list[str]:
    return list(map(normalize_key, keys))


def _is_captured(entry: Json) -> bool:
    """Whether an entry of a list is an attribute with its value, or a list of such."""
    if isinstance(entry, dict):
        return len(_present(_written_keys(entry), CAPTURE.signature_keys)) == len(
            CAPTURE.signature_keys
        )
    return isinstance(entry, list) and bool(entry) and all(map(_is_attribute, entry))


def _is_attribute(entry: Json) -> bool:
    return isinstance(entry, dict) and _is_captured(entry)


def _detect(api: SiblingApi, raw: JsonObject, written: WrittenKeys) -> SiblingBody | None:
    """The diagnostic of a body if it is written for an API."""
    signature = _signature_keys(api, raw, written)
    if not signature:
        return None
    own = [*signature, *_present(written, api.other_keys)]
    first = next(key for key in raw if key in signature)
    moves = {key: move for move in api.mappings for key in _present(written, [move.key])}
    try:
        converted = {move.target: move.convert(raw[key]) for key, move in moves.items()}
        translated = _fix_all(converted)
    except ValueError as error:
        translated = _Translated(None, str(error))
    result = _translation(api, raw, written, own, moves, translated)
    fix = result if isinstance(result, Fix) else None
    found = _diagnostic(api, (first,), fix)
    if api.mappings and not isinstance(result, Fix):
        found = found._replace(hint=f"{found.hint}; but {result}")
    report = (translated.body or {}).get(key_name(Request, "report"), {})
    users = key_name(ReportFilter, "users")
    if found.fix and users in report and users not in api.migration_hint:
        found = found._replace(hint=f"{found.hint}; owners are filtered in {users!r}")
    if found.fix and (dropped := [key for key in own if _is_dropped(key, raw, found.fix)]):
        hint = f"{found.hint}; the fix drops {' and '.join(map(repr, dropped))}"
        found = found._replace(hint=hint)
    own += [key for key in _present(written, [_PAGING]) if _has_key(raw[key], OFFSET_KEYS)]
    return SiblingBody(found, _without(raw, own))


_SORTING: Final = normalize_key("Sorting")

_PAGING: Final = key_name(Request, "paging")


def _is_dropped(key: str, raw: JsonObject, fix: Fix) -> bool:
    return raw[key] is not None and Edit((key,), EditKind.REMOVE) in fix.edits


def _has_key(value: Json, keys: Iterable[str]) -> bool:
    return isinstance(value, dict) and bool(_present(_written_keys(value), keys))


def _signature_keys(api: SiblingApi, raw: JsonObject, written: WrittenKeys) -> list[str]:
    """The keys that give an object away as written for an API; none if it is not."""
    certain, weak = _present(written, api.signature_keys), _present(written, api.weak_keys)
    if api.criteria_keys:
        certain = [key for key in certain if _has_key(raw[key], api.criteria_keys)]
    together = (
        api.excluding_keys
        and len(weak) == len(api.weak_keys)
        and not _present(written, api.excluding_keys)
    )
    return [*certain, *weak] if certain or together else []


def _without(raw: JsonObject, keys: list[str]) -> JsonObject:
    return {key: value for key, value in raw.items() if key not in keys}


def _diagnostic(api: SiblingApi, path: Path, fix: Fix | None = None) -> RawDiagnostic:
    written = "a response of" if api.is_response else "written for"
    message = f"this body is {written} {api.name}"
    return RawDiagnostic(SIBLING_API, path, message, api.migration_hint, fix)


class _Translated(NamedTuple):
    """A part of a body with its own mistakes fixed, or None, and why it cannot be translated."""

    body: JsonObject | None
    reason: str = ""


def _translation(
    api: SiblingApi,
    raw: JsonObject,
    written: WrittenKeys,
    own: list[str],
    moves: Mapping[str, KeyMapping],
    translated: _Translated,
) -> Fix | str:
    """The edits that make a body this API's, if nothing is lost but a sort order; or why not."""
    output = key_name(Request, "output")
    targets = [move.target for move in moves.values()]
    lost = [key for key in _present(written, api.other_keys) if raw[key] is not None]
    lost = [key for key in lost if key not in moves and normalize_key(key) != _SORTING]
    if lost:
        return f"there is nothing like {lost[0]!r} here"
    if present := _present(written, targets):
        return f"there is already {present[0]!r}"
    if translated.body is None:
        return translated.reason
    if output not in targets and not _present(written, [output]):
        return f"it names no lead fields for {output!r}"
    edits = [Edit((key,), EditKind.REMOVE) for key in own if key not in moves]
    for key, move in moves.items():
        edits.append(Edit((key,), EditKind.RENAME, move.target))
        edits.append(Edit((key,), EditKind.WRITE, translated.body[move.target]))
    return Fix(tuple(edits), safe=False)


def _fix_all(body: JsonObject) -> _Translated:
    """A part of a body with its own mistakes fixed."""
    found = _check_part(body)
    for one in found:
        if _is_error(one) and one.fix is None:
            return _Translated(None, _reason(one))
    edits = [edit for one in found if one.fix for edit in one.fix.edits]
    fixed: JsonObject = apply_to_object(body, edits)
    # A criterion on the name of the owner is not one on a field of the lead.
    checked = [*run_checks(read_request(fixed).context), *_check_part(fixed)]
    failed = (one for one in checked if one.rule is DERIVED_COLUMN or _is_error(one))
    if (first := next(failed, None)) is not None:
        return _Translated(None, _reason(first))
    return _Translated(fixed)


def _reason(found: RawDiagnostic) -> str:
    return f"{found.message}: {found.hint}" if found.hint else found.message


def _check_part(body: JsonObject) -> list[RawDiagnostic]:
    """The diagnostics of some keys of a body; it does not matter that others are missing."""
    found = read_request(body).context.diagnostics
    return [one for one in found if not one.path or one.path[0] in body]


def _is_error(found: RawDiagnostic) -> bool:
    return found.rule.severity is Severity.ERROR
