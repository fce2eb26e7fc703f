"""The lead fields of an account, from its metadata, a list of names, or field objects."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from types import ModuleType
from typing import Any, Final

import attrs

from leadquery._util.text import describe_json, normalize_name
from leadquery.errors import QueryError
from leadquery.expr.field import BaseField, schema_name
from leadquery.expr.field_types import (
    Boolean,
    Choice,
    Date,
    DateTime,
    DerivedColumn,
    Field,
    Number,
    Text,
    Time,
)
from leadquery.fields import ALIASES, STANDARD, LeadAge, Origin, ProspectAutoId
from leadquery.lint.name_index import MEMBER, NameIndex
from leadquery.wire.enums import (
    DATA_TYPE,
    DISPLAY_NAME,
    OPTION,
    OPTIONS,
    RENDERED_TYPE,
    SCHEMA_NAME,
    WITH_OTHERS,
)
from leadquery.wire.types import Json

_EXPECTED: Final = (
    "expected the response of LeadsMetaData.Get, or a list of schema names "
    'or of fields such as Number("mx_Deal_Value")'
)

FIELD_TYPES: Final[dict[str, type[BaseField[Any]]]] = {
    "Text": Text,
    "Email": Text,
    "Phone": Text,
    "Website": Text,
    "Number": Number,
    "Boolean": Boolean,
    "Select": Choice,
    "Date": Date,
    "Time": Time,
}
"""The field type of each data type; the first data type of a field type is the one to write."""

# Responses have these, whether metadata lists them or not. It is not known whether a filter can
# read the last three.
UNDOCUMENTED_FIELDS: Final[dict[str, BaseField[Any]]] = {
    name: field
    for name, field in STANDARD.items()
    if isinstance(field, DerivedColumn) or name in (LeadAge.name, Origin.name, ProspectAutoId.name)
}


@attrs.frozen(eq=False, repr=False, slots=False)
class FieldCatalog:
    """The lead fields of an account by schema name, including undocumented ones."""

    fields: Mapping[str, BaseField[Any]]

    @classmethod
    def of(cls, fields: object) -> FieldCatalog:
        """The catalog of these fields.

        They are a response of LeadsMetaData.Get (its text, its bytes or its value), a list of
        schema names or of fields, or a module that declares fields. A name alone has the type that
        `leadquery.fields` gives it, or any type. Raises QueryError for anything else, and if there
        is no field.
        """
        if isinstance(fields, FieldCatalog):
            return fields
        return cls(UNDOCUMENTED_FIELDS | read_fields(fields))

    def get(self, name: str) -> BaseField[Any] | None:
        """The field of a schema name; a member of a set of fields is found by its set."""
        found = self.fields.get(name)
        if found is None and MEMBER in name and name.partition(MEMBER)[0] in self.fields:
            return Field(name)
        return found

    def search(self, text: str) -> list[BaseField[Any]]:
        """The fields with a text in a name, the display name or an alias, sorted by name."""
        part = normalize_name(text)
        found = [
            field
            for field in self.fields.values()
            if any(
                part in normalize_name(name)
                for name in (field.name, field.label, *ALIASES.get(field.name, ()))
            )
        ]
        return sorted(found, key=lambda field: field.name.casefold())

    def options(self, name: str) -> tuple[str, ...]:
        """The options of a field, if it is a dropdown."""
        field = self.fields.get(name)
        return field.options if isinstance(field, Choice) else ()

    @cached_property
    def names(self) -> NameIndex:
        """The schema names with their display names."""
        return NameIndex({name: field.label for name, field in self.fields.items()})


def read_fields(fields: object) -> dict[str, BaseField[Any]]:
    """The fields that are listed, by schema name, in the forms that `FieldCatalog.of` takes."""
    found = [_field(entry, f"fields[{index}]") for index, entry in enumerate(_entries(fields))]
    if not found:
        raise QueryError(f"fields: the list is empty; {_EXPECTED}")
    return {field.name: field for field in found}


def _entries(fields: object) -> Iterable[object]:
    """The entries of the list, which may be wrapped in an object or in text."""
    if isinstance(fields, (str, bytes, bytearray)):
        fields = _parse(fields)
    if isinstance(fields, ModuleType):
        return [value for value in vars(fields).values() if isinstance(value, BaseField)]
    if isinstance(fields, dict):
        return [fields] if SCHEMA_NAME in fields else _unwrap(fields)
    if isinstance(fields, (BaseField, str)) or not isinstance(fields, Iterable):
        found = repr(fields) if isinstance(fields, BaseField) else describe_json(fields)
        raise QueryError(f"fields: {found} is not a list of fields; {_EXPECTED}")
    return fields


def _parse(text: str | bytes | bytearray) -> Json:
    try:
        return json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except (ValueError, RecursionError):
        raise QueryError(f"fields: the text is not JSON; {_EXPECTED}") from None


def _unwrap(fields: dict[Any, Any]) -> list[Json]:
    lists = [value for value in fields.values() if isinstance(value, list)]
    if len(lists) != 1:
        found = "more than one list" if lists else "no list"
        raise QueryError(f"fields: the object has {found}; {_EXPECTED}")
    return lists[0]


def _field(entry: object, place: str) -> BaseField[Any]:
    if isinstance(entry, BaseField):
        return entry
    if isinstance(entry, str):
        name = schema_name(entry)
        return STANDARD.get(name, Field(name))
    if isinstance(entry, dict):
        return _from_metadata(entry, place)
    raise QueryError(f"{place}: {describe_json(entry)} is not a field; {_EXPECTED}")


def _from_metadata(entry: dict[Any, Any], place: str) -> BaseField[Any]:
    name = _text(entry, SCHEMA_NAME, place)
    if not name:
        raise QueryError(f"{place}: the field has no {SCHEMA_NAME!r}; {_EXPECTED}")
    label = _text(entry, DISPLAY_NAME, place) or name
    default = type(STANDARD.get(name, Field(name)))
    field_type = FIELD_TYPES.get(_text(entry, DATA_TYPE, place), default)
    if field_type is Date and _text(entry, RENDERED_TYPE, place) == DateTime.__name__:
        return DateTime(name, label)
    if field_type is Choice:
        options = _options(entry, place)
        rendered = "".join(_text(entry, RENDERED_TYPE, place).split())
        takes_others = rendered.casefold().endswith(WITH_OTHERS.casefold())
        return Choice(name, label, options=options, others=takes_others)
    return field_type(name, label)


def _text(entry: dict[Any, Any], key: str, place: str) -> str:
    """The text under a key, or empty text if it is missing or null."""
    found = entry.get(key)
    if found is not None and not isinstance(found, str):
        raise QueryError(f"{place}.{key}: {describe_json(found)} is not text")
    return found or ""


def _options(entry: dict[Any, Any], place: str) -> list[str]:
    """The options of a dropdown: objects in current responses, texts in older ones."""
    options = entry.get(OPTIONS)
    if options is not None and not isinstance(options, list):
        raise QueryError(f"{place}.{OPTIONS}: {describe_json(options)} is not a list")
    entries = enumerate(options or ())
    return [_option(option, f"{place}.{OPTIONS}[{index}]") for index, option in entries]


def _option(entry: object, place: str) -> str:
    if isinstance(entry, dict) and OPTION in entry:
        return _text(entry, OPTION, place)
    if isinstance(entry, str):
        return entry
    raise QueryError(
        f"{place}: {describe_json(entry)} is not an option; expected text, or an object with "
        f"{OPTION!r}"
    )
