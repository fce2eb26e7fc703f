"""Which known key a key of a payload stands for: by spelling, by alias, by similarity."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from leadquery._util.text import closest_match, plain_letters
from leadquery.lint.diagnostics import (
    INVALID,
    Cursor,
    Fix,
    Path,
    RawDiagnostic,
    ReadContext,
    key_text,
)
from leadquery.lint.rules import Severity, structure
from leadquery.wire.enums import LogicalOperator, Operator
from leadquery.wire.model import MembershipFilter, ReportFilter, Request
from leadquery.wire.schema import (
    Array,
    Class,
    JoinedArray,
    Key,
    Object,
    Type,
    Union,
    key_name,
    keys_by_name,
    keys_of,
)
from leadquery.wire.types import EnumType, Json, PositiveInt

MatchedKeys = dict[str, str]
"""Known keys in an object, each with the key as it is written."""

_MAX_GUESSES: Final = 50
"""How many unknown keys of one object are compared with the known ones."""


def match_keys(
    raw: Mapping[str, Json],
    known: Mapping[str, Key],
    label: str,
    cursor: Cursor,
    expected: Mapping[str, Key] | None = None,
) -> MatchedKeys:
    """Match the keys of an object with the `known` ones, and report misspelled and unknown keys.

    Exact spellings are matched first and guesses last, so that a guess never takes the place of a
    key that is there. The only unknown key stands for the only missing key that its value fits.
    Hints suggest only keys that are `expected`, unless it is None.
    """
    matched = {name: name for name in known if name in raw}
    strategies = _strategies(tuple(known.values()))
    for strategy in strategies:
        _match_by(strategy, raw, matched)
    certain = dict(matched)
    used = set(certain.values())
    unknown = [key for key in raw if key not in used and not _known_as(key, strategies)]
    # A key of another object is none of this one, however similar.
    _guess([key for key in unknown if normalize_key(key) not in expected_places()], known, matched)
    misspelled = {written: name for name, written in matched.items() if written != name}
    free = {name: key for name, key in (expected or known).items() if name not in matched}
    by_value = _match_by_value(raw, free, matched, strategies, label)
    if by_value is not None:
        matched[by_value.name] = by_value.written
    for written in raw:
        if by_value is not None and written == by_value.written:
            cursor.add(by_value.diagnostic(cursor.at(written).path, label))
        elif written in misspelled:
            name, path = misspelled[written], cursor.at(written).path
            cursor.add(structure.misspelled_key(path, name, label, safe=name in certain))
        elif written not in matched:
            present = matched.get(_known_as(written, strategies))
            logical = logical_key_hint(written, label) or _joiner_hint(raw[written], label)
            place = None if present or logical else expected_places().get(normalize_key(written))
            if place is None:
                _report_unknown(written, present, logical, free, cursor, label)
            else:
                _report_misplaced(written, place, raw, matched, label, cursor)
    return matched


class _MatchStrategy(NamedTuple):
    """One way to compare keys: what is left of a key, and the known key of each."""

    normalize: Callable[[str], str]
    names: Mapping[str, str]


@cache
def _strategies(keys: tuple[Key, ...]) -> tuple[_MatchStrategy, ...]:
    """By letter case, then without underscores and spaces, then by alias."""
    names = [key.name for key in keys]
    aliases = {normalize_key(alias): key.name for key in keys for alias in key.aliases}
    return (
        _MatchStrategy(str.casefold, {name.casefold(): name for name in names}),
        _MatchStrategy(normalize_key, {normalize_key(name): name for name in names}),
        _MatchStrategy(normalize_key, aliases),
    )


def _match_by(strategy: _MatchStrategy, raw: Mapping[str, Json], matched: MatchedKeys) -> None:
    used = set(matched.values())
    for written in raw:
        name = _find(written, strategy)
        if name and name not in matched and written not in used:
            matched[name] = written


def _find(written: object, strategy: _MatchStrategy) -> str:
    if not isinstance(written, str):
        return ""
    return strategy.names.get(strategy.normalize(written), "")


def _known_as(written: object, strategies: Iterable[_MatchStrategy]) -> str:
    """The known key that a key surely stands for; "" if there is none."""
    return next(filter(None, (_find(written, strategy) for strategy in strategies)), "")


def _guess(unknown: Sequence[object], known: Mapping[str, Key], matched: MatchedKeys) -> None:
    for written in unknown[:_MAX_GUESSES]:
        free = {normalize_key(name): name for name in known if name not in matched}
        name = closest_match(normalize_key(written), free, cutoff=0.75)
        if name is not None:
            matched[name] = str(written)


class _MatchByValue(NamedTuple):
    """An unknown key, and the key that its value fits."""

    written: str
    name: str
    certain: bool
    """Whether only the value of that key looks like this one."""

    def diagnostic(self, path: Path, label: str) -> RawDiagnostic:
        if self.certain:
            return structure.misspelled_key(path, self.name, label, safe=False)
        hint = f"write {self.name!r}, which is missing"
        return structure.unknown_key(path, self.written, label, hint)


def _match_by_value(
    raw: Mapping[str, Json],
    free: Mapping[str, Key],
    matched: MatchedKeys,
    strategies: Iterable[_MatchStrategy],
    label: str,
) -> _MatchByValue | None:
    """What the only unknown key stands for, if its value fits one missing key only.

    Any text fits a name or a value, so these count only where they are required. Numbers do not
    count at all: those of another paging may be offsets.
    """
    used = set(matched.values())
    unknown = [written for written in raw if written not in used]
    if len(unknown) != 1 or not free:
        return None
    [written] = unknown
    value = raw[written]
    if (
        not isinstance(written, str)
        or value in (None, "", [], {})
        or _known_as(written, strategies)
        or logical_key_hint(written, label)
    ):
        return None
    fitting = [key for key in free.values() if _fits(key, value)]
    certain = [key for key in fitting if _is_distinct(key.type)]
    if not certain and normalize_key(written) not in expected_places():
        fitting = [one for one in fitting if one.required and not isinstance(one.type, PositiveInt)]
    else:
        fitting = certain
    return _MatchByValue(written, fitting[0].name, bool(certain)) if len(fitting) == 1 else None


def _is_distinct(wire_type: Type) -> bool:
    """Whether the values of a type look like those of no other; one that is ignored takes any."""
    if isinstance(wire_type, Array):
        return _is_distinct(wire_type.of)
    if isinstance(wire_type, EnumType):
        return not wire_type.unused
    return isinstance(wire_type, (Object, Union, JoinedArray))


def _fits(key: Key, value: Json) -> bool:
    """Whether a value has no error as that of a key."""
    context = ReadContext()
    read = Cursor((), context).read(key.type, value)
    errors = (one for one in context.diagnostics if one.rule.severity is Severity.ERROR)
    return read is not INVALID and not any(errors)


def normalize_key(key: object) -> str:
    """A key in English letters, without case, spaces and underscores; "" if it is not text."""
    if not isinstance(key, str):
        return ""
    return plain_letters(key).replace("_", "").replace(" ", "").casefold()


class ExpectedPlace(NamedTuple):
    """The only place of a key: under which key, or "" for the outermost object."""

    parent: str
    key: Key


@cache
def expected_places() -> Mapping[str, ExpectedPlace]:
    """Where each key belongs that has only one place, by normalized key."""
    places: dict[str, dict[str, Key]] = {}
    _collect_places(Object(Request), "", places, set())
    found = {key: [*keys.items()] for key, keys in places.items() if key}
    return {key: ExpectedPlace(*only[0]) for key, only in found.items() if len(only) == 1}


def _collect_places(
    wire_type: Any, parent: str, places: dict[str, dict[str, Key]], seen: set[Class]
) -> None:
    if isinstance(wire_type, (Array, JoinedArray)):
        _collect_places(wire_type.of, parent, places, seen)
    elif isinstance(wire_type, (Object, Union)):
        classes = wire_type.of if isinstance(wire_type, Union) else (wire_type.of,)
        for cls in classes:
            for key in keys_of(cls).values():
                places.setdefault(normalize_key(key.name), {}).setdefault(parent, key)
                if cls not in seen:
                    _collect_places(key.type, key.name, places, {*seen, cls})


def _report_misplaced(
    written: str,
    place: ExpectedPlace,
    raw: Mapping[str, Json],
    matched: MatchedKeys,
    label: str,
    cursor: Cursor,
) -> None:
    """Report a key that belongs in another object, and what is wrong in its value."""
    hint = (
        f"it belongs in {place.parent!r}" if place.parent else "it belongs in the outermost object"
    )
    here, wire_type = cursor.at(written), place.key.type
    fix = _move(written, place, raw, matched, cursor)
    cursor.add(structure.unknown_key(here.path, written, label, hint, fix))
    if fix or isinstance(wire_type, (Array, JoinedArray, Object, Union)):
        here.read(wire_type, raw[written])


def _move(
    written: str,
    place: ExpectedPlace,
    raw: Mapping[str, Json],
    matched: MatchedKeys,
    cursor: Cursor,
) -> Fix | None:
    """The fix for a key of the outermost object that belongs one object further in."""
    parent = keys_by_name(Request).get(place.parent)
    if cursor.path or parent is None or not isinstance(parent.type, Object):
        return None
    if matched.get(place.parent, place.parent) != place.parent:
        return None
    target = raw.get(place.parent, {})
    if not isinstance(target, dict) or normalize_key(written) in map(normalize_key, target):
        return None
    keys = keys_of(parent.type.of).values()
    if any(key.required and key.name not in {*target, *raw} for key in keys):
        return None
    return Fix.move((written,), place.parent)


def logical_key_hint(written: object, label: str) -> str | None:
    """What to write instead of a key such as "or" among lead filters; None for other keys."""
    if label not in (ReportFilter.label, MembershipFilter.label):
        return None
    return _LOGICAL_KEYS.get(normalize_key(written).lstrip("$"))


_LOGICAL_KEYS: Final = {
    **dict.fromkeys(
        ("or", "any"),
        "lead filters are joined by AND only; for one of several values of a field, use "
        f"{key_name(MembershipFilter, 'values')!r} with the operator {Operator.ONE_OF.token!r}, "
        "for anything else, write one query for each side",
    ),
    **dict.fromkeys(
        ("and", "all"),
        "lead filters are already joined by AND; "
        f"write them one after another in {key_name(ReportFilter, 'filters')!r}",
    ),
    "not": "lead filters are joined by AND only; write the opposite operator, such as "
    f"{Operator.NOT_EQUAL.token!r} for {Operator.EQUAL.token!r}",
}


def _joiner_hint(value: Json, label: str) -> str | None:
    """What to write instead of an operator between lead filters, such as "Condition": "OR"."""
    is_joiner = normalize_key(value) in {one.token.casefold() for one in LogicalOperator}
    return logical_key_hint(value, label) if is_joiner else None


def _report_unknown(
    written: object,
    present: str | None,
    logical: str | None,
    free: Iterable[str],
    cursor: Cursor,
    label: str,
) -> None:
    """Report an unknown key; `present` is the key that has its place already."""
    if present is not None:
        hint = f"remove it; there is already {present!r}"
    elif logical:
        hint = logical
    else:
        hint = f"valid keys here: {', '.join(map(repr, free))}" if free else "remove it"
    name = key_text(written)
    cursor.add(structure.unknown_key(cursor.at(name).path, name, label, hint))
