"""Sample requests, and what to write for a key, taken from them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from functools import cache
from typing import Any, Final

from leadquery.wire.enums import (
    AggregateFunction,
    DateField,
    LogicalOperator,
    Operator,
    OutputType,
    UserOperator,
)
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    DateRange,
    ListOutput,
    MembershipFilter,
    Paging,
    PresenceFilter,
    ReportFilter,
    Request,
    UserCondition,
    UserFilter,
    UserGroup,
)
from leadquery.wire.schema import Class, Key, Union, WireObject, keys_of
from leadquery.wire.serializer import to_payload
from leadquery.wire.types import EnumType, Json, OpenEnumType

_OWNERS: Final = UserFilter(
    (
        UserGroup(
            (
                UserCondition("Role", UserOperator.EQUAL.token, "Sales_User", LogicalOperator.AND),
                UserCondition("EmailAddress", UserOperator.CONTAINS.token, "@example.com", None),
            ),
            None,
            None,
        ),
    ),
    None,
)

_JANUARY: Final = DateRange(
    DateField.CREATED,
    datetime(2026, 1, 1, tzinfo=timezone.utc),
    datetime(2026, 1, 31, 23, 59, 59, tzinfo=timezone.utc),
)

SAMPLES: Final = (
    Request(
        ReportFilter(
            None,
            (
                ComparisonFilter("EngagementScore", "20", Operator.BELOW),
                MembershipFilter("Source", Operator.ONE_OF, ("Website", "Referral Sites")),
                PresenceFilter("Phone", Operator.HAS_DATA, None),
            ),
        ),
        (_JANUARY,),
        ListOutput(OutputType.LIST, ("FirstName", "EmailAddress", "EngagementScore")),
        Paging(1, 100),
    ),
    Request(
        ReportFilter(_OWNERS, None),
        (_JANUARY,),
        AggregateOutput(
            OutputType.AGGREGATE, "OwnerId", AggregateFunction.AVERAGE, "EngagementScore"
        ),
        Paging(1, 100),
    ),
)


@cache
def values_to_write(cls: Class, key: Key) -> tuple[str, ...]:
    """What can be written under a key of a class, as JSON: all of a fixed list, or examples.

    >>> from leadquery.wire.schema import keys_of
    >>> values_to_write(DateRange, keys_of(DateRange)["field"])
    ('"LeadCreatedOn"', '"LeadModifiedOn"')
    """
    match key.type:
        case EnumType():
            values = [member.token for member in key.type.allowed()]
        case OpenEnumType():
            values = key.type.json_schema()["examples"]
        case Union():
            values = [_examples()[each] for each in key.type.of]
        case _:
            values = [_examples()[cls][key.name]]
    return tuple(json.dumps(_shortened(value)) for value in values)


def objects_to_write(classes: Iterable[Class]) -> str:
    """An object of each class, as JSON.

    >>> from leadquery.wire.model import Paging
    >>> objects_to_write([Paging])
    '{"PageIndex": 1, "PageSize": 100}'
    """
    return " or ".join(json.dumps(_shortened(_examples()[cls])) for cls in classes)


def advice(key: str, values: Iterable[str]) -> str:
    """The advice to add a key with one of some values, which are JSON.

    >>> advice("PageIndex", ["1"])
    'add "PageIndex": 1'
    """
    *most, last = values
    return f'add "{key}": ' + (f"{', '.join(most)} or {last}" if most else last)


def required_keys() -> list[str]:
    """Each required key of each object, with what can be written under it."""
    values: dict[tuple[str, str], dict[str, None]] = {}
    for cls in _examples():
        for attribute, key in keys_of(cls).items():
            if key.required or attribute in getattr(cls, "any_required", ())[:1]:
                under_key = values.setdefault((cls.label, key.name), {})
                under_key.update(dict.fromkeys(values_to_write(cls, key)))
    return [f"{label}: {advice(name, found)}" for (label, name), found in values.items()]


@cache
def _examples() -> dict[Class, dict[str, Json]]:
    """An object of each class, as JSON: the last one in the samples."""
    return {type(found): to_payload(found) for sample in SAMPLES for found in _objects_in(sample)}


def _objects_in(value: Any) -> Iterator[WireObject]:
    """An object of the model and all objects in it."""
    if isinstance(value, WireObject):
        yield value
        for attribute in keys_of(type(value)):
            yield from _objects_in(getattr(value, attribute))
    elif isinstance(value, tuple):
        for item in value:
            yield from _objects_in(item)


def _shortened(value: Json) -> Json:
    """A value with the last object only of each list of objects, which nothing follows."""
    if isinstance(value, dict):
        return {key: _shortened(entry) for key, entry in value.items()}
    if isinstance(value, list) and isinstance(value[-1], dict):
        return [_shortened(value[-1])]
    return value
