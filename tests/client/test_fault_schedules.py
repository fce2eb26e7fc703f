"""Whatever a server does: the right rows, or an error of leadquery within the deadline."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from traceback import format_exception
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import Client, Leads
from leadquery.errors import LeadQueryError
from leadquery.fields import Score
from tests.client.clocks import SkippingClock
from tests.client.fault_schedules import ACTS, FAULTS, RIGHT, ROWS, SLOW, scheduled_server
from tests.client.stub_server import ACCESS, SECRET

QUERY = Leads.select("ProspectID", Score).page(1, 10)

SLACK = 8.0
"""Seconds that a busy machine may take besides the deadline."""

SCHEDULES = st.lists(
    st.sampled_from(sorted(RIGHT))
    | st.sampled_from(sorted(FAULTS))
    | st.sampled_from([*FAULTS, *SLOW]),
    max_size=8,
)


def _values(rows: Any) -> list[tuple[str, str]]:
    return [(row["ProspectID"], f"{row['Score']}") for row in rows]


def _csv(client: Client) -> list[tuple[str, ...]]:
    file = StringIO()
    count = client.csv(QUERY, file)
    lines = file.getvalue().splitlines()
    assert count == len(lines) - 1
    return [tuple(line.split(",")) for line in lines[1:]]


def _export(client: Client) -> list[tuple[str, str]]:
    """The rows of an export that is repeated until it is finished."""
    with TemporaryDirectory() as folder:
        file, error = Path(folder, "leads.jsonl"), None
        for _ in range(10):
            try:
                client.export(QUERY, file, progress=False)
            except LeadQueryError as raised:
                error = raised
                assert not file.exists()
            else:
                assert [path.name for path in Path(folder).iterdir()] == ["leads.jsonl"]
                return _values(map(json.loads, file.read_text().splitlines()))
        raise error or AssertionError


OPERATIONS: dict[str, Callable[[Client], object]] = {
    "run": lambda client: _values(client.run(QUERY, progress=False).rows),
    "rows": lambda client: _values(client.rows(QUERY)),
    "limit": lambda client: _values(client.run(QUERY, limit=15, progress=False).rows),
    "csv": _csv,
    "export": _export,
    "count": lambda client: client.count(Leads),
}

RIGHT_ROWS = _values(ROWS)

EXPECTED: dict[str, object] = {
    **dict.fromkeys(("run", "rows", "csv", "export"), RIGHT_ROWS),
    "limit": RIGHT_ROWS[:15],
    "count": len(ROWS),
}


def assert_right_rows_or_an_error(
    schedule: list[str], operation: str, deadline: float | None
) -> None:
    if any(name in SLOW for name in schedule):
        deadline = 0.4
    with (
        scheduled_server(schedule) as server,
        Client(
            f"http://127.0.0.1:{server.port}",
            ACCESS,
            SECRET,
            rate=None,
            max_attempts=3,
            timeout=(1, 0.3),
            deadline=deadline,
            max_response_bytes=1 << 20,
            clock=SkippingClock(),
        ) as client,
    ):
        start, runs = perf_counter(), 10 if operation == "export" else 1
        try:
            result = OPERATIONS[operation](client)
        except LeadQueryError as error:
            text = "".join(format_exception(error))
            assert ACCESS not in text
            assert SECRET not in text
            assert "\x1b" not in text
        else:
            assert result == EXPECTED[operation]
        if deadline is not None:
            assert perf_counter() - start < runs * (deadline + SLACK)


ARGUMENTS: Any = {
    "schedule": SCHEDULES,
    "operation": st.sampled_from(sorted(OPERATIONS)),
    "deadline": st.sampled_from([0.4, 10.0, 100.0, None]),
}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("operation", ["run", "csv"])
def test_each_fault_alone(name: str, operation: str) -> None:
    """At every attempt of the second page."""
    assert_right_rows_or_an_error(["plain", *[name] * 3], operation, 10.0)


@given(**ARGUMENTS)
def test_right_rows_or_an_error(
    schedule: list[str], operation: str, deadline: float | None
) -> None:
    assert_right_rows_or_an_error(schedule, operation, deadline)


@pytest.mark.slow
@settings(settings.get_profile("hunt"), max_examples=10_000)
@given(**ARGUMENTS)
def test_random_faults_give_right_rows_or_an_error(
    schedule: list[str], operation: str, deadline: float | None
) -> None:
    """With other schedules in each run."""
    assert_right_rows_or_an_error(schedule, operation, deadline)
