"""From JSON to the model: one walk, which notes every mistake and reads on behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from leadquery.payload.keys import letters, match
from leadquery.payload.order import in_order
from leadquery.payload.report import Problem, problem
from leadquery.payload.text import parse
from leadquery.spec.findings import BROKEN, Broken, Finding, Json, Spot, mistyped
from leadquery.spec.forms import Text
from leadquery.spec.model import Request
from leadquery.spec.rules import Rule, Severity
from leadquery.spec.shapes import Chain, Class, Form, Nested, Several, Variants, keys_of
from leadquery.spec.vocabulary import SEPARATOR

Written = dict[str, str]
"""The keys that are there: the token each stands for, and the key as it is written."""


def read(payload: object) -> tuple[Request | None, tuple[Problem, ...]]:
    """The request of a payload (object, text or bytes) and its problems, in its order.

    The request is None when there is an error.
    """
    raw, unreadable = parse(payload)
    return read_object(raw) if unreadable is None else (None, (unreadable,))


def read_object(raw: Json) -> tuple[Request | None, tuple[Problem, ...]]:
    """The same for what the json module has read already."""
    findings: list[Finding] = []
    try:
        request = read_form(Nested(Request), raw, Spot((), findings))
    except RecursionError:
        deep = Finding(Rule.TOO_DEEP, (), "the payload is nested too deeply", None)
        return None, (problem(deep),)
    problems = tuple(map(problem, in_order(raw, findings)))
    failed = any(found.rule.severity is Severity.ERROR for found in findings)
    return None if failed else request, problems


def read_form(form: Form, raw: Json, spot: Spot) -> Any:
    """The value of a JSON value, or BROKEN, its problems noted."""
    walk = _WALKS.get(type(form))
    return form.read(raw, spot) if walk is None else walk(form, raw, spot)  # type: ignore[union-attr]


def _read_nested(form: Nested, raw: Json, spot: Spot) -> Any:
    values = _values(form.of, raw, spot)
    return BROKEN if BROKEN in values.values() else form.of(**values)


def _values(cls: Class, raw: Json, spot: Spot) -> dict[str, Any]:
    """The values of an object by attribute, some of them BROKEN."""
    if not isinstance(raw, dict):
        return {"": mistyped(raw, "an object", spot)}
    keys = keys_of(cls)
    written = match(raw, keys.values(), cls.label, spot)
    values = {
        attribute: _at(key.form, raw, written[key.token], spot)
        if key.token in written
        else (_missing(key.token, cls.label, spot) if key.required else None)
        for attribute, key in keys.items()
    }
    _check_either(cls, written, spot)
    _check_order(cls, values, written, spot)
    return values


def _at(form: Form, raw: dict[str, Json], written: str, spot: Spot) -> Any:
    return read_form(form, raw[written], spot.at(written))


def _missing(token: str, label: str, spot: Spot) -> Broken:
    return spot.at(token).report(Rule.MISSING_KEY, f"{token!r} is missing", f"{label} needs it")


def _check_either(cls: Class, written: Written, spot: Spot) -> None:
    tokens = [keys_of(cls)[attribute].token for attribute in getattr(cls, "either", ())]
    if tokens and not any(token in written for token in tokens):
        _missing(tokens[0], cls.label, spot)


def _check_order(cls: Class, values: dict[str, Any], written: Written, spot: Spot) -> None:
    start, end = (values.get(attribute, BROKEN) for attribute in getattr(cls, "ordered", ("", "")))
    if BROKEN in (start, end) or start <= end:
        return
    token = keys_of(cls)[cls.ordered[1]].token
    spot.at(written[token]).report(
        Rule.BACKWARDS,
        "the range ends before it starts",
        f"write a date from {str(start)[:19]!r} on, or swap the two",
    )


def _read_variants(form: Variants, raw: Json, spot: Spot) -> Any:
    if not isinstance(raw, dict):
        return mistyped(raw, "an object", spot)
    label = form.of[0].label
    known = {key.token: key for cls in form.of for key in keys_of(cls).values()}
    written = match(raw, known.values(), label, spot)
    token = keys_of(form.of[0])[form.by].token
    row = (
        _at(form.any_of, raw, written[token], spot)
        if token in written
        else _missing(token, label, spot)
    )
    cls = form.told_by(row)
    if cls is None:
        return _read_guessed(form, raw, written, spot)
    values = {form.by: row, **_read_shape(form, cls, raw, written, spot)}
    return BROKEN if BROKEN in values.values() else cls(**values)


def _read_shape(
    form: Variants, cls: Class, raw: dict[str, Json], written: Written, spot: Spot
) -> dict[str, Any]:
    """The other attributes of an object whose shape is known."""
    own = {attribute: key for attribute, key in keys_of(cls).items() if attribute != form.by}
    misplaced = _read_beside(form, cls, raw, written, spot)
    values: dict[str, Any] = {}
    for attribute, key in own.items():
        if key.token in written:
            values[attribute] = _at(key.form, raw, written[key.token], spot)
        elif key.required:
            shared = all(attribute in keys_of(other) for other in form.of)
            told = misplaced and not shared
            values[attribute] = BROKEN if told else _missing(key.token, cls.label, spot)
        else:
            values[attribute] = None
    return values


def _read_beside(
    form: Variants, cls: Class, raw: dict[str, Json], written: Written, spot: Spot
) -> bool:
    """Read the keys of other shapes; whether one of them broke a rule."""
    own = {key.token: key for key in keys_of(cls).values()}
    beside = [at for token, at in written.items() if token not in own]
    for at in beside:
        if form.beside is None:
            _at(Text(), raw, at, spot)
            continue
        free = [
            repr(key.token)
            for attribute, key in keys_of(cls).items()
            if key.required
            and key.token not in written
            and not all(attribute in keys_of(other) for other in form.of)
        ]
        spot.at(at).report(
            form.beside,
            f"{at!r} stands beside an operator that does not read it",
            f"write it as {free[0]}" if free else "leave it out",
        )
    return bool(beside) and form.beside is not None


def _read_guessed(form: Variants, raw: dict[str, Json], written: Written, spot: Spot) -> Broken:
    """Read an object whose shape is not told, as the one that its keys fit best."""
    shared = set.intersection(*({key.token for key in keys_of(cls).values()} for cls in form.of))
    cls = max(form.of, key=lambda cls: sum(key.token in written for key in keys_of(cls).values()))
    fits = any(key.token in written for key in keys_of(cls).values() if key.token not in shared)
    for attribute, key in keys_of(cls).items():
        if attribute == form.by:
            continue
        if key.token in written:
            _read_unjudged(key.form, raw, written[key.token], spot)
        elif key.required and (fits or key.token in shared):
            _missing(key.token, cls.label, spot)
    return BROKEN


def _read_unjudged(form: Form, raw: dict[str, Json], at: str, spot: Spot) -> None:
    """Read a value of which it is not known what it should be: empty is not held against it."""
    found: list[Finding] = []
    _at(form, raw, at, Spot(spot.path, found))
    spot.findings.extend(one for one in found if one.rule is not Rule.EMPTY_VALUE)


def _read_several(form: Several, raw: Json, spot: Spot) -> Any:
    items = _entries(raw, form.of, spot)
    if isinstance(items, Broken):
        return items
    values = tuple(read_form(form.of, item, at) for item, at in items)
    return BROKEN if BROKEN in values or not isinstance(raw, list) else values


def _entries(raw: Json, of: Form, spot: Spot) -> list[tuple[Json, Spot]] | Broken:
    """The entries of a list, each with its place; a lone object is taken as a list of one."""
    if isinstance(raw, list):
        return [(item, spot.at(index)) for index, item in enumerate(raw)] or spot.report(
            Rule.EMPTY, "the list is empty", "write at least one entry, or leave the key out"
        )
    if isinstance(raw, dict) and isinstance(of, (Nested, Variants)):
        mistyped(raw, "a list", spot, "put it into a list: [ … ]")
        return [(raw, spot)]
    if isinstance(raw, str) and not isinstance(of, (Nested, Variants)):
        parts = ", ".join(f'"{part.strip()}"' for part in raw.split(SEPARATOR)[:5])
        return mistyped(raw, "a list", spot, f"write [{parts}]")
    return mistyped(raw, "a list", spot)


def _read_chain(form: Chain, raw: Json, spot: Spot) -> Any:
    items = _entries(raw, form.of, spot)
    if isinstance(items, Broken):
        return items
    cls = form.of.of
    found = [(_values(cls, item, at), item, at) for item, at in items]
    joined = _check_joiners(cls, found)
    if (
        not joined
        or not isinstance(raw, list)
        or any(BROKEN in values.values() for values, *_ in found)
    ):
        return BROKEN
    return tuple(cls(**values) for values, *_ in found)


def _check_joiners(cls: Class, found: list[tuple[dict[str, Any], Json, Spot]]) -> bool:
    """Whether each entry but the last is joined to the next, all by the same word."""
    token = keys_of(cls)["joiner"].token
    first = next(
        (one["joiner"] for one, *_ in found[:-1] if one.get("joiner") not in (None, BROKEN)), None
    )
    before = len(found[0][2].findings)
    for values, item, spot in found[:-1]:
        joiner = values.get("joiner", BROKEN)
        if joiner is BROKEN or joiner is first is not None:
            continue
        at = spot.at(next((key for key in item if letters(key) == letters(token)), token))
        if joiner is None:
            word = f"write {first.token!r}" if first else "write 'AND' or 'OR'"
            at.report(Rule.MISSING_JOINER, "nothing joins this to the next", word)
        else:
            at.report(
                Rule.MIXED_JOINERS,
                f"{joiner.token!r} stands on one level with {first.token!r}",
                f"write {first.token!r}, or put what belongs together into a group of its own",
            )
    return len(found[0][2].findings) == before


_WALKS: dict[type, Callable[[Any, Json, Spot], Any]] = {
    Nested: _read_nested,
    Variants: _read_variants,
    Several: _read_several,
    Chain: _read_chain,
}
