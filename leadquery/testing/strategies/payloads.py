"""A strategy for valid payloads in every accepted spelling, derived from the wire model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from leadquery import fields, users
from leadquery.testing.strategies.fields import texts
from leadquery.testing.strategies.queries import operators
from leadquery.wire.enums import SEPARATOR, LogicalOperator
from leadquery.wire.model import Request
from leadquery.wire.schema import (
    Array,
    Class,
    JoinedArray,
    Key,
    Object,
    Type,
    Union,
    key_name,
    keys_of,
)
from leadquery.wire.types import (
    BLANKS,
    MAX_INT,
    AnyString,
    CommaList,
    Content,
    EmptyString,
    EnumType,
    JsonText,
    NonEmptyString,
    OpenEnumType,
    PositiveInt,
    Timestamp,
    format_timestamp,
)

Json = Any

_names = st.sampled_from([*fields.STANDARD, *users.STANDARD]) | texts()
_selectable = _names.filter(lambda name: SEPARATOR not in name and name.strip(BLANKS))
_moments = st.datetimes() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3))  # noqa: DTZ001
_MAX_DEPTH: Final = 3

_LEAVES: Final[dict[type, Callable[[Any], st.SearchStrategy[Json]]]] = {
    AnyString: lambda _: st.just("") | texts(),
    NonEmptyString: lambda string: _names if string.content is Content.NAME else texts(),
    EmptyString: lambda _: st.just(""),
    PositiveInt: lambda _: st.one_of(st.integers(1, MAX_INT), st.sampled_from((1, 100, 1.0, 2e3))),
    Timestamp: lambda _: _moments.map(format_timestamp),
    EnumType: lambda enum: st.sampled_from([*enum.spellings(), *([None] * enum.nullable)]),
    OpenEnumType: lambda enum: st.sampled_from([row.token for row in enum.enum]) | operators,
    CommaList: lambda _: st.builds(
        str.join,
        st.sampled_from((SEPARATOR, f"{SEPARATOR} ")),
        st.lists(_selectable, min_size=1, max_size=4),
    ),
}


def payloads() -> st.SearchStrategy[dict[str, Json]]:
    """Payloads without errors, as JSON objects, in every accepted spelling.

    Keys come in any order, with empty values, nested groups and keys of the other output type.
    `check` may have warnings. (API page: Request Parameters)

    >>> from hypothesis import given
    >>> from leadquery import check
    >>> @given(payloads())
    ... def test_no_error(payload):
    ...     assert check(payload).ok
    >>> test_no_error()
    """
    return objects(Request, 0)


@cache
def values(form: Type, depth: int) -> st.SearchStrategy[Json]:
    match form:
        case Object(of=of):
            return objects(of, depth)
        case Union():
            return st.one_of(*(objects(cls, depth, _ignored_keys(form, cls)) for cls in form.of))
        case Array(of=of):
            return st.lists(values(of, depth), min_size=1, max_size=3)
        case JoinedArray():
            return _joined_objects(form.of.of, depth + 1)
    return _LEAVES[type(form)](form)


def _ignored_keys(union: Union, cls: Class) -> tuple[Key, ...]:
    """The keys of the other variants, which an object of this one may have, with any text."""
    if not union.ignores_other_keys:
        return ()
    own = {key.name for key in keys_of(cls).values()}
    tokens = {key.name for other in union.of for key in keys_of(other).values()}
    return tuple(Key(token, AnyString(), required=False) for token in sorted(tokens - own))


@st.composite
def objects(
    draw: st.DrawFn,
    cls: Class,
    depth: int,
    extra: tuple[Key, ...] = (),
    fixed: Mapping[str, Json] | None = None,
) -> dict[str, Json]:
    """An object of a class; `fixed` are values that are not drawn, by key."""
    preset = {} if fixed is None else fixed
    keys = {attribute: key for attribute, key in keys_of(cls).items() if key.name not in preset}
    chosen = [key for key in keys.values() if key.required or draw(_optional(key.type, depth))]
    if hasattr(cls, "any_required") and not {keys[one] for one in cls.any_required} & {*chosen}:
        chosen.append(keys[cls.any_required[0]])
    chosen += [key for key in extra if draw(st.integers(0, 4)) == 4]
    values_by_key = {key.name: draw(values(key.type, depth)) for key in chosen}
    if hasattr(cls, "ordered"):
        first, last = (keys[one].name for one in cls.ordered)
        values_by_key[first], values_by_key[last] = sorted(
            (values_by_key[first], values_by_key[last])
        )
    values_by_key.update((token, value) for token, value in preset.items() if value is not _ABSENT)
    return {token: values_by_key[token] for token in draw(_orders(tuple(values_by_key)))}


_ABSENT: Final = object()


def _optional(form: Type, depth: int) -> st.SearchStrategy[bool]:
    """Whether to include an optional key; nested arrays are rare and limited in depth.

    The nodes of sibling reports are left out, because a body has one of them at most.
    """
    if isinstance(form, JsonText):
        return st.just(value=False)
    if isinstance(form, JoinedArray) and depth:
        return st.just(value=False) if depth > _MAX_DEPTH else st.sampled_from((False, False, True))
    return st.booleans()


@cache
def _orders(tokens: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.one_of(st.just(tokens), st.just(tokens[::-1]), st.permutations(tokens))


@st.composite
def _joined_objects(draw: st.DrawFn, cls: Class, depth: int) -> list[dict[str, Json]]:
    """Objects joined by one operator; the last may have it too, have null, or leave it out."""
    token = key_name(cls, "joiner")
    operator = draw(st.sampled_from(LogicalOperator)).token
    last = draw(st.sampled_from((_ABSENT, None, operator)))
    length = draw(st.sampled_from((1, 1, 2, 3)))
    joiners = [operator] * (length - 1) + [last]
    return [draw(objects(cls, depth, (), {token: joiner})) for joiner in joiners]
