"""Rows in SQLite: each field has two columns, its text and the sort key that it compares by.

A sort key is bytes, and keys order as bytes do, so NULs, lone surrogates and doubles stay exact.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from fractions import Fraction
from itertools import islice
from math import fsum
from typing import Any, Final, TypeVar

from attrs import frozen

from leadquery._util.text import describe_json, json_type_name
from leadquery.errors import QueryError
from leadquery.expr import BaseField, Boolean, DateTime, Number, Time, collation
from leadquery.expr.field import encode_value
from leadquery.wire.types import format_timestamp

BATCH_SIZE: Final = 1_000

Row = Mapping[str, object]

Stored = tuple[bytes | None, bytes | None]
"""A text and its sort key, as two columns hold them."""

NO_DATA: Final[Stored] = (None, None)

Collation = Callable[[str], bytes | None]
"""Makes the sort key of a text; None for a text that the field's type cannot read."""

T = TypeVar("T")


def iterate(items: Iterable[T], message: str) -> Iterator[T]:
    """An iterator over the items. Raises QueryError with the message if they are not iterable."""
    try:
        return iter(items)
    except TypeError:
        raise QueryError(message) from None


def encode(text: str) -> bytes:
    """A text as it is stored, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def decode(stored: bytes | None) -> str | None:
    """The text that was stored."""
    return None if stored is None else stored.decode("utf-8", "surrogatepass")


def text_key(text: str) -> bytes:
    """The sort key of a text, without regard to case."""
    return encode(collation.text_key(text))


def number_key(text: str) -> bytes | None:
    """The sort key of a number."""
    value = collation.number_key(text)
    if value is None:
        return None
    # Adding zero turns -0.0 into 0.0.
    bits: int = struct.unpack(">Q", struct.pack(">d", value + 0.0))[0]
    return (bits ^ (_ALL_BITS if bits & _SIGN_BIT else _SIGN_BIT)).to_bytes(8, "big")


_SIGN_BIT: Final = 1 << 63
_ALL_BITS: Final = (1 << 64) - 1


def timestamp_key(text: str) -> bytes | None:
    """The sort key of a timestamp."""
    value = collation.timestamp_key(text)
    return None if value is None else format_timestamp(value).encode()


def exact_timestamp_key(text: str) -> bytes | None:
    """The sort key of a timestamp with its fraction of a second."""
    key, fraction = timestamp_key(text), _find_fraction(text)
    return key + fraction[0].rstrip("0").encode() if key and fraction else key


# A dot, or the comma of ISO 8601.
_find_fraction: Final = re.compile(r"(?<=[.,])[0-9]+").search


def to_text(value: object) -> str | None:
    """The API's text of a Python value; None for no data.

    A naive datetime is taken as UTC, a date as its first second.
    """
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    field = next((field for cls, field in _FIELDS if isinstance(value, cls)), _NUMBER)
    try:
        return encode_value(field, value)
    except QueryError:
        raise QueryError(
            f"{describe_json(value)} cannot be stored; write text, a finite number, True or False, "
            "a date, a time without a zone or None"
        ) from None


_NUMBER: Final = Number("value")
_FIELDS: Final[tuple[tuple[type, BaseField[Any]], ...]] = (
    (bool, Boolean("value")),
    (date, DateTime("value")),
    (time, Time("value")),
)


@frozen
class Column:
    """The SQL of a field's text and sort key; both are NULL where there is no data."""

    text: str
    sort_key: str
    collation: Collation

    @property
    def folded(self) -> str:
        """The SQL of its text without regard to case. Numbers and dates are plain ASCII."""
        return self.sort_key if self.collation is text_key else _lower(self.text)


def _lower(column: str) -> str:
    """The SQL of a column of ASCII text in lower case."""
    return f"CAST(lower(CAST({column} AS TEXT)) AS BLOB)"


def connect(database: str) -> sqlite3.Connection:
    """A connection to build tables with, for any thread that holds its lock.

    The data can be built again, so nothing is kept safe against a power cut.
    """
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.create_aggregate(SUM, 1, Sum)
    connection.create_aggregate(AVERAGE, 1, Average)
    return connection


class Table:
    """The leads, the users and so on. `known` holds the collations of fields whose type is known.

    Any other field is a number while every text stored in it is one. A value of an `ignored` type
    is no data.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        item: str,
        known: Mapping[str, Collation],
        rows: Iterable[Row],
        ignored: tuple[type, ...] = (),
        name: str | None = None,
    ) -> None:
        self.name = name or f"{item}s"
        self.size = 0
        self._connection = connection
        self._item = item
        self._known = known
        self._ignored = ignored
        self._collations: dict[str, Collation] = {}
        self._numbers: dict[str, int] = {}
        self._load(rows)

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    @property
    def collations(self) -> Mapping[str, Collation]:
        """The collation of each field that a row has."""
        return self._collations

    def column(self, name: str) -> Column:
        """The field of that name; a field that no row has is one without data."""
        number = self._numbers.get(name)
        if number is None:
            return Column("NULL", "NULL", text_key)
        return Column(f"t{number}", f"ifnull(k{number}, t{number})", self._collations[name])

    def _load(self, rows: Iterable[Row]) -> None:
        remaining = iterate(
            rows,
            f"{self.name} are a list of dicts, not {json_type_name(rows)}; "
            "write [{...}, {...}]",
        )
        self._connection.execute("BEGIN")
        # The first batch creates the table, also an empty one.
        self._insert(list(islice(remaining, BATCH_SIZE)))
        while batch := list(islice(remaining, BATCH_SIZE)):
            self._insert(batch)
        self._connection.execute("COMMIT")

    def _insert(self, batch: Sequence[Row]) -> None:
        columns = ["id"]
        contents: list[Iterable[Any]] = [range(self.size + 1, self.size + len(batch) + 1)]
        texts = {name: self._texts(name, batch) for name in self._names(batch)}
        names = [name for name in texts if any(texts[name])]
        self._add_columns([name for name in names if name not in self._numbers])
        for name in names:
            number = self._numbers[name]
            columns += f"t{number}", f"k{number}"
            contents += self._columns(name, number, texts[name])
        marks = ", ".join("?" * len(columns))
        self._connection.executemany(
            f"INSERT INTO {self.name} ({', '.join(columns)}) VALUES ({marks})",
            zip(*contents, strict=True),
        )
        self.size += len(batch)

    def _names(self, batch: Sequence[Row]) -> dict[str, None]:
        """The names of the fields in a batch, in the order of their first row."""
        names: dict[str, None] = {}
        for position, row in enumerate(batch, self.size + 1):
            if not isinstance(row, Mapping):
                raise QueryError(
                    f"{self._item} {position} is {describe_json(row)}; "
                    "write a dict of names and values"
                )
            names.update(dict.fromkeys(row))
        for name in names:
            if not isinstance(name, str):
                raise QueryError(f"{describe_json(name)} is not a field name; write names as text")
        return names

    def _texts(self, name: str, batch: Sequence[Row]) -> list[str | None]:
        texts: list[str | None] = []
        try:
            for row in batch:
                value = row.get(name)
                if isinstance(value, self._ignored):
                    value = None
                texts.append(value or None if type(value) is str else to_text(value))
        except QueryError as error:
            position = self.size + len(texts) + 1
            raise QueryError(f"{self._item} {position}, {describe_json(name)}: {error}") from None
        return texts

    def _add_columns(self, names: Sequence[str]) -> None:
        """Add the columns of new fields. Before the first row, this creates the table."""
        first = len(self._numbers)
        self._numbers |= {name: number for number, name in enumerate(names, first)}
        self._collations |= {name: self._known.get(name, number_key) for name in names}
        most = (self._connection.getlimit(sqlite3.SQLITE_LIMIT_COLUMN) - 1) // 2
        if len(self._numbers) > most:
            raise QueryError(
                f"{self.name} have more than {most} fields, the most that fit; leave some out"
            )
        columns = [f"{prefix}{number}" for number in self._numbers.values() for prefix in "tk"]
        if not self.size:
            definition = ", ".join(["id INTEGER PRIMARY KEY", *columns])
            self._connection.execute(f"CREATE TABLE {self.name} ({definition})")
            return
        # Each of these takes as long as the table has columns.
        for column in columns[2 * first :]:
            self._connection.execute(f"ALTER TABLE {self.name} ADD COLUMN {column}")

    def _columns(
        self, name: str, number: int, texts: Sequence[str | None]
    ) -> Iterable[tuple[bytes | None, ...]]:
        """The two columns of a field. A text that a known type cannot read is no data."""
        collation = self._collations[name]
        stored = {text: _stored(collation, text) for text in set(texts) if text}
        if name not in self._known and collation is number_key and NO_DATA in stored.values():
            self._compare_as_text(name, number)
            return self._columns(name, number, texts)
        return zip(*[stored[text] if text else NO_DATA for text in texts], strict=True)

    def _compare_as_text(self, name: str, number: int) -> None:
        """Compare a field as text from now on. All that it stores so far is plain ASCII."""
        self._collations[name] = text_key
        if self.size:
            key = _lower(f"t{number}")
            self._connection.execute(f"UPDATE {self.name} SET k{number} = nullif({key}, t{number})")


def _stored(collation: Collation, text: str) -> Stored:
    """A text and its sort key as they are stored; a key that equals its text is left out."""
    key = collation(text)
    if key is None:
        return NO_DATA
    stored = encode(text)
    return stored, None if key == stored else key


SUM: Final = "exact_sum"
AVERAGE: Final = "exact_average"

SqlValue = Any
"""A number or None; the type stubs of sqlite3 allow whole numbers only."""


class Sum:
    """The exact sum of numbers given as text, whatever their order.

    None where there are no numbers, or if the sum is not a finite double.
    """

    def __init__(self) -> None:
        self._numbers: list[float] = []

    def step(self, text: Any) -> None:
        if text is not None:
            self._numbers.append(float(text))

    def finalize(self) -> SqlValue:
        return self._divided_by(1) if self._numbers else None

    def _divided_by(self, count: int) -> float | None:
        try:
            return fsum(self._numbers) / count
        except OverflowError:
            pass
        try:
            return float(sum(map(Fraction, self._numbers)) / count)
        except OverflowError:
            return None


class Average(Sum):
    """The exact average of numbers given as text."""

    def finalize(self) -> SqlValue:
        return self._divided_by(len(self._numbers)) if self._numbers else None
