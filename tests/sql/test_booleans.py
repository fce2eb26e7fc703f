"""Each spelling of true and false is read alike by filters, lists and groups, on each engine."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import pandas as pd
import pytest

from leadquery import Client, Leads, Query
from leadquery.emulator import Emulator
from leadquery.fields import DoNotCall, ProspectID
from leadquery.result import Result
from leadquery.sql import Table

if TYPE_CHECKING:
    import psycopg

SPELLINGS: Final = {
    **dict.fromkeys(["1", "true", "True", "TRUE", "tRUE"], True),
    **dict.fromkeys(["0", "false", "False", "FALSE"], False),
    **dict.fromkeys(["", "Yes", "No", "2", "fal\u017fe"]),
}
"""Texts, and what they are read as; None for no data."""

ROWS: Final = [(f"{number:02}", text) for number, text in enumerate(SPELLINGS)]
DICTS: Final = [{"ProspectID": number, "DoNotCall": text} for number, text in ROWS]


class Runner(Protocol):
    """Runs queries."""

    def run(self, query: Query[Any], /) -> Result: ...


@contextmanager
def in_process(_: Path) -> Iterator[Runner]:
    with Client("api.example.com", "key", "secret", Emulator(DICTS).session()) as client:
        yield client


@contextmanager
def served(_: Path) -> Iterator[Runner]:
    with Emulator(DICTS).server() as server, Client(server.url, "key", "secret") as client:
        yield client


@contextmanager
def file(folder: Path) -> Iterator[Runner]:
    path = folder / "leads.csv"
    pd.DataFrame(DICTS).to_csv(path, index=False)
    yield Table(path)


@contextmanager
def frame(_: Path) -> Iterator[Runner]:
    yield Table(pd.DataFrame(DICTS))


@contextmanager
def sqlite(_: Path) -> Iterator[Runner]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE leads (ProspectID TEXT, DoNotCall TEXT)")
    connection.executemany("INSERT INTO leads VALUES (?, ?)", ROWS)
    yield Table(connection)
    connection.close()


def check(runner: Runner) -> None:
    listed = runner.run(Leads.select(ProspectID, DoNotCall).order_by(ProspectID))
    assert [row["DoNotCall"] for row in listed] == [*SPELLINGS.values()]
    grouped = runner.run(Leads.group_by(DoNotCall).count())
    groups = {row["DoNotCall"]: row["Count"] for row in grouped}
    assert len(grouped) == 3
    for value in (True, False, None):
        count = [*SPELLINGS.values()].count(value)
        assert groups[value] == count
        condition = DoNotCall.has_no_data() if value is None else DoNotCall == value
        assert len(runner.run(Leads.where(condition).select(ProspectID))) == count
    others = runner.run(Leads.where(DoNotCall != True).select(ProspectID))  # noqa: E712
    assert len(others) == groups[False]


@pytest.mark.parametrize("opened", [in_process, served, file, frame, sqlite])
@pytest.mark.filterwarnings("ignore:the column 'DoNotCall' has")
def test_booleans_in_text(opened: Callable[[Path], Any], tmp_path: Path) -> None:
    with opened(tmp_path) as runner:
        check(runner)


@pytest.mark.filterwarnings("ignore:the column 'DoNotCall' has")
def test_booleans_in_text_of_postgres(postgres: psycopg.Connection) -> None:
    postgres.execute('CREATE TABLE leads ("ProspectID" text, "DoNotCall" text)')
    for row in ROWS:
        postgres.execute("INSERT INTO leads VALUES (%s, %s)", row)

    check(Table(postgres))
