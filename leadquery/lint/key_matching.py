"""Which key a key of a payload stands for: by its letters, by a known slip, by nearness."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from leadquery._util.suggest import closest_match
from leadquery.lint.diagnostics import Cursor, Json, key_text
from leadquery.lint.rules import structure
from leadquery.wire.enums import Operator
from leadquery.wire.model import MembershipFilter, ReportFilter, Request
from leadquery.wire.schema import Array, Class, JoinedArray, Key, Object, Union, key_name, keys_of

Written = dict[str, str]
"""The keys that are there: the token each stands for, and the key as it is written."""

_GUESSES = 50
"""How many unknown keys of one object are compared with the known ones."""


def match(
    raw: Mapping[str, Json],
    keys: Iterable[Key],
    label: str,
    spot: Cursor,
    fitting: Container[str] | None = None,
) -> Written:
    """The keys of an object; of those that are free, hints name the `fitting` ones.

    The surest readings of all keys come first, so that a guess never takes the place of a key
    that is there.
    """
    known = {key.token: key for key in keys}
    taken = {token: token for token in known if token in raw}
    if len(taken) == len(raw):
        return taken
    ways = _strategies(known)
    for way in ways:
        _take(raw, way, taken)
    sure = dict(taken)
    _guess([one for one in raw if one not in sure.values() and not _said(one, ways)], known, taken)
    meant = {written: token for token, written in taken.items() if written != token}
    free = [one for one in known if one not in taken and (fitting is None or one in fitting)]
    for written in raw:
        if written in meant:
            _misspelt(written, meant[written], label, spot, sure=meant[written] in sure)
        elif written not in taken:
            _unknown(written, taken.get(_said(written, ways)), free, label, spot)
    return taken


class _MatchStrategy(NamedTuple):
    """A way to read a key: what of it counts, and which token each reading stands for."""

    fold: Callable[[str], str]
    tokens: Mapping[str, str]


def _strategies(known: Mapping[str, Key]) -> tuple[_MatchStrategy, ...]:
    """The sure ways, the surest first: letter case alone, then underscores, then known slips."""
    slips = {normalize_key(slip): token for token, key in known.items() for slip in key.slips}
    return (
        _MatchStrategy(str.casefold, {token.casefold(): token for token in known}),
        _MatchStrategy(normalize_key, {normalize_key(token): token for token in known}),
        _MatchStrategy(normalize_key, slips),
    )


def _take(raw: Mapping[str, Json], way: _MatchStrategy, taken: Written) -> None:
    used = set(taken.values())
    for written in raw:
        token = way.tokens.get(way.fold(written)) if isinstance(written, str) else None
        if token is not None and token not in taken and written not in used:
            taken[token] = written


def _said(written: object, ways: Iterable[_MatchStrategy]) -> str:
    """The token that a key is one of the sure ways to write; none for any other."""
    if not isinstance(written, str):
        return ""
    return next((way.tokens[said] for way in ways if (said := way.fold(written)) in way.tokens), "")


def _guess(unknown: Sequence[object], known: Mapping[str, Key], taken: Written) -> None:
    for written in unknown[:_GUESSES]:
        free = {normalize_key(token): token for token in known if token not in taken}
        token = closest_match(normalize_key(written), free, cutoff=0.75)
        if token is not None:
            taken[token] = str(written)


def normalize_key(text: object) -> str:
    """The letters of a key, without case, blanks and underscores; none for what is no text."""
    if not isinstance(text, str):
        return ""
    return text.replace("_", "").replace(" ", "").casefold()


@cache
def expected_parent() -> Mapping[str, str]:
    """Where each key belongs that has but one place, by its letters."""
    found: dict[str, set[str]] = {}
    _settle(Object(Request), "in the outermost object", found, set())
    return {said: min(places) for said, places in found.items() if said and len(places) == 1}


def _settle(form: Any, place: str, found: dict[str, set[str]], seen: set[Class]) -> None:
    """Note the keys of the objects of a form, which stand at a place."""
    if isinstance(form, (Array, JoinedArray)):
        _settle(form.of, place, found, seen)
    elif isinstance(form, (Object, Union)):
        classes = form.of if isinstance(form, Union) else (form.of,)
        for cls in classes:
            for key in keys_of(cls).values():
                found.setdefault(normalize_key(key.token), set()).add(place)
                if cls not in seen:
                    _settle(key.form, f"in {key.token!r}", found, {*seen, cls})


def logical_key_hint(written: object, label: str) -> str | None:
    """What to write for a key that would join lead filters, elsewhere."""
    among_filters = label in (ReportFilter.label, MembershipFilter.label)
    return _UNJOINED.get(normalize_key(written).lstrip("$")) if among_filters else None


_UNJOINED: Final = {
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


def _misspelt(written: str, token: str, label: str, spot: Cursor, *, sure: bool) -> None:
    at = spot.at(written)
    at.add(structure.misspelled_key(at.path, token, label, safe=sure))


def _unknown(
    written: object, repeats: str | None, free: Sequence[str], label: str, spot: Cursor
) -> None:
    hint = f"valid keys here: {', '.join(map(repr, free))}" if free else "remove it"
    if home := expected_parent().get(normalize_key(written)):
        hint = f"it belongs {home}"
    if joins := logical_key_hint(written, label):
        hint = joins
    if repeats is not None:
        hint = f"remove it; there is already {repeats!r}"
    name = key_text(written)
    at = spot.at(name)
    at.add(structure.unknown_key(at.path, name, label, hint))
