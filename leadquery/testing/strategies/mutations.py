"""A strategy for payloads with one mistake: valid payloads with one mutation."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from hypothesis import strategies as st

from leadquery._util.text import describe_json
from leadquery.errors import QueryError
from leadquery.lint.rules import Rule, combinations, joiners, structure, values as value_rules
from leadquery.lint.rules.fixed_lists import UNKNOWN_LOGICAL_OPERATOR, UNKNOWN_RULES
from leadquery.testing.strategies.payloads import Json, objects, payloads, values
from leadquery.wire.enums import LogicalOperator
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
    type: Any
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
            joiner = _joiner(target)
            operator = LogicalOperator.AND.token
            entries = [copy.deepcopy(entry) for entry in (target.value * 3)[:3]]
            target.value[:] = [{**entry, joiner: operator} for entry in entries]
            del target.value[-1][joiner]


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
    del target.value[0][_joiner(target)]


def _replace_joiner(draw: st.DrawFn, target: Target) -> None:
    target.value[0][_joiner(target)] = draw(st.sampled_from(("?", "XOR", "then")))


def _mix_joiners(_: st.DrawFn, target: Target) -> None:
    """Join the first two items by one operator and the next by the other."""
    joiner = _joiner(target)
    one, other = (row.token for row in LogicalOperator)
    first, second, *_rest = target.value
    first[joiner] = other if second[joiner] == one else one


def _joiner(target: Target) -> str:
    """The key that joins the objects of an array."""
    return key_name(target.type.of.of, "joiner")


def _has_type(*classes: type) -> Callable[[Target], bool]:
    return lambda target: isinstance(target.type, classes)


def _has_enum(enum: type) -> Callable[[Target], bool]:
    """A required value of an enum."""
    return lambda target: (
        isinstance(target.type, EnumType) and target.type.enum is enum and target.required
    )


def _has_items(length: int) -> Callable[[Target], bool]:
    return lambda target: isinstance(target.type, JoinedArray) and len(target.value) >= length


def _is_key(cls: Class, attribute: str) -> Callable[[Target], bool]:
    return lambda target: target.of is cls and target.key == key_name(cls, attribute)


_is_value = _is_key(ComparisonFilter, "value")


def _is_required(target: Target) -> bool:
    return target.required


MUTATIONS: Final[dict[Rule, Mutation]] = {
    structure.UNKNOWN_KEY: Mutation(lambda _: True, _add_unknown_key),
    structure.MISSING_KEY: Mutation(_is_required, _remove),
    structure.WRONG_TYPE: Mutation(_is_required, _retype),
    structure.UNEXPECTED_NULL: Mutation(_is_required, _replace_with(None)),
    structure.EMPTY: Mutation(_has_type(Array, JoinedArray), _replace_with([])),
    **{
        rule: Mutation(_has_enum(enum), _replace_with("?", "between", "pivot"))
        for enum, rule in UNKNOWN_RULES.items()
    },
    UNKNOWN_LOGICAL_OPERATOR: Mutation(_has_items(2), _replace_joiner),
    value_rules.TIMESTAMP_FORMAT: Mutation(
        _has_type(Timestamp), _replace_with("yesterday", "31/01/2026", "2026-01-31")
    ),
    value_rules.IMPOSSIBLE_DATE: Mutation(
        _has_type(Timestamp), _replace_with("2026-02-30 00:00:00", "2026-13-01 00:00:00")
    ),
    value_rules.PAGE_OUT_OF_RANGE: Mutation(
        _has_type(PositiveInt), _replace_with(0, -1, MAX_INT + 1)
    ),
    combinations.WRONG_VALUE_KEY: Mutation(
        lambda target: _is_value(target) or _is_key(MembershipFilter, "values")(target),
        _swap_value_key,
    ),
    combinations.UNEXPECTED_VALUE: Mutation(_is_key(PresenceFilter, "operator"), _add_value),
    combinations.EMPTY_VALUE: Mutation(_is_value, _replace_with("")),
    combinations.REVERSED_RANGE: Mutation(_is_key(DateRange, "end"), _reverse),
    joiners.MIXED_LOGICAL_OPERATORS: Mutation(_has_items(3), _mix_joiners),
    joiners.MISSING_LOGICAL_OPERATOR: Mutation(_has_items(2), _remove_joiner),
    combinations.TWO_REPORTS: Mutation(_is_key(Request, "report"), _add_nodes),
}
"""How to make each mistake that is not one of JSON syntax."""
