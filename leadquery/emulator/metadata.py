"""The account's lead fields, in the form of LeadsMetaData.Get."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from leadquery.emulator.storage import Collation, Table, number_key
from leadquery.expr import BaseField, Choice, DateTime, Field, Number, Text
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FIELD_TYPES, UNDOCUMENTED_FIELDS
from leadquery.wire.enums import (
    DATA_TYPE,
    DISPLAY_NAME,
    MANDATORY,
    OPTION,
    OPTIONS,
    RENDERED_TYPE,
    SCHEMA_NAME,
)
from leadquery.wire.types import Json

_DATA_TYPES: Final = {
    field_type: data_type for data_type, field_type in reversed(FIELD_TYPES.items())
}


def lead_fields_metadata(
    leads: Table, fields: Iterable[BaseField[Any]], options: bool
) -> list[dict[str, Json]]:
    """The standard fields, the given ones, and all others that a lead has.

    A field whose type is not given is a number if its values are, and text otherwise.
    """
    known: dict[str, BaseField[Any]] = {
        name: field for name, field in STANDARD.items() if name not in UNDOCUMENTED_FIELDS
    }
    known |= {field.name: field for field in fields}
    stored = leads.collations
    names = dict.fromkeys([*known, *(name for name in stored if name not in UNDOCUMENTED_FIELDS)])
    typed = (_with_type(known.get(name, Field(name)), stored) for name in names)
    return [_entry(field, options=options) for field in typed]


def _with_type(field: BaseField[Any], stored: Mapping[str, Collation]) -> BaseField[Any]:
    if type(field) is not Field:
        return field
    field_type = Number if stored.get(field.name) is number_key else Text
    return field_type(field.name, field.label)


def _entry(field: BaseField[Any], *, options: bool) -> dict[str, Json]:
    """The JSON object of a field. Empty values are left out."""
    data_type = next(
        (data_type for cls, data_type in _DATA_TYPES.items() if isinstance(field, cls)),
        _DATA_TYPES[Text],
    )
    entry: dict[str, Json] = {
        SCHEMA_NAME: field.name,
        DISPLAY_NAME: field.label or field.name,
        DATA_TYPE: data_type,
        MANDATORY: False,
    }
    if isinstance(field, DateTime):
        entry[RENDERED_TYPE] = DateTime.__name__
    if options and isinstance(field, Choice) and field.options:
        entry[OPTIONS] = [{OPTION: option} for option in field.options]
    return entry
