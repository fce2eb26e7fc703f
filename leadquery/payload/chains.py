"""Lists of objects, each of which names the word that joins it to the next."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from leadquery.payload.lists import entries
from leadquery.payload.objects import Members, members
from leadquery.spec.findings import BROKEN, Broken, Change, Edit, Fix, Json, Spot, shown
from leadquery.spec.rules import Rule
from leadquery.spec.shapes import Chain, keys_of
from leadquery.spec.vocabulary import Joiner


def read_chain(form: Chain, raw: Json, spot: Spot) -> Any:
    """A list of objects, each joined to the next by the word it names, the same all along."""
    items = entries(raw, form.of, spot)
    if isinstance(items, Broken):
        return items
    cls, (end, at_end) = form.of.of, items[-1]
    most = [members(cls, item, at) for item, at in items[:-1]]
    last = members(cls, end, at_end, unread=_JOINER)
    stray = None if last is None else _stray(last)
    joined = _check_joiners([one for one in most if one is not None], stray)
    values = tuple(BROKEN if one is None else one.built() for one in (*most, last))
    return values if joined and BROKEN not in values else BROKEN


_JOINER: Final = "joiner"
_EITHER: Final = " or ".join(repr(row.token) for row in Joiner)


class _Stray(NamedTuple):
    """A word on the last entry, which joins it to nothing, and the word it is, if it is one."""

    spot: Spot
    written: Json
    word: Joiner | None


def _stray(last: Members) -> _Stray | None:
    key = keys_of(last.of)[_JOINER]
    written = last.keys.get(key.token)
    if written is None or last.raw[written] is None:
        return None
    spot, value = last.spot.at(written), last.raw[written]
    if not isinstance(value, str):
        spot.read(key.form, value)
        return None
    said = value.strip().casefold()
    word = next((row for row in Joiner if row.token.casefold() == said), None)
    return _Stray(spot, value, word)


def _check_last(stray: _Stray) -> None:
    """Note a word that joins the last entry to nothing."""
    message = f"{shown(stray.written)} joins the last one to nothing"
    fix = stray.spot.fix(Change.REMOVE, safe=True)
    stray.spot.report(Rule.IDLE_JOINER, message, "leave it out", fix)


def _check_joiners(found: list[Members], stray: _Stray | None) -> bool:
    """Whether each entry but the last is joined to the next, all by the same word."""
    joiners = [one.values[_JOINER] for one in found]
    first = next((joiner for joiner in joiners if joiner not in (None, BROKEN)), None)
    joined = [_is_joined(one, first, stray) for one in found]
    # A word that is missing elsewhere is told there, not where it stands.
    if stray is not None and (first is not None or None not in joiners):
        _check_last(stray)
    return all(joined)


def _is_joined(one: Members, first: Joiner | None, stray: _Stray | None) -> bool:
    joiner = one.values[_JOINER]
    if joiner is BROKEN or joiner is first is not None:
        return True
    token = keys_of(one.of)[_JOINER].token
    spot = one.spot.at(one.keys.get(token, token))
    if joiner is None or first is None:
        _missing_joiner(spot, first, stray, written=token in one.keys)
        return False
    spot.report(
        Rule.MIXED_JOINERS,
        f"{joiner.token!r} stands on one level with {first.token!r}",
        f"write {first.token!r}, or put what belongs together into a group of its own",
    )
    return False


def _missing_joiner(
    spot: Spot, first: Joiner | None, stray: _Stray | None, *, written: bool
) -> None:
    """Note that a word is missing: that of the others, or the one that stands on the last entry."""
    message, fix = "nothing joins this to the next", None
    moved = stray.word if first is None and stray is not None else None
    word = first or moved
    hint = f"write {word.token!r}" if word else f"write {_EITHER}"
    if moved:
        hint = f"{hint} here, where it joins, and not on the last one"
    if word and written:
        edits = [Edit(spot.path, Change.WRITE, word.token)]
        if moved and stray is not None:
            edits.append(Edit(stray.spot.path, Change.REMOVE))
        fix = Fix(tuple(edits), safe=False)
    spot.report(Rule.MISSING_JOINER, message, hint, fix)
