"""Rows in SQLite: each field has a column of its texts, and sort keys that it compares by.

Most sort keys are expressions of the text; a second column holds those that SQLite cannot compute.
Texts compare by their bytes in UTF-8, NULs and lone surrogates included.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from fractions import Fraction
from itertools import islice
from math import fsum
from typing import Any, Final, NamedTuple, TypeVar, cast

from attrs import frozen

from leadquery._util.text import describe_json, json_type_name
from leadquery.emulator.collations import (
    AS_NUMBER,
    AS_TEXT,
    AS_TRUTH,
    FROM_HEX,
    Collation,
    SortKey,
    decode,
    encode,
)
from leadquery.errors import QueryError
from leadquery.expr import BaseField, Boolean, DateTime, Number, Time
from leadquery.expr.field import encode_value
from leadquery.wire.enums import FALSE, TRUE

BATCH_SIZE: Final = 1_000

Row = Mapping[str, object]
T = TypeVar("T")


def iterate(items: Iterable[T], message: str) -> Iterator[T]:
    """An iterator over the items. Raises QueryError with the message if they are not iterable."""
    try:
        return iter(items)
    except TypeError:
        raise QueryError(message) from None


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
        return self.sort_key if self.collation is AS_TEXT else AS_TEXT.sql.format(self.text)


def connect(database: str) -> sqlite3.Connection:
    """A connection to build tables with, for any thread that holds its lock.

    The data can be built again, so nothing is kept safe against a power cut.
    """
    connection = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute("PRAGMA synchronous = OFF")
    connection.create_function(FROM_HEX, 1, float.fromhex, deterministic=True)
    connection.create_aggregate(SUM, 1, Sum)
    connection.create_aggregate(AVERAGE, 1, Average)
    return connection


class Table:
    """The leads, the users and so on. `known` holds the collations of fields whose type is known.

    Any other field is a number while every text stored in it is one, or a checkbox while every one
    is true or false. A value of an `ignored` type
    is no data. `unreadable` has the values that the types of fields cannot read.
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
        self._keyed: set[str] = set()
        self.unreadable: dict[str, Unreadable] = {}
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
            return Column("NULL", "NULL", AS_TEXT)
        text, collation = f"t{number}", self._collations[name]
        key = collation.sql.format(text)
        return Column(text, f"ifnull(k{number}, {key})" if name in self._keyed else key, collation)

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
        bound = {"id": Bound("?", range(self.size + 1, self.size + len(batch) + 1))}
        texts = {name: texts for name, texts in self._texts(batch).items() if any(texts)}
        self._add_fields([name for name in texts if name not in self._numbers])
        for name, column in texts.items():
            bound |= self._bound(name, column)
        marks = ", ".join(column.mark for column in bound.values())
        self._connection.executemany(
            f"INSERT INTO {self.name} ({', '.join(bound)}) VALUES ({marks})",
            zip(*(column.values for column in bound.values()), strict=True),
        )
        self.size += len(batch)

    def _texts(self, batch: Sequence[Row]) -> dict[str, Sequence[str | None]]:
        """The texts of each field in a batch, in the order of their first row."""
        names = [*batch[0]] if batch and type(batch[0]) is dict else []
        if names and all(type(row) is dict and [*row] == names for row in batch):
            values: Iterable[Sequence[object]] = zip(*(row.values() for row in batch), strict=True)
        else:
            names = self._names(batch)
            values = ([row.get(name) for row in batch] for name in names)
        return {
            name: self._field_texts(name, column)
            for name, column in zip(names, values, strict=True)
        }

    def _names(self, batch: Sequence[Row]) -> list[str]:
        names: dict[str, None] = {}
        for position, row in enumerate(batch, self.size + 1):
            if not isinstance(row, Mapping):
                raise QueryError(
                    f"{self._item} {position} is {describe_json(row)}; "
                    "write a dict of names and values"
                )
            names.update(dict.fromkeys(row))
        return [*names]

    def _field_texts(self, name: str, values: Sequence[object]) -> Sequence[str | None]:
        if not isinstance(name, str):
            raise QueryError(f"{describe_json(name)} is not a field name; write names as text")
        if {*map(type, values)} == {str}:
            given = cast("Sequence[str]", values)
            return given if all(given) else [text or None for text in given]
        texts: list[str | None] = []
        try:
            for value in values:
                text = None if isinstance(value, self._ignored) else to_text(value)
                texts.append(text)
        except QueryError as error:
            position = self.size + len(texts) + 1
            raise QueryError(f"{self._item} {position}, {describe_json(name)}: {error}") from None
        return texts

    def _add_fields(self, names: Sequence[str]) -> None:
        """Add the columns of new fields. Before the first row, this creates the table."""
        first = len(self._numbers)
        self._numbers |= {name: number for number, name in enumerate(names, first)}
        self._collations |= {name: self._known.get(name, AS_NUMBER) for name in names}
        most = (self._connection.getlimit(sqlite3.SQLITE_LIMIT_COLUMN) - 1) // 2
        if len(self._numbers) > most:
            raise QueryError(
                f"{self.name} have more than {most} fields, the most that fit; leave some out"
            )
        columns = [f"t{number}" for number in self._numbers.values()]
        if not self.size:
            definition = ", ".join(["id INTEGER PRIMARY KEY", *columns])
            self._connection.execute(f"CREATE TABLE {self.name} ({definition})")
            return
        for column in columns[first:]:
            self._add_column(column)

    def _add_column(self, column: str) -> None:
        """Add a column, which takes as long as the table has columns."""
        self._connection.execute(f"ALTER TABLE {self.name} ADD COLUMN {column}")

    def _bound(self, name: str, texts: Sequence[str | None]) -> dict[str, Bound]:
        """The columns of a field. A text that a known type cannot read is no data."""
        collation, number = self._collations[name], self._numbers[name]
        present = [*filter(None, texts)]
        if collation.is_computed(present):
            return {f"t{number}": Bound("?", texts)}
        keys = {text: collation.key(text) for text in {*present}}
        if name not in self._known and None in keys.values():
            self._compare_otherwise(name, present)
            return self._bound(name, texts)
        if name not in self._keyed:
            self._keyed.add(name)
            self._add_column(f"k{number}")
        if None in keys.values():
            self._note_unreadable(name, [text for text in present if keys[text] is None])
        found = [keys[text] if text else None for text in texts]
        read = [None if key is None else text for text, key in zip(texts, found, strict=True)]
        return {f"t{number}": self._encoded(read), f"k{number}": self._encoded(found)}

    def _note_unreadable(self, name: str, texts: Sequence[str]) -> None:
        before = self.unreadable.get(name, Unreadable(0, texts[0]))
        self.unreadable[name] = before._replace(number=before.number + len(texts))

    def _compare_otherwise(self, name: str, texts: Sequence[str]) -> None:
        """Compare a field of unknown type as checkboxes, if it has nothing else, or as text.

        All that it stores so far is plain ASCII.
        """
        are_truths = self._collations[name] is AS_NUMBER and all(map(AS_TRUTH.key, texts))
        if are_truths and self._stores_digits(name):
            self._collations[name] = AS_TRUTH
            return
        self._collations[name] = AS_TEXT
        if name in self._keyed:
            number = self._numbers[name]
            self._connection.execute(f"UPDATE {self.name} SET k{number} = NULL")

    def _stores_digits(self, name: str) -> bool:
        """Whether all texts of a field that are stored so far are 1 or 0."""
        if not self.size:
            return True
        others = f"t{self._numbers[name]} NOT IN ('{TRUE}', '{FALSE}')"
        found = self._connection.execute(f"SELECT 1 FROM {self.name} WHERE {others} LIMIT 1")
        return found.fetchone() is None

    def _encoded(self, values: Sequence[SortKey | None]) -> Bound:
        """The values, in bytes if one of them has a lone surrogate, which sqlite3 does not bind."""
        texts = [value for value in {*values} if isinstance(value, str)]
        try:
            "".join(texts).encode()
        except UnicodeEncodeError:
            self._connection.text_factory = decode
            encoded = [encode(value) if isinstance(value, str) else None for value in values]
            return Bound("CAST(? AS TEXT)", encoded)
        return Bound("?", values)


class Unreadable(NamedTuple):
    """How many values of a field its type cannot read, and the first of them."""

    number: int
    example: str


class Bound(NamedTuple):
    """The values of a column, and what stands for one of them in a statement."""

    mark: str
    values: Sequence[object]


SUM: Final = "exact_sum"
AVERAGE: Final = "exact_average"

SqlValue = Any
"""A number or None; the type stubs of sqlite3 allow whole numbers only."""


class Sum(list[float]):
    """The exact sum of numbers, whatever their order; None if it is not a finite double."""

    step = list.append

    def finalize(self) -> SqlValue:
        return _quotient(self, 1)


class Average(Sum):
    """The exact average of numbers."""

    def finalize(self) -> SqlValue:
        return _quotient(self, len(self))


def _quotient(numbers: Sequence[float], count: int) -> float | None:
    try:
        return fsum(numbers) / count
    except OverflowError:
        pass
    try:
        return float(sum(map(Fraction, numbers)) / count)
    except OverflowError:
        return None
