"""Lists: of values, of objects, and of objects that a word joins to the next."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from leadquery.payload.objects import Members, members
from leadquery.spec.findings import BROKEN, Broken, Change, Json, Spot, mistyped
from leadquery.spec.forms import Filled
from leadquery.spec.rules import Rule
from leadquery.spec.shapes import Chain, Form, Nested, Several, Variants, keys_of
from leadquery.spec.vocabulary import SEPARATOR, Joiner


def read_several(form: Several, raw: Json, spot: Spot) -> Any:
    """A list of values or objects."""
    if type(raw) is list and raw and isinstance(form.of, Filled):
        values = _values(form.of, raw, spot)
    else:
        items = _entries(raw, form.of, spot)
        if isinstance(items, Broken):
            return items
        values = tuple(at.read(form.of, item) for item, at in items)
    different = set(values)
    broken = sum(value is BROKEN for value in values) if BROKEN in different else 0
    if len(values) - broken > len(different) - bool(broken):
        report_repeats(enumerate(values), spot)
    return BROKEN if broken or not isinstance(raw, list) else values


def _values(form: Filled, raw: list[Json], spot: Spot) -> tuple[Any, ...]:
    """The values of a list of texts; those without a mistake are as they are written."""
    values = list(raw)
    for index in [at for at, one in enumerate(raw) if type(one) is not str or not one]:
        values[index] = spot.at(index).read(form, raw[index])
    return tuple(values)


def report_repeats(values: Iterable[tuple[int, Any]], spot: Spot) -> None:
    """Note the entries of a list that stand in it before; each comes with its place."""
    first: dict[Any, int] = {}
    for index, value in values:
        if value is not BROKEN and first.setdefault(value, index) != index:
            message = f"the same stands here as at [{first[value]}]"
            at = spot.at(index)
            fix = at.fix(Change.REMOVE, safe=True)
            at.report(Rule.REPEATED, message, "leave it out", fix)


def _entries(raw: Json, of: Form, spot: Spot) -> list[tuple[Json, Spot]] | Broken:
    """The entries of a list, each with its place; a lone object is taken as a list of one."""
    if isinstance(raw, list):
        return [(item, spot.at(index)) for index, item in enumerate(raw)] or spot.report(
            Rule.EMPTY, "the list is empty", "write at least one entry, or leave the key out"
        )
    if isinstance(raw, dict) and isinstance(of, (Nested, Variants)):
        wrapped = spot.fix(Change.WRAP, safe=True)
        mistyped(raw, "a list", spot, "put it into a list: [ … ]", wrapped)
        return [(raw, spot)]
    if isinstance(raw, str) and not isinstance(of, (Nested, Variants)):
        return _text_for_list(raw, spot)
    return mistyped(raw, "a list", spot)


def _text_for_list(raw: str, spot: Spot) -> Broken:
    parts = [part.strip() for part in raw.split(SEPARATOR) if part.strip()]
    if not parts:
        return mistyped(raw, "a list", spot)
    shown = ", ".join(json.dumps(one, ensure_ascii=not one.isprintable()) for one in parts[:5])
    # A comma may be a part of the value.
    fix = spot.fix(Change.WRITE, parts, safe=parts == [raw])
    hint = f"write [{shown}]" if len(shown) <= 200 else None
    return mistyped(raw, "a list", spot, hint, fix)


def read_chain(form: Chain, raw: Json, spot: Spot) -> Any:
    """A list of objects, each joined to the next by the word it names, the same all along."""
    items = _entries(raw, form.of, spot)
    if isinstance(items, Broken):
        return items
    found = [members(form.of.of, item, at) for item, at in items]
    joined = _check_joiners([one for one in found[:-1] if one is not None])
    if found[-1] is not None:
        _check_last(found[-1])
    values = tuple(BROKEN if one is None else one.built() for one in found)
    return values if joined and isinstance(raw, list) and BROKEN not in values else BROKEN


def _check_joiners(found: list[Members]) -> bool:
    """Whether each entry but the last is joined to the next, all by the same word."""
    joiners = [one.values["joiner"] for one in found]
    first = next((joiner for joiner in joiners if joiner not in (None, BROKEN)), None)
    joined = [_is_joined(one, first) for one in found]
    return all(joined)


def _check_last(one: Members) -> None:
    """Note a word that joins the last entry to nothing."""
    joiner = one.values["joiner"]
    if joiner not in (None, BROKEN):
        spot = one.spot.at(one.keys[keys_of(one.of)["joiner"].token])
        message = f"{joiner.token!r} joins the last one to nothing"
        fix = spot.fix(Change.REMOVE, safe=True)
        spot.report(Rule.IDLE_JOINER, message, "leave it out", fix)


def _is_joined(one: Members, first: Joiner | None) -> bool:
    joiner = one.values["joiner"]
    if joiner is BROKEN or joiner is first is not None:
        return True
    token = keys_of(one.of)["joiner"].token
    spot = one.spot.at(one.keys.get(token, token))
    if joiner is None:
        word = f"write {first.token!r}" if first else "write 'AND' or 'OR'"
        sure = first is not None and token in one.keys
        fix = spot.fix(Change.WRITE, first.token, safe=False) if first and sure else None
        spot.report(Rule.MISSING_JOINER, "nothing joins this to the next", word, fix)
    elif first is not None:
        spot.report(
            Rule.MIXED_JOINERS,
            f"{joiner.token!r} stands on one level with {first.token!r}",
            f"write {first.token!r}, or put what belongs together into a group of its own",
        )
    return False
