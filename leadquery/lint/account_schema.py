"""The JSON Schema of a payload for one account: its fields, their operators and their values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from leadquery.expr.collation import SEARCHES
from leadquery.expr.field import BaseField, supports
from leadquery.expr.field_types import Boolean, Choice, DerivedColumn, Field, Number
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.name_index import MEMBER
from leadquery.lint.rules.field_values import NUMBER
from leadquery.wire.enums import FALSE, SEPARATOR, TRUE, AggregateFunction, Operator
from leadquery.wire.json_schema import DEFINITIONS, Schema, schema
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
)
from leadquery.wire.schema import Class, key_name
from leadquery.wire.types import Json

_FIELD: Final = "LeadField"

FIELD_NAMES: Final = (
    *((cls, "name") for cls in (ComparisonFilter, MembershipFilter, PresenceFilter)),
    (AggregateOutput, "group"),
    (AggregateOutput, "field"),
)
"""The attributes that name a field."""

_VALUES: Final = ((ComparisonFilter, "value"), (MembershipFilter, "values"))


def account_schema(catalog: FieldCatalog) -> Schema:
    """The JSON Schema of a payload with the fields of an account.

    Like `schema`, it accepts every payload in which `check` with these fields finds nothing. It
    also refuses unknown fields, operators and functions that their types do not have, values of
    numbers and of true or false, and what is no option of a dropdown.
    """
    built = schema()
    definitions: dict[str, Any] = built[DEFINITIONS]
    names = sorted(catalog.fields)
    # A member of a set of fields is not listed itself.
    known = [{"enum": names}, {"pattern": MEMBER}]
    definitions[_FIELD] = {"type": "string", "anyOf": known}
    for cls, attribute in FIELD_NAMES:
        key = _properties(definitions, cls)[key_name(cls, attribute)]
        key.pop("type")
        key |= {"$ref": f"#/{DEFINITIONS}/{_FIELD}"}
    one = f"(?:{'|'.join(map(re.escape, names))}|[^{SEPARATOR}]*{MEMBER}[^{SEPARATOR}]*)"
    columns = _properties(definitions, ListOutput)[key_name(ListOutput, "columns")]
    columns["pattern"] = rf"^\s*{one}\s*({SEPARATOR}\s*{one}\s*)*$"
    fields = [catalog.fields[name] for name in names]
    for cls, attribute in _VALUES:
        rules = [*_operator_rules(cls, fields), *_value_rules(cls, attribute, fields)]
        definitions[cls.__name__]["allOf"] = rules
    numbers = [one.name for one in fields if isinstance(one, (Number, Field, DerivedColumn))]
    computed = [one.token for one in AggregateFunction if one is not AggregateFunction.COUNT]
    function = {key_name(AggregateOutput, "function"): {"enum": computed}}
    field = {key_name(AggregateOutput, "field"): {"anyOf": [{"enum": numbers}, known[1]]}}
    definitions[AggregateOutput.__name__]["allOf"] = [_rule(function, field)]
    return built


def _properties(definitions: dict[str, Any], cls: Class) -> dict[str, Any]:
    found: dict[str, Any] = definitions[cls.__name__]["properties"]
    return found


def _rule(condition: dict[str, Json], consequence: dict[str, Json]) -> Schema:
    return {
        "if": {"properties": condition, "required": [*condition]},
        "then": {"properties": consequence},
    }


def _operator_rules(cls: Class, fields: list[BaseField[Any]]) -> Iterator[Schema]:
    """For the fields of each type, the operators that it does not have."""
    ordered = sorted(fields, key=lambda field: type(field).__name__)
    for field_type, group in groupby(ordered, type):
        listed = [*group]
        lacks = [one.token for one in Operator if not supports(listed[0], one)]
        if lacks and field_type is not DerivedColumn:
            names = {key_name(cls, "name"): {"enum": [field.name for field in listed]}}
            yield _rule(names, {key_name(cls, "operator"): {"not": {"enum": lacks}}})


def _value_rules(cls: Class, attribute: str, fields: list[BaseField[Any]]) -> Iterator[Schema]:
    searches = [operator.token for operator in SEARCHES]
    for field in fields:
        if isinstance(field, Number):
            value: Schema = {"pattern": f"^{NUMBER}$"}
        elif isinstance(field, Boolean):
            value = {"enum": [FALSE, TRUE]}
        elif isinstance(field, Choice) and field.options and not field.others:
            value = {"enum": [*dict.fromkeys(field.options)]}
        else:
            continue
        condition: dict[str, Json] = {
            key_name(cls, "name"): {"const": field.name},
            key_name(cls, "operator"): {"not": {"enum": searches}},
        }
        several = cls is MembershipFilter
        yield _rule(condition, {key_name(cls, attribute): {"items": value} if several else value})
