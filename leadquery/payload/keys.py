"""Which key a key of a payload stands for: by its letters, by a known slip, by nearness."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from leadquery.payload.order import key_text
from leadquery.slips import nearest
from leadquery.spec.findings import Change, Json, Spot, shown
from leadquery.spec.rules import Rule
from leadquery.spec.shapes import Key

Written = dict[str, str]
"""The keys that are there: the token each stands for, and the key as it is written."""

_GUESSES = 50
"""How many unknown keys of one object are compared with the known ones."""


def match(
    raw: Mapping[str, Json],
    keys: Iterable[Key],
    label: str,
    spot: Spot,
    fitting: Container[str] | None = None,
) -> Written:
    """The keys of an object; of those that are free, hints name the `fitting` ones.

    Exact keys are taken first, so that a guess never takes the place of a key that is there.
    """
    known = {key.token: key for key in keys}
    fitting = known if fitting is None else fitting
    taken = {token: token for token in known if token in raw}
    guesses = 0
    for written in raw:
        if written in taken:
            continue
        if repeated := _repeated(written, known, taken):
            spot.at(written).report(
                Rule.UNKNOWN_KEY,
                f"{shown(written)} is no key of {label}",
                f"leave it out, {repeated!r} is there already",
            )
            continue
        free = {token: key for token, key in known.items() if token not in taken}
        token = _slip_of(written, free)
        sure = token is not None
        if token is None and guesses < _GUESSES:
            token = _near(written, free)
            guesses += 1
        if token is None:
            _unknown(written, [one for one in free if one in fitting], label, spot)
        else:
            taken[token] = written
            _misspelt(written, token, label, spot, sure=sure)
    return taken


def _repeated(written: object, known: Mapping[str, Key], taken: Mapping[str, str]) -> str | None:
    said = letters(written)
    for token in taken:
        if said and said in {letters(token), *map(letters, known[token].slips)}:
            return taken[token]
    return None


def _slip_of(written: object, free: Mapping[str, Key]) -> str | None:
    """The key that has the same letters, or that people are known to write so."""
    said = letters(written)
    for token, key in free.items():
        if said and said in {letters(token), *map(letters, key.slips)}:
            return token
    return None


def _near(written: object, free: Mapping[str, Key]) -> str | None:
    return nearest(letters(written), {letters(token): token for token in free}, cutoff=0.75)


def letters(text: object) -> str:
    """The letters of a key, without case, blanks and underscores; none for what is no text."""
    if not isinstance(text, str):
        return ""
    return text.replace("_", "").replace(" ", "").casefold()


def _misspelt(written: str, token: str, label: str, spot: Spot, *, sure: bool) -> None:
    at = spot.at(written)
    hint, fix = f"write {token!r}", at.fix(Change.RENAME, token, safe=sure)
    if written.casefold() == token.casefold():
        at.report(Rule.KEY_CASE, f"{written!r} is {token!r} in other letters", hint, fix)
    else:
        at.report(Rule.UNKNOWN_KEY, f"{shown(written)} is no key of {label}", hint, fix)


def _unknown(written: object, free: Sequence[str], label: str, spot: Spot) -> None:
    hint = f"keys that fit here: {', '.join(map(repr, free))}" if free else "leave it out"
    name = key_text(written)
    spot.at(name).report(Rule.UNKNOWN_KEY, f"{shown(name)} is no key of {label}", hint)
