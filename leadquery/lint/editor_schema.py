"""The JSON Schema of a payload for editors, also for the fields of one account."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Final

from leadquery import users
from leadquery.expr.collation import SEARCHES
from leadquery.expr.field import BaseField, supports
from leadquery.expr.field_types import Boolean, Choice, DerivedColumn, Field, Number
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog
from leadquery.lint.name_index import MEMBER
from leadquery.lint.rules.field_values import NUMBER
from leadquery.wire.enums import FALSE, SEPARATOR, TRUE, AggregateFunction, Operator
from leadquery.wire.json_schema import DEFINITIONS, Schema, build_schema
from leadquery.wire.model import (
    AggregateOutput,
    ComparisonFilter,
    ListOutput,
    MembershipFilter,
    PresenceFilter,
    UserCondition,
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


def editor_schema(catalog: FieldCatalog | None = None) -> Schema:
    """The JSON Schema of a payload for editors, which complete and describe what it lists.

    It accepts every payload in which `check` finds nothing, with a `"$schema"` that names it. With
    the fields of an account, it also refuses unknown fields, operators and functions that their
    types do not have, values of numbers and of true or false, and what is no option of a dropdown.
    Without them, an editor suggests the standard fields.
    """
    built = build_schema(for_editors=True)
    definitions: dict[str, Any] = built[DEFINITIONS]
    attributes = {"enum": [*users.STANDARD]}
    name = _properties(definitions, UserCondition)[key_name(UserCondition, "name")]
    name["anyOf"] = [attributes, {}]
    if catalog is None:
        fields = [one for one in STANDARD.values() if not isinstance(one, DerivedColumn)]
        _suggest_fields(definitions, fields, {"minLength": 1})
    else:
        _require_fields(definitions, catalog)
    return built


def _suggest_fields(
    definitions: dict[str, Any], fields: Iterable[BaseField[Any]], others: Schema
) -> None:
    """Let the keys that name a field suggest these, each with its type; `others` are allowed."""
    ordered = sorted(fields, key=lambda field: field.name)
    descriptions = [_description(field) for field in ordered]
    known = {"enum": [field.name for field in ordered], "enumDescriptions": descriptions}
    definitions[_FIELD] = {"type": "string", "anyOf": [known, others]}
    for cls, attribute in FIELD_NAMES:
        key = _properties(definitions, cls)[key_name(cls, attribute)]
        del key["type"], key["minLength"]
        key |= {"$ref": f"#/{DEFINITIONS}/{_FIELD}"}


def _description(field: BaseField[Any]) -> str:
    field_type = type(field).__name__
    return field_type if field.label == field.name else f"{field.label} ({field_type})"


def _require_fields(definitions: dict[str, Any], catalog: FieldCatalog) -> None:
    """Allow only the fields of an account, with what their types and options allow."""
    names = sorted(catalog.fields)
    # A member of a set of fields is not listed itself.
    members = {"type": "string", "pattern": MEMBER}
    _suggest_fields(definitions, catalog.fields.values(), members)
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
    field = {key_name(AggregateOutput, "field"): {"anyOf": [{"enum": numbers}, members]}}
    definitions[AggregateOutput.__name__]["allOf"] = [_rule(function, field)]


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
            value: Schema = {"type": "string", "pattern": f"^{NUMBER}$"}
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
        yield _rule(
            condition,
            {key_name(cls, attribute): {"type": "array", "items": value} if several else value},
        )
