"""A strategy for payloads with one mistake, made at a place that a walk over the model finds."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.lint.rules.base import Rule
from leadquery.lint.rules.combinations import (
    EMPTY_VALUE,
    MISSING_LOGICAL_OPERATOR,
    MIXED_LOGICAL_OPERATORS,
    REVERSED_RANGE,
    UNEXPECTED_VALUE,
    WRONG_VALUE_KEY,
)
from leadquery.lint.rules.structure import (
    EMPTY,
    MISSING_KEY,
    UNEXPECTED_NULL,
    UNKNOWN_KEY,
    WRONG_TYPE,
)
from leadquery.lint.rules.values import (
    IMPOSSIBLE_DATE,
    PAGE_OUT_OF_RANGE,
    TIMESTAMP_FORMAT,
    UNKNOWN_LOGICAL_OPERATOR,
)
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
    return st.sampled_from([known[code] for code in codes or known]).flatmap(_invalid_payload)


@st.composite
def _invalid_payload(draw: st.DrawFn, rule: Rule) -> dict[str, Json]:
    mistake = MUTATIONS[rule]
    # Parts of what is drawn may be one and the same object.
    payload: dict[str, Json] = copy.deepcopy(draw(payloads()))
    found = [place for place in _targets(Request, payload) if mistake.fits(place)]
    if not found:
        _fill_out(draw, payload)
        found = [place for place in _targets(Request, payload) if mistake.fits(place)]
    mistake.make(draw, draw(st.sampled_from(found)))
    return payload


def _targets(cls: Class, holder: Json) -> Iterator[Target]:
    for key in keys_of(cls).values():
        if key.token in holder:
            yield Target(holder, key.token, key.form, key.required, cls)
            yield from _nested_targets(key.form, holder[key.token])


def _nested_targets(form: Form, value: Json) -> Iterator[Target]:
    match form:
        case Object(of):
            yield from _targets(of, value)
        case Union():
            yield from _targets(_variant(form, value), value)
        case Array(of):
            for entry in value:
                yield from _nested_targets(of, entry)
        case JoinedArray():
            for entry in value:
                yield from _nested_targets(form.of, entry)


def _variant(form: Union, value: Json) -> Class:
    """The class of an object, by the value of its telling key."""
    telling = {cls: keys_of(cls)[form.by] for cls in form.of}
    return next(
        cls
        for cls, key in telling.items()
        if any(value[key.token] in row.spellings for row in key.form.allowed())
    )


def _fill_out(draw: st.DrawFn, payload: dict[str, Json]) -> None:
    """Let a payload hold something of each class, and three of what is joined."""
    report = payload.setdefault(keys_of(Request)["report"].token, {})
    payload[keys_of(Request)["output"].token] = draw(objects(AggregateOutput, 0))
    for cls, holder in ((Request, payload), (ReportFilter, report)):
        for key in keys_of(cls).values():
            held = holder.setdefault(key.token, copy.deepcopy(draw(values(key.form, 0))))
            if isinstance(key.form, Array) and isinstance(key.form.of, Union):
                held += [copy.deepcopy(draw(objects(one, 0))) for one in key.form.of.of]
    for place in [*_targets(Request, payload)]:
        if isinstance(place.form, JoinedArray):
            joiner = keys_of(place.form.of.of)["joiner"]
            word = joiner.form.allowed()[0].token
            entries = [copy.deepcopy(entry) for entry in (place.value * 3)[:3]]
            place.value[:] = [{**entry, joiner.token: word} for entry in entries]
            del place.value[-1][joiner.token]


def _replace_with(*wrong: Json) -> Change:
    """One of some values in the place of the right one."""

    def change(draw: st.DrawFn, place: Target) -> None:
        place.holder[place.step] = copy.deepcopy(draw(st.sampled_from(wrong)))

    return change


def _remove(_: st.DrawFn, place: Target) -> None:
    del place.holder[place.step]


def _add_value(_: st.DrawFn, place: Target) -> None:
    place.holder[keys_of(PresenceFilter)["value"].token] = "x"


def _add_unknown_key(draw: st.DrawFn, place: Target) -> None:
    place.holder[draw(st.sampled_from(("Remark", "Colour", "$comment", "x")))] = "?"


def _retype(draw: st.DrawFn, place: Target) -> None:
    """Another kind of JSON value: true is none of those that the API reads."""
    wrong = (True, {"x": {}}) if isinstance(place.value, list) else (True, [["x"]])
    _replace_with(*wrong)(draw, place)


def _swap_value_key(_: st.DrawFn, place: Target) -> None:
    """The value of an operator that takes one under the key for several, or the reverse."""
    value = place.holder.pop(place.step)
    if isinstance(place.form, Array):
        place.holder[keys_of(ComparisonFilter)["value"].token] = value[0]
    else:
        place.holder[keys_of(MembershipFilter)["values"].token] = [value]


def _reverse(_: st.DrawFn, place: Target) -> None:
    first, last = (keys_of(DateRange)[one].token for one in DateRange.ordered)
    place.holder[first], place.holder[last] = "2026-01-02 00:00:00", "2026-01-01 00:00:00"


def _remove_joiner(_: st.DrawFn, place: Target) -> None:
    assert isinstance(place.form, JoinedArray)  # noqa: S101 - that is where it fits
    del place.value[0][keys_of(place.form.of.of)["joiner"].token]


def _replace_joiner(draw: st.DrawFn, place: Target) -> None:
    assert isinstance(place.form, JoinedArray)  # noqa: S101 - that is where it fits
    token = keys_of(place.form.of.of)["joiner"].token
    place.value[0][token] = draw(st.sampled_from(("?", "XOR", "then")))


def _mix_joiners(_: st.DrawFn, place: Target) -> None:
    """One word between the first two, and another between the next."""
    assert isinstance(place.form, JoinedArray)  # noqa: S101 - that is where it fits
    joiner = keys_of(place.form.of.of)["joiner"]
    one, other = (row.token for row in joiner.form.allowed())
    first, second, *_rest = place.value
    first[joiner.token] = other if second[joiner.token] == one else one


def _has_form(form: type) -> Callable[[Target], bool]:
    return lambda place: isinstance(place.form, form)


def _has_enum(terms: type) -> Callable[[Target], bool]:
    """A place where a word of a fixed list has to stand."""
    return lambda place: (
        isinstance(place.form, EnumType) and place.form.terms is terms and place.required
    )


def _has_items(length: int) -> Callable[[Target], bool]:
    return lambda place: isinstance(place.form, JoinedArray) and len(place.value) >= length


def _is_key(cls: Class, attribute: str) -> Callable[[Target], bool]:
    return lambda place: place.of is cls and place.step == keys_of(cls)[attribute].token


def _any_of(*fits: Callable[[Target], bool]) -> Callable[[Target], bool]:
    return lambda place: any(fit(place) for fit in fits)


def _is_required(place: Target) -> bool:
    return place.required


MUTATIONS: Final[dict[Rule, Mutation]] = {
    UNKNOWN_KEY: Mutation(lambda _: True, _add_unknown_key),
    MISSING_KEY: Mutation(_is_required, _remove),
    WRONG_TYPE: Mutation(_is_required, _retype),
    UNEXPECTED_NULL: Mutation(_is_required, _replace_with(None)),
    EMPTY: Mutation(_any_of(_has_form(Array), _has_form(JoinedArray)), _replace_with([])),
    **{
        rule: Mutation(_has_enum(terms), _replace_with("?", "between", "pivot"))
        for terms, (rule, _) in UNKNOWN.items()
    },
    UNKNOWN_LOGICAL_OPERATOR: Mutation(_has_items(2), _replace_joiner),
    TIMESTAMP_FORMAT: Mutation(
        _has_form(Timestamp), _replace_with("yesterday", "31/01/2026", "2026-01-31")
    ),
    IMPOSSIBLE_DATE: Mutation(
        _has_form(Timestamp), _replace_with("2026-02-30 00:00:00", "2026-13-01 00:00:00")
    ),
    PAGE_OUT_OF_RANGE: Mutation(_has_form(PositiveInt), _replace_with(0, -1, MAX_INT + 1)),
    WRONG_VALUE_KEY: Mutation(
        _any_of(_is_key(ComparisonFilter, "value"), _is_key(MembershipFilter, "values")),
        _swap_value_key,
    ),
    UNEXPECTED_VALUE: Mutation(_is_key(PresenceFilter, "operator"), _add_value),
    EMPTY_VALUE: Mutation(_is_key(ComparisonFilter, "value"), _replace_with("")),
    REVERSED_RANGE: Mutation(_is_key(DateRange, "end"), _reverse),
    MIXED_LOGICAL_OPERATORS: Mutation(_has_items(3), _mix_joiners),
    MISSING_LOGICAL_OPERATOR: Mutation(_has_items(2), _remove_joiner),
}
"""How to make each mistake that a payload can have once it is read as JSON."""
