"""A strategy for payloads with one mistake: valid payloads with one mutation."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.lint.rules import Rule
from leadquery.lint.rules.combinations import (
    EMPTY_VALUE,
    MISSING_LOGICAL_OPERATOR,
    MIXED_LOGICAL_OPERATORS,
    REVERSED_RANGE,
    TWO_REPORTS,
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
from leadquery.lint.value_readers import UNKNOWN_RULES
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
from leadquery.wire.schema import Array, Class, JoinedArray, Object, Type, Union, key_name, keys_of
from leadquery.wire.types import MAX_INT, EnumType, JsonText, PositiveInt, Timestamp


class Target(NamedTuple):
    """A value in a payload: its container, its key, its type, and the class of its object."""

    container: Any
    key: Any
    type: Type
    required: bool
    of: Class

    @property
    def value(self) -> Json:
        return self.container[self.key]


Change = Callable[[st.DrawFn, Target], None]


class Mutation(NamedTuple):
    """Where a mistake can be made, and how."""

    fits: Callable[[Target], bool]
    make: Change


def invalid_payloads(*codes: str) -> st.SearchStrategy[dict[str, Json]]:
    """Payloads that `check` rejects, as JSON objects: each is valid but for one mistake.

    With `codes`, the mistake is one of these. Every error code is possible, except those of JSON
    syntax and those that need the fields of an account. (API page: Request Parameters)

    Raises QueryError for any other code.

    >>> from hypothesis import given
    >>> from leadquery import check
    >>> @given(invalid_payloads("LQ203"))
    ... def test_a_key_is_missing(payload):
    ...     assert "LQ203" in {problem.code for problem in check(payload).diagnostics}
    >>> test_a_key_is_missing()
    """
    known = {rule.code: rule for rule in MUTATIONS}
    for code in codes:
        if code not in known:
            raise QueryError(
                f"{describe_json(code)} is not a code to draw; write one of {', '.join(known)}"
            )
    return st.sampled_from([known[code] for code in codes or known]).flatmap(_invalid_payload)


@st.composite
def _invalid_payload(draw: st.DrawFn, rule: Rule) -> dict[str, Json]:
    mutation = MUTATIONS[rule]
    # Parts of a drawn value may be the same object.
    payload: dict[str, Json] = copy.deepcopy(draw(payloads()))
    targets = [target for target in _targets(Request, payload) if mutation.fits(target)]
    if not targets:
        _fill_out(draw, payload)
        targets = [target for target in _targets(Request, payload) if mutation.fits(target)]
    mutation.make(draw, draw(st.sampled_from(targets)))
    return payload


def _targets(cls: Class, container: Json) -> Iterator[Target]:
    for key in keys_of(cls).values():
        if key.name in container:
            yield Target(container, key.name, key.type, key.required, cls)
            yield from _nested_targets(key.type, container[key.name])


def _nested_targets(wire_type: Type, value: Json) -> Iterator[Target]:
    match wire_type:
        case Object(of=of):
            yield from _targets(of, value)
        case Union():
            yield from _targets(_variant(wire_type, value), value)
        case Array(of=of):
            for entry in value:
                yield from _nested_targets(of, entry)
        case JoinedArray():
            for entry in value:
                yield from _nested_targets(wire_type.of, entry)


def _variant(union: Union, value: Json) -> Class:
    """The class of an object, by its discriminator key."""
    discriminators = {cls: keys_of(cls)[union.discriminator] for cls in union.of}
    return next(
        cls for cls, key in discriminators.items() if value[key.name] in key.type.spellings()
    )


def _fill_out(draw: st.DrawFn, payload: dict[str, Json]) -> None:
    """Add an object of each class, and make joined arrays three items long."""
    report = payload.setdefault(key_name(Request, "report"), {})
    payload[key_name(Request, "output")] = draw(objects(AggregateOutput, 0))
    for cls, container in ((Request, payload), (ReportFilter, report)):
        for key in keys_of(cls).values():
            if isinstance(key.type, JsonText):
                continue
            value = container.setdefault(key.name, copy.deepcopy(draw(values(key.type, 0))))
            if isinstance(key.type, Array) and isinstance(key.type.of, Union):
                value += [copy.deepcopy(draw(objects(variant, 0))) for variant in key.type.of.of]
    for target in [*_targets(Request, payload)]:
        if isinstance(target.type, JoinedArray):
            joiner = keys_of(target.type.of.of)["joiner"]
            operator = joiner.type.allowed()[0].token
            entries = [copy.deepcopy(entry) for entry in (target.value * 3)[:3]]
            target.value[:] = [{**entry, joiner.name: operator} for entry in entries]
            del target.value[-1][joiner.name]


def _replace_with(*replacements: Json) -> Change:
    """Replace the value by one of these."""

    def change(draw: st.DrawFn, target: Target) -> None:
        target.container[target.key] = copy.deepcopy(draw(st.sampled_from(replacements)))

    return change


def _remove(_: st.DrawFn, target: Target) -> None:
    del target.container[target.key]


def _add_value(_: st.DrawFn, target: Target) -> None:
    target.container[key_name(PresenceFilter, "value")] = "x"


def _add_unknown_key(draw: st.DrawFn, target: Target) -> None:
    target.container[draw(st.sampled_from(("Remark", "Colour", "$comment", "x")))] = "?"


def _retype(draw: st.DrawFn, target: Target) -> None:
    """Another type of JSON value; true is valid nowhere."""
    replacements = (True, {"x": {}}) if isinstance(target.value, list) else (True, [["x"]])
    _replace_with(*replacements)(draw, target)


def _swap_value_key(_: st.DrawFn, target: Target) -> None:
    """Put one value under the key for several, or the reverse."""
    value = target.container.pop(target.key)
    if isinstance(target.type, Array):
        target.container[key_name(ComparisonFilter, "value")] = value[0]
    else:
        target.container[key_name(MembershipFilter, "values")] = [value]


def _add_nodes(_: st.DrawFn, target: Target) -> None:
    target.value.update({key_name(ReportFilter, name): [] for name in ("activities", "tasks")})


def _reverse(_: st.DrawFn, target: Target) -> None:
    first, last = (key_name(DateRange, name) for name in DateRange.ordered)
    target.container[first], target.container[last] = "2026-01-02 00:00:00", "2026-01-01 00:00:00"


def _remove_joiner(_: st.DrawFn, target: Target) -> None:
    assert isinstance(target.type, JoinedArray)  # noqa: S101 - by the predicate of the mutation
    del target.value[0][key_name(target.type.of.of, "joiner")]


def _replace_joiner(draw: st.DrawFn, target: Target) -> None:
    assert isinstance(target.type, JoinedArray)  # noqa: S101 - by the predicate of the mutation
    token = key_name(target.type.of.of, "joiner")
    target.value[0][token] = draw(st.sampled_from(("?", "XOR", "then")))


def _mix_joiners(_: st.DrawFn, target: Target) -> None:
    """Join the first two items by one operator and the next by the other."""
    assert isinstance(target.type, JoinedArray)  # noqa: S101 - by the predicate of the mutation
    joiner = keys_of(target.type.of.of)["joiner"]
    one, other = (row.token for row in joiner.type.allowed())
    first, second, *_rest = target.value
    first[joiner.name] = other if second[joiner.name] == one else one


def _has_type(cls: type) -> Callable[[Target], bool]:
    return lambda target: isinstance(target.type, cls)


def _has_enum(enum: type) -> Callable[[Target], bool]:
    """A required value of an enum."""
    return lambda target: (
        isinstance(target.type, EnumType) and target.type.enum is enum and target.required
    )


def _has_items(length: int) -> Callable[[Target], bool]:
    return lambda target: isinstance(target.type, JoinedArray) and len(target.value) >= length


def _is_key(cls: Class, attribute: str) -> Callable[[Target], bool]:
    return lambda target: target.of is cls and target.key == key_name(cls, attribute)


def _any_of(*fits: Callable[[Target], bool]) -> Callable[[Target], bool]:
    return lambda target: any(fit(target) for fit in fits)


def _is_required(target: Target) -> bool:
    return target.required


MUTATIONS: Final[dict[Rule, Mutation]] = {
    UNKNOWN_KEY: Mutation(lambda _: True, _add_unknown_key),
    MISSING_KEY: Mutation(_is_required, _remove),
    WRONG_TYPE: Mutation(_is_required, _retype),
    UNEXPECTED_NULL: Mutation(_is_required, _replace_with(None)),
    EMPTY: Mutation(_any_of(_has_type(Array), _has_type(JoinedArray)), _replace_with([])),
    **{
        rule: Mutation(_has_enum(enum), _replace_with("?", "between", "pivot"))
        for enum, rule in UNKNOWN_RULES.items()
    },
    UNKNOWN_LOGICAL_OPERATOR: Mutation(_has_items(2), _replace_joiner),
    TIMESTAMP_FORMAT: Mutation(
        _has_type(Timestamp), _replace_with("yesterday", "31/01/2026", "2026-01-31")
    ),
    IMPOSSIBLE_DATE: Mutation(
        _has_type(Timestamp), _replace_with("2026-02-30 00:00:00", "2026-13-01 00:00:00")
    ),
    PAGE_OUT_OF_RANGE: Mutation(_has_type(PositiveInt), _replace_with(0, -1, MAX_INT + 1)),
    WRONG_VALUE_KEY: Mutation(
        _any_of(_is_key(ComparisonFilter, "value"), _is_key(MembershipFilter, "values")),
        _swap_value_key,
    ),
    UNEXPECTED_VALUE: Mutation(_is_key(PresenceFilter, "operator"), _add_value),
    EMPTY_VALUE: Mutation(_is_key(ComparisonFilter, "value"), _replace_with("")),
    REVERSED_RANGE: Mutation(_is_key(DateRange, "end"), _reverse),
    MIXED_LOGICAL_OPERATORS: Mutation(_has_items(3), _mix_joiners),
    MISSING_LOGICAL_OPERATOR: Mutation(_has_items(2), _remove_joiner),
    TWO_REPORTS: Mutation(_is_key(Request, "report"), _add_nodes),
}
"""How to make each mistake that is not one of JSON syntax."""
