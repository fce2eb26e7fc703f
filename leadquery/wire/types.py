"""The types of single values: what is allowed, how it is decoded, its JSON Schema.

Every type has `json_schema`. Those with a fixed list have its `values`, by how the API page spells
them. Writing is in `leadquery.wire.serializer`, reading in `leadquery.lint.decoder`, and with
diagnostics in `leadquery.lint.reader`.
"""

from __future__ import annotations

from datetime import datetime, time
from enum import Enum, auto
from functools import cached_property
from typing import Any, Final, Generic, TypeAlias, TypeVar

from leadquery.wire.enums import SEPARATOR, TIMESTAMP, Arity, WireEnum

Json = Any
"""A value as the json module reads it."""

BLANKS: Final = " \t\r\n"
"""The whitespace of JSON."""

MAX_INT: Final = 2**31 - 1

FIRST: Final = time(0)

LAST: Final = time(23, 59, 59)
"""The first and the last second of a day."""

T = TypeVar("T", bound=WireEnum)


class DecodeError(ValueError):
    """A JSON value that is not exactly as the API page specifies it."""


class AnyString:
    """Any text, for a key that the API ignores."""

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string"}


class Content(Enum):
    """What a text holds."""

    NAME = auto()
    """The schema name of a field or of a user attribute."""
    VALUE = auto()
    """A value to compare with."""
    VALUES = auto()
    """Values to compare with, separated by commas."""


class NonEmptyString:
    """A text of at least one character."""

    def __init__(self, content: Content = Content.NAME) -> None:
        self.content = content

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1}


class EmptyString:
    """An empty text where no value belongs: accepted, never written."""

    def json_schema(self) -> dict[str, Json]:
        return {"const": ""}


class CommaList:
    """Schema names in one text, separated by commas."""

    def decode(self, raw: Json) -> tuple[str, ...]:
        if type(raw) is not str:
            raise DecodeError(raw)
        names = raw.split(SEPARATOR)
        is_padded = names != [name.strip(BLANKS) for name in names]
        if is_padded or "" in names or len(set(names)) < len(names):
            raise DecodeError(raw)
        return tuple(names)

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "pattern": r"[^, \t\r\n]"}


class PositiveInt:
    """A number that counts from 1 and fits into 32 bits."""

    def json_schema(self) -> dict[str, Json]:
        return {"type": "integer", "minimum": 1, "maximum": MAX_INT}


class Timestamp:
    """A moment in UTC, to the second.

    A date without a time is read as the first second of the day, or as the last one of a range
    that ends with it (`end_of_day`).
    """

    def __init__(self, *, end_of_day: bool = False) -> None:
        self.end_of_day = end_of_day

    def json_schema(self) -> dict[str, Json]:
        return {
            "type": "string",
            "pattern": f"^{TIMESTAMP_PATTERN}$",
            "description": f"Written as {TIMESTAMP}, in UTC.",
            "examples": ["2026-01-31 00:00:00"],
        }


class EnumType(Generic[T]):
    """A member of a fixed list.

    `arity` limits operators to those that take so many values, `only` the list to one member.
    With `unused`, the API ignores what is written here, and null is the only right value.
    """

    def __init__(
        self,
        enum: type[T],
        arity: Arity | None = None,
        only: T | None = None,
        *,
        nullable: bool = False,
        unused: bool = False,
    ) -> None:
        self.enum, self.arity, self.only = enum, arity, only
        self.nullable, self.unused = nullable, unused

    def allowed(self) -> tuple[T, ...]:
        """The allowed members, in the order of the list."""
        return self._allowed

    @cached_property
    def _allowed(self) -> tuple[T, ...]:
        return tuple(
            member
            for member in self.enum
            if self.only in (None, member) and self.arity in (None, getattr(member, "takes", None))
        )

    @cached_property
    def values(self) -> dict[Json, T | None]:
        """The value of each allowed spelling, and of null if that is allowed."""
        values: dict[Json, T | None] = {None: None} if self.nullable else {}
        if not self.unused:
            values |= {text: row for row in self._allowed for text in row.spellings}
        return values

    def json_schema(self) -> dict[str, Json]:
        """The allowed spellings, with what each means; null is not among them."""
        meanings = [f"{member.token!r}: {member.label}" for member in self.allowed()]
        summary = (self.enum.__doc__ or "").partition("\n")[0]
        return {
            "type": "string",
            "enum": [*self.spellings()],
            "description": f"{summary} {'; '.join(meanings)}.",
        }

    def spellings(self) -> dict[str, str]:
        """The allowed spellings, each with a name for it in generated code.

        >>> from leadquery.wire.enums import OutputType
        >>> EnumType(OutputType, only=OutputType.LIST).spellings()
        {'list': 'LIST', 'List': 'LIST_CAPITALISED'}
        """
        return {
            spelling: member.name if spelling == member.token else f"{member.name}_CAPITALISED"
            for member in self.allowed()
            for spelling in member.spellings
        }


class OpenEnumType(Generic[T]):
    """A list of which only some members are known: any text is allowed, a known one expected."""

    def __init__(self, enum: type[T]) -> None:
        self.enum = enum

    @cached_property
    def values(self) -> dict[Json, str]:
        """The known tokens, each by itself."""
        return {member.token: member.token for member in self.enum}

    def json_schema(self) -> dict[str, Json]:
        return {"type": "string", "minLength": 1, "examples": [row.token for row in self.enum]}


class JsonText:
    """Any JSON list or object, for a node whose keys are not documented; kept as its text.

    The text is that of `json.dumps`, so that equal nodes are equal and have a hash.
    """

    def decode(self, raw: Json) -> str:
        from json import dumps

        if type(raw) in (list, dict):
            return dumps(raw, allow_nan=False)
        raise DecodeError(raw)

    def json_schema(self) -> dict[str, Json]:
        return {"anyOf": [{"type": "array"}, {"type": "object", "additionalProperties": True}]}


Text: TypeAlias = "NonEmptyString | EmptyString | CommaList | JsonText"
Leaf: TypeAlias = "Text | PositiveInt | Timestamp | EnumType[Any] | OpenEnumType[Any]"

TIMESTAMP_PATTERN: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"

_from_iso_format = datetime.fromisoformat

_TWO_DIGITS: Final = tuple(f"{number:02}" for number in range(60))


def format_timestamp(moment: datetime) -> str:
    """A moment in the API's format; `moment` is in UTC and has no fraction of a second."""
    # Half the time of isoformat, which also writes the offset; queries format two of these.
    year = moment.year
    return (
        f"{year if year > 999 else f'{year:04}'}-{_TWO_DIGITS[moment.month]}-"
        f"{_TWO_DIGITS[moment.day]} {_TWO_DIGITS[moment.hour]}:{_TWO_DIGITS[moment.minute]}:"
        f"{_TWO_DIGITS[moment.second]}"
    )


def parse_timestamp(raw: Json) -> datetime:
    """The moment of a text in the API's format; ValueError for anything else."""
    # The five signs between the numbers tell it from the other formats of ISO 8601. This takes
    # half the time of a regular expression, and each check parses two of these.
    if not isinstance(raw, str) or len(raw) != 19 or raw[4::3] != "-- ::":
        raise DecodeError(raw)
    # Later versions of Python read 24:00 as the next midnight.
    if raw[11] == "2" and raw[12] == "4":
        raise DecodeError(raw)
    return _from_iso_format(f"{raw}Z")
