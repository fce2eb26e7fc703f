"""What an account says of its lead fields, as LeadsMetaData.Get says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from leadquery.emulator.collation import Kind, number
from leadquery.emulator.storage import Table
from leadquery.expr import BaseField, Choice, DateTime, Field, Number, Text
from leadquery.fields import STANDARD
from leadquery.lint.catalog import KINDS, UNDOCUMENTED_FIELDS
from leadquery.lint.diagnostics import Json
from leadquery.wire.protocol import (
    DATA_TYPE,
    DISPLAY_NAME,
    MANDATORY,
    OPTION,
    OPTIONS,
    RENDERED_TYPE,
    SCHEMA_NAME,
)

_DATA_TYPES: Final = {kind: data_type for data_type, kind in reversed(KINDS.items())}


def metadata(leads: Table, words: Iterable[BaseField[Any]], options: bool) -> list[dict[str, Json]]:
    """Every standard field, the fields that words name, and all others that a lead has.

    A field that no word gives a kind is a number when its values are, and text otherwise.
    """
    known: dict[str, BaseField[Any]] = {
        name: word for name, word in STANDARD.items() if name not in UNDOCUMENTED_FIELDS
    }
    known |= {word.name: word for word in words}
    stored = leads.kinds
    names = dict.fromkeys([*known, *(name for name in stored if name not in UNDOCUMENTED_FIELDS)])
    found = (_settled(known.get(name, Field(name)), stored) for name in names)
    return [_entry(word, options=options) for word in found]


def _settled(word: BaseField[Any], stored: Mapping[str, Kind]) -> BaseField[Any]:
    if type(word) is not Field:
        return word
    return (Number if stored.get(word.name) is number else Text)(word.name, word.label)


def _entry(word: BaseField[Any], *, options: bool) -> dict[str, Json]:
    """A field. What is empty is left out."""
    entry: dict[str, Json] = {
        SCHEMA_NAME: word.name,
        DISPLAY_NAME: word.label or word.name,
        DATA_TYPE: next(
            (said for kind, said in _DATA_TYPES.items() if isinstance(word, kind)),
            _DATA_TYPES[Text],
        ),
        MANDATORY: False,
    }
    if isinstance(word, DateTime):
        entry[RENDERED_TYPE] = DateTime.__name__
    if options and isinstance(word, Choice) and word.options:
        entry[OPTIONS] = [{OPTION: option} for option in word.options]
    return entry
