"""A strategy for payloads with one mistake, made at a place that a walk over the model finds."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from leadquery.errors import QueryError
from leadquery.lint.json_values import describe_json
from leadquery.lint.rules.registry import Rule
from leadquery.testing.strategies.payloads import Json, objects, payloads, values
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    MembershipFilter,
    PresenceFilter,
    ReportFilter,
    Request,
)
from leadquery.wire.schema import Array, Class, Form, JoinedArray, Object, Union, keys_of
from leadquery.wire.types import MAX_INT, EnumType, PositiveInt, Timestamp
from leadquery.wire.types.enum import UNKNOWN


class Target(NamedTuple):
    """A value in a payload: what holds it, its key or index, its form, and the class it is of."""

    holder: Any
    step: Any
    form: Form
    required: bool
    of: Class

    @property
    def value(self) -> Json:
        """What stands there."""
        return self.holder[self.step]


Change = Callable[[st.DrawFn, Target], None]


class Mutation(NamedTuple):
    """At which places a mistake can be made, and how."""

    fits: Callable[[Target], bool]
    make: Change


def invalid_payloads(*codes: str) -> st.SearchStrategy[dict[str, Json]]:
    """Payloads that `check` refuses, as JSON objects: each is right but for one mistake.

    With codes, the mistake is one of these, and `check` names it by that code; any code of an
    error stands that a payload can have which is JSON and is held against no account's fields.
    What is wrong with the text of a payload is not among them. (API page: Request Parameters)

    Raises QueryError for another code.

    >>> from hypothesis import given
    >>> from leadquery import check
    >>> @given(invalid_payloads("LQ203"))
    ... def test_a_key_is_missing(payload):
    ...     assert "LQ203" in {problem.code for problem in check(payload).problems}
    >>> test_a_key_is_missing()
    """
    known = {rule.code: rule for rule in MUTATIONS}
    for code in codes:
        if code not in known:
            raise QueryError(
                f"{describe_json(code)} is no mistake to draw; they are {', '.join(known)}"
            )
    return st.sampled_from([known[code] for code in codes or known]).flatmap(_wrong)


@st.composite
def _wrong(draw: st.DrawFn, rule: Rule) -> dict[str, Json]:
    mistake = MUTATIONS[rule]
    # Parts of what is drawn may be one and the same object.
    payload: dict[str, Json] = copy.deepcopy(draw(payloads()))
    found = [place for place in _places(Request, payload) if mistake.fits(place)]
    if not found:
        _grow(draw, payload)
        found = [place for place in _places(Request, payload) if mistake.fits(place)]
    mistake.make(draw, draw(st.sampled_from(found)))
    return payload


def _places(cls: Class, holder: Json) -> Iterator[Target]:
    for key in keys_of(cls).values():
        if key.token in holder:
            yield Target(holder, key.token, key.form, key.required, cls)
            yield from _inside(key.form, holder[key.token])


def _inside(form: Form, value: Json) -> Iterator[Target]:
    match form:
        case Object(of):
            yield from _places(of, value)
        case Union():
            yield from _places(_shape(form, value), value)
        case Array(of):
            for entry in value:
                yield from _inside(of, entry)
        case JoinedArray():
            for entry in value:
                yield from _inside(form.of, entry)


def _shape(form: Union, value: Json) -> Class:
    """The class of an object, by the value of its telling key."""
    telling = {cls: keys_of(cls)[form.by] for cls in form.of}
    return next(
        cls
        for cls, key in telling.items()
        if any(value[key.token] in row.spellings for row in key.form.allowed())
    )


def _grow(draw: st.DrawFn, payload: dict[str, Json]) -> None:
    """Let a payload hold something of each class, and three of what is joined."""
    report = payload.setdefault(keys_of(Request)["report"].token, {})
    payload[keys_of(Request)["output"].token] = draw(objects(AggregateOutput, 0))
    for cls, holder in ((Request, payload), (ReportFilter, report)):
        for key in keys_of(cls).values():
            held = holder.setdefault(key.token, copy.deepcopy(draw(values(key.form, 0))))
            if isinstance(key.form, Array) and isinstance(key.form.of, Union):
                held += [copy.deepcopy(draw(objects(one, 0))) for one in key.form.of.of]
    for place in [*_places(Request, payload)]:
        if isinstance(place.form, JoinedArray):
            joiner = keys_of(place.form.of.of)["joiner"]
            word = joiner.form.allowed()[0].token
            entries = [copy.deepcopy(entry) for entry in (place.value * 3)[:3]]
            place.value[:] = [{**entry, joiner.token: word} for entry in entries]
            del place.value[-1][joiner.token]


def _put(*wrong: Json) -> Change:
    """One of some values in the place of the right one."""

    def change(draw: st.DrawFn, place: Target) -> None:
        place.holder[place.step] = copy.deepcopy(draw(st.sampled_from(wrong)))

    return change


def _drop(_: st.DrawFn, place: Target) -> None:
    del place.holder[place.step]


def _add_value(_: st.DrawFn, place: Target) -> None:
    place.holder[keys_of(PresenceFilter)["value"].token] = "x"


def _add(draw: st.DrawFn, place: Target) -> None:
    place.holder[draw(st.sampled_from(("Remark", "Colour", "$comment", "x")))] = "?"


def _retype(draw: st.DrawFn, place: Target) -> None:
    """Another kind of JSON value: true is none of those that the API reads."""
    wrong = (True, {"x": {}}) if isinstance(place.value, list) else (True, [["x"]])
    _put(*wrong)(draw, place)


def _move(_: st.DrawFn, place: Target) -> None:
    """The value of an operator that takes one under the key for several, or the reverse."""
    value = place.holder.pop(place.step)
    if isinstance(place.form, Array):
        place.holder[keys_of(ComparisonFilter)["value"].token] = value[0]
    else:
        place.holder[keys_of(MembershipFilter)["values"].token] = [value]


def _turn_round(_: st.DrawFn, place: Target) -> None:
    first, last = (keys_of(DateRange)[one].token for one in DateRange.ordered)
    place.holder[first], place.holder[last] = "2026-01-02 00:00:00", "2026-01-01 00:00:00"


def _unjoin(_: st.DrawFn, place: Target) -> None:
    assert isinstance(place.form, JoinedArray)  # noqa: S101 - that is where it fits
    del place.value[0][keys_of(place.form.of.of)["joiner"].token]


def _misjoin(draw: st.DrawFn, place: Target) -> None:
    assert isinstance(place.form, JoinedArray)  # noqa: S101 - that is where it fits
    token = keys_of(place.form.of.of)["joiner"].token
    place.value[0][token] = draw(st.sampled_from(("?", "XOR", "then")))


def _mix(_: st.DrawFn, place: Target) -> None:
    """One word between the first two, and another between the next."""
    assert isinstance(place.form, JoinedArray)  # noqa: S101 - that is where it fits
    joiner = keys_of(place.form.of.of)["joiner"]
    one, other = (row.token for row in joiner.form.allowed())
    first, second, *_rest = place.value
    first[joiner.token] = other if second[joiner.token] == one else one


def _of_form(form: type) -> Callable[[Target], bool]:
    return lambda place: isinstance(place.form, form)


def _of_terms(terms: type) -> Callable[[Target], bool]:
    """A place where a word of a fixed list has to stand."""
    return lambda place: (
        isinstance(place.form, EnumType) and place.form.terms is terms and place.required
    )


def _chained(length: int) -> Callable[[Target], bool]:
    return lambda place: isinstance(place.form, JoinedArray) and len(place.value) >= length


def _is(cls: Class, attribute: str) -> Callable[[Target], bool]:
    return lambda place: place.of is cls and place.step == keys_of(cls)[attribute].token


def _any(*fits: Callable[[Target], bool]) -> Callable[[Target], bool]:
    return lambda place: any(fit(place) for fit in fits)


def _required(place: Target) -> bool:
    return place.required


MUTATIONS: Final[dict[Rule, Mutation]] = {
    Rule.UNKNOWN_KEY: Mutation(lambda _: True, _add),
    Rule.MISSING_KEY: Mutation(_required, _drop),
    Rule.WRONG_TYPE: Mutation(_required, _retype),
    Rule.NULL: Mutation(_required, _put(None)),
    Rule.EMPTY: Mutation(_any(_of_form(Array), _of_form(JoinedArray)), _put([])),
    **{
        rule: Mutation(_of_terms(terms), _put("?", "between", "pivot"))
        for terms, (rule, _) in UNKNOWN.items()
    },
    Rule.JOINER: Mutation(_chained(2), _misjoin),
    Rule.TIMESTAMP: Mutation(_of_form(Timestamp), _put("yesterday", "31/01/2026", "2026-01-31")),
    Rule.CALENDAR: Mutation(
        _of_form(Timestamp), _put("2026-02-30 00:00:00", "2026-13-01 00:00:00")
    ),
    Rule.PAGE_NUMBER: Mutation(_of_form(PositiveInt), _put(0, -1, MAX_INT + 1)),
    Rule.VALUE_KEY: Mutation(
        _any(_is(ComparisonFilter, "value"), _is(MembershipFilter, "values")), _move
    ),
    Rule.NEEDLESS_VALUE: Mutation(_is(PresenceFilter, "operator"), _add_value),
    Rule.EMPTY_VALUE: Mutation(_is(ComparisonFilter, "value"), _put("")),
    Rule.BACKWARDS: Mutation(_is(DateRange, "end"), _turn_round),
    Rule.MIXED_JOINERS: Mutation(_chained(3), _mix),
    Rule.MISSING_JOINER: Mutation(_chained(2), _unjoin),
}
"""How to make each mistake that a payload can have once it is read as JSON."""
