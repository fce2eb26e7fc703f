"""Statements that are mutated, long or deep: a query or an error of the library, in linear time."""

from __future__ import annotations

import random
import re
import time
import warnings
from collections.abc import Callable
from typing import Final

import pytest

from leadquery.errors import QueryError, SqlError
from leadquery.sql import from_sql
from leadquery.sql.dialects import DIALECTS
from tests.sql.test_reader import CONDITIONS, FIND, QUERIES
from tests.sql.test_reader_refusals import CASES

STATEMENTS: Final = [
    *(f"{FIND}{text}" for text, _ in CONDITIONS),
    *(text for text, _, _ in QUERIES),
    *(text for _, text in CASES),
    *(
        query.to_sql(dialect)
        for (_, _, query), dialect in zip(QUERIES, [*DIALECTS] * len(QUERIES), strict=False)
    ),
]

_TOKENS: Final = re.compile(r"\s+|\w+|'[^']*'|.", re.DOTALL)

PIECES: Final = sorted({piece for text in STATEMENTS for piece in _TOKENS.findall(text)})


def mutate(text: str, chance: random.Random) -> str:
    """A statement with some tokens dropped, doubled, swapped or replaced."""
    pieces = _TOKENS.findall(text) or [""]
    for _ in range(chance.randint(1, 4)):
        place, other = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        match chance.randrange(5):
            case 0:
                pieces[place] = ""
            case 1:
                pieces[place] *= 2
            case 2:
                pieces[place], pieces[other] = pieces[other], pieces[place]
            case 3:
                pieces[place] = chance.choice(PIECES)
            case _:
                pieces.insert(place, chance.choice(PIECES))
    return "".join(pieces)


def error_of(text: str, dialect: str | None) -> QueryError | None:
    """The error for a statement, if it is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from_sql(text, dialect)
        except QueryError as error:
            return error
    return None


def read_mutated(count: int, seed: int) -> int:
    """Read mutated statements, and return how many of them are refused."""
    chance, refused = random.Random(seed), 0  # noqa: S311
    for _ in range(count):
        text = mutate(chance.choice(STATEMENTS), chance)
        dialect = chance.choice([None, *DIALECTS])
        try:
            error = error_of(text, dialect)
        except Exception as crash:
            raise AssertionError(f"{dialect}: {text}") from crash
        if error is not None:
            assert isinstance(error, SqlError), text
            assert all(1 <= one.line <= text.count("\n") + 1 for one in error.issues), text
            refused += 1
    return refused


def test_mutated_statements() -> None:
    assert 0 < read_mutated(500, 1) < 500


@pytest.mark.slow
def test_many_mutated_statements() -> None:
    assert read_mutated(10_000, 2) > 1_000


LONG: Final[dict[str, Callable[[int], str]]] = {
    "or": lambda n: FIND + " OR ".join(f"Score = {number}" for number in range(n)),
    "other or": lambda n: FIND + " OR ".join(f"Score > {number}" for number in range(n)),
    "and": lambda n: FIND + " AND ".join(f"Source <> '{number}'" for number in range(n)),
    "in": lambda n: f"{FIND}Score IN ({', '.join(map(str, range(n)))})",
    "columns": lambda n: f"SELECT {', '.join(f'mx_{number}' for number in range(n))} FROM leads",
    "errors": lambda n: FIND + " AND ".join(["Source = ''"] * n),
    "having": lambda n: (
        "SELECT COUNT(*) FROM leads HAVING "
        + " OR ".join(f"COUNT(*) > {number}" for number in range(n))
    ),
    "text": lambda n: f"{FIND}Source = '{'x' * 100 * n}'",
    "comments": lambda n: FIND + "Score = 1" + " /* x */" * n,
    "users": lambda n: (
        f"{FIND}OwnerId IN (SELECT UserID FROM users WHERE "
        + " OR ".join(f"Role = '{number}'" for number in range(n))
        + ")"
    ),
}


def _seconds(text: str) -> float:
    start = time.process_time()
    error = error_of(text, None)
    assert error is None or isinstance(error, SqlError)
    return time.process_time() - start


@pytest.mark.parametrize("kind", LONG)
def test_long_statements_take_linear_time(kind: str) -> None:
    make = LONG[kind]
    _seconds(make(10))
    short, long = (min(_seconds(make(n)) for _ in range(2)) for n in (200, 1_600))

    assert long < 8 * 3 * max(short, 0.01)


DEEP: Final[dict[str, Callable[[int], str]]] = {
    "brackets": lambda n: f"{FIND}{'(' * n}Score > 5{')' * n}",
    "not": lambda n: FIND + "NOT " * n + "Score > 5",
    "minus": lambda n: f"{FIND}Score > {'- ' * n}5",
    "case": lambda n: f"{FIND}{'CASE WHEN ' * n}TRUE{' THEN TRUE END' * n}",
    "functions": lambda n: f"{FIND}{'LOWER(' * n}Source{')' * n} = 'x'",
    "subqueries": lambda n: f"{FIND}{'OwnerId IN (SELECT UserID FROM users WHERE ' * n}1{')' * n}",
    "from": lambda n: "SELECT Phone FROM " + "(SELECT Phone FROM " * n + "leads" + ")" * n,
    "unions": lambda n: " UNION ".join(["SELECT Phone FROM leads"] * n),
    "casts": lambda n: f"{FIND}Score > 5{'::INT' * n}",
    "arrays": lambda n: f"{FIND}Score > {'[' * n}{']' * n}",
    "dots": lambda n: f"{FIND}{'a.' * n}Score > 5",
    "and or": lambda n: FIND + "(Score > 5 AND (Score < 9 OR " * n + "TRUE" + "))" * n,
    "between": lambda n: FIND + "Score BETWEEN " * n + "5",
    "interval": lambda n: FIND + "Score > " + "INTERVAL " * n + "5",
    "with": lambda n: "WITH a AS (" * n + "SELECT 1" + ") SELECT 1" * n,
    "joins": lambda n: "SELECT Phone FROM leads" + " JOIN users" * n,
    "exists": lambda n: FIND + "NOT EXISTS (SELECT 1 WHERE " * n + "1" + ")" * n,
}


@pytest.mark.parametrize("kind", DEEP)
@pytest.mark.parametrize("depth", [10, 24, 30, 100, 2_000])
def test_deep_statements(kind: str, depth: int) -> None:
    assert _seconds(DEEP[kind](depth)) < 10
