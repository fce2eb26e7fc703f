"""The lead fields of an account, from its metadata, a list of names, or words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any, Final

import attrs

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
from leadquery.fields import STANDARD, LeadAge, Origin, ProspectAutoId
from leadquery.lint.diagnostics import Json
from leadquery.lint.json_values import describe_json
from leadquery.lint.name_index import MEMBER, NameIndex
from leadquery.wire.protocol import (
    DATA_TYPE,
    DISPLAY_NAME,
    OPTION,
    OPTIONS,
    RENDERED_TYPE,
    SCHEMA_NAME,
)

_EXPECTED: Final = (
    "give what LeadsMetaData.Get answers, or a list of schema names "
    'or of words such as Number("mx_Deal_Value")'
)

KINDS: Final[dict[str, type[BaseField[Any]]]] = {
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
"""The kind of field behind each type of data; the first of a kind is what is said of it."""

# Answers have these, listed or not. Whether a filter reads the three last is not known.
UNDOCUMENTED_FIELDS: Final[dict[str, BaseField[Any]]] = {
    name: word
    for name, word in STANDARD.items()
    if isinstance(word, DerivedColumn) or name in (LeadAge.name, Origin.name, ProspectAutoId.name)
}


@attrs.frozen(eq=False, repr=False, slots=False)
class FieldCatalog:
    """The lead fields of an account: words of their kinds, by schema name.

    What is given is all there is, but for columns that answers have and metadata leaves out.
    """

    words: Mapping[str, BaseField[Any]]

    @classmethod
    def of(cls, fields: object) -> FieldCatalog:
        """The account with these fields.

        They are an answer of LeadsMetaData.Get (its text, its bytes or what it holds), or schema
        names, or words. A name alone is of the kind that `leadquery.fields` knows, or of any.
        Raises QueryError for anything else, and for none at all.
        """
        if isinstance(fields, FieldCatalog):
            return fields
        entries = enumerate(_entries(fields))
        words = [_word(entry, f"fields[{index}]") for index, entry in entries]
        if not words:
            raise QueryError(f"fields: nothing is listed; {_EXPECTED}")
        return cls(UNDOCUMENTED_FIELDS | {word.name: word for word in words})

    def word(self, name: str) -> BaseField[Any] | None:
        """The field of a schema name. One of a set of fields is known by its set."""
        found = self.words.get(name)
        if found is None and MEMBER in name and name.partition(MEMBER)[0] in self.words:
            return Field(name)
        return found

    @cached_property
    def names(self) -> NameIndex:
        """The schema names, and the labels that people see."""
        return NameIndex({name: word.label for name, word in self.words.items()})


def _entries(fields: object) -> Iterable[object]:
    """What is listed, by whatever holds the list."""
    if isinstance(fields, (str, bytes, bytearray)):
        fields = _parsed(fields)
    if isinstance(fields, dict):
        return [fields] if SCHEMA_NAME in fields else _wrapped(fields)
    if isinstance(fields, (BaseField, str)) or not isinstance(fields, Iterable):
        said = repr(fields) if isinstance(fields, BaseField) else describe_json(fields)
        raise QueryError(f"fields: {said} is no list of fields; {_EXPECTED}")
    return fields


def _parsed(text: str | bytes | bytearray) -> Json:
    try:
        return json.loads(text.removeprefix("\ufeff") if isinstance(text, str) else text)
    except (ValueError, RecursionError):
        raise QueryError(f"fields: the text is not JSON; {_EXPECTED}") from None


def _wrapped(fields: dict[Any, Any]) -> list[Json]:
    lists = [value for value in fields.values() if isinstance(value, list)]
    if len(lists) != 1:
        held = "more than one list" if lists else "no list"
        raise QueryError(f"fields: the object holds {held}; {_EXPECTED}")
    return lists[0]


def _word(entry: object, place: str) -> BaseField[Any]:
    if isinstance(entry, BaseField):
        return entry
    if isinstance(entry, str):
        name = schema_name(entry)
        return STANDARD.get(name, Field(name))
    if isinstance(entry, dict):
        return _of_metadata(entry, place)
    raise QueryError(f"{place}: {describe_json(entry)} is no field; {_EXPECTED}")


def _of_metadata(entry: dict[Any, Any], place: str) -> BaseField[Any]:
    name = _text(entry, SCHEMA_NAME, place)
    if not name:
        raise QueryError(f"{place}: the field has no {SCHEMA_NAME!r}; {_EXPECTED}")
    label = _text(entry, DISPLAY_NAME, place) or name
    unsaid = type(STANDARD.get(name, Field(name)))
    kind = KINDS.get(_text(entry, DATA_TYPE, place), unsaid)
    if kind is Date and _text(entry, RENDERED_TYPE, place) == DateTime.__name__:
        return DateTime(name, label)
    if kind is Choice:
        return Choice(name, label, options=_options(entry, place))
    return kind(name, label)


def _text(entry: dict[Any, Any], key: str, place: str) -> str:
    """The text under a key; what is left out or null is empty."""
    found = entry.get(key)
    if found is not None and not isinstance(found, str):
        raise QueryError(f"{place}.{key}: {describe_json(found)} is not text")
    return found or ""


def _options(entry: dict[Any, Any], place: str) -> list[str]:
    """The options of a dropdown: objects in today's answers, texts in older ones."""
    options = entry.get(OPTIONS)
    if options is not None and not isinstance(options, list):
        raise QueryError(f"{place}.{OPTIONS}: {describe_json(options)} is not a list")
    entries = enumerate(options or ())
    return [_option(one, f"{place}.{OPTIONS}[{index}]") for index, one in entries]


def _option(entry: object, place: str) -> str:
    if isinstance(entry, dict) and OPTION in entry:
        return _text(entry, OPTION, place)
    if isinstance(entry, str):
        return entry
    raise QueryError(
        f"{place}: {describe_json(entry)} is no option, which is text or has a {OPTION!r}"
    )
