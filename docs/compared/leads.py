"""The leads that each library is asked about, and the table in which the stand-ins look."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any, Final

from leadquery.emulator import demo_leads

COLUMNS: Final = ("ProspectID", "FirstName", "Source", "ProspectStage", "Score")

LEADS: Final = [
    {**{name: lead[name] for name in COLUMNS}, "Score": int(lead["Score"])}
    for lead in demo_leads(300, now=datetime(2026, 7, 1, tzinfo=UTC))
    if all(lead.get(name) for name in COLUMNS)
]


def database(suffix: str = "") -> sqlite3.Connection:
    """A table `Lead` with the leads; each column's name ends with `suffix`."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.row_factory = sqlite3.Row
    columns = ", ".join(f"{name}{suffix}" for name in COLUMNS)
    connection.execute(f"CREATE TABLE Lead ({columns})")
    rows: list[list[Any]] = [[*lead.values()] for lead in LEADS]
    connection.executemany("INSERT INTO Lead VALUES (?, ?, ?, ?, ?)", rows)
    return connection
