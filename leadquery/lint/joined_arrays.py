"""Lists of objects, each of which names the word that joins it to the next."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from leadquery.lint.arrays import read_items
from leadquery.lint.diagnostics import INVALID, Cursor, Edit, EditKind, Fix, Invalid, Json
from leadquery.lint.objects import ParsedMembers, read_members
from leadquery.lint.rules import combinations
from leadquery.wire.enums import LogicalOperator
from leadquery.wire.schema import JoinedArray, keys_of


def read_joined_array(form: JoinedArray, raw: Json, spot: Cursor) -> Any:
    """A list of objects, each joined to the next by the word it names, the same all along."""
    items = read_items(raw, form.of, spot)
    if isinstance(items, Invalid):
        return items
    cls, (end, at_end) = form.of.of, items[-1]
    most = [read_members(cls, item, at) for item, at in items[:-1]]
    last = read_members(cls, end, at_end, unread=_JOINER)
    stray = None if last is None else _trailing_operator(last)
    joined = _check_joiners([one for one in most if one is not None], stray)
    values = tuple(INVALID if one is None else one.built() for one in (*most, last))
    return values if joined and INVALID not in values else INVALID


_JOINER: Final = "joiner"

_EITHER: Final = " or ".join(repr(row.token) for row in LogicalOperator)


class _Stray(NamedTuple):
    """A word on the last entry, which joins it to nothing, and the word it is, if it is one."""

    spot: Cursor
    written: Json
    word: LogicalOperator | None
    noun: str


def _trailing_operator(last: ParsedMembers) -> _Stray | None:
    key = keys_of(last.of)[_JOINER]
    written = last.keys.get(key.token)
    if written is None or last.raw[written] is None:
        return None
    spot, value = last.spot.at(written), last.raw[written]
    if not isinstance(value, str):
        spot.read(key.form, value)
        return None
    said = value.strip().casefold()
    word = next((row for row in LogicalOperator if row.token.casefold() == said), None)
    return _Stray(spot, value, word, _noun(last))


def _noun(members: ParsedMembers) -> str:
    return str(members.of.label).rsplit(maxsplit=1)[-1]


def _check_last(stray: _Stray) -> None:
    """Note a word that joins the last entry to nothing."""
    spot = stray.spot
    spot.add(combinations.trailing_logical_operator(spot.path, stray.written, stray.noun))


def _check_joiners(found: list[ParsedMembers], stray: _Stray | None) -> bool:
    """Whether each entry but the last is joined to the next, all by the same word."""
    joiners = [one.values[_JOINER] for one in found]
    first = next((joiner for joiner in joiners if joiner not in (None, INVALID)), None)
    joined = [_is_joined(one, first, stray) for one in found]
    # A word that is missing elsewhere is told there, not where it stands.
    if stray is not None and (first is not None or None not in joiners):
        _check_last(stray)
    return all(joined)


def _is_joined(one: ParsedMembers, first: LogicalOperator | None, stray: _Stray | None) -> bool:
    joiner = one.values[_JOINER]
    if joiner is INVALID or joiner is first is not None:
        return True
    token = keys_of(one.of)[_JOINER].token
    spot = one.spot.at(one.keys.get(token, token))
    if joiner is None or first is None:
        _missing_joiner(spot, _noun(one), first, stray, written=token in one.keys)
        return False
    spot.add(combinations.mixed_logical_operators(spot.path, joiner.token, first.token))
    return False


def _missing_joiner(
    spot: Cursor, noun: str, first: LogicalOperator | None, stray: _Stray | None, *, written: bool
) -> None:
    """Note that a word is missing: that of the others, or the one that stands on the last entry."""
    fix = None
    moved = stray.word if first is None and stray is not None else None
    word = first or moved
    hint = f"write {word.token!r}" if word else f"write {_EITHER}"
    if moved:
        hint = f"{hint} here instead of on the last {noun}"
    if word and written:
        edits = [Edit(spot.path, EditKind.WRITE, word.token)]
        if moved and stray is not None:
            edits.append(Edit(stray.spot.path, EditKind.REMOVE))
        fix = Fix(tuple(edits), safe=False)
    spot.add(combinations.missing_logical_operator(spot.path, noun, hint, fix))
