"""Under faults: all rows, or an error that says what is missing."""

from __future__ import annotations

import warnings
from threading import active_count
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from leadquery import Client, Leads, Result
from leadquery.emulator import Clock, Emulator, Fault, Faults
from leadquery.emulator.adapter import EmulatorSession
from leadquery.errors import ApiError, PaginationDriftWarning
from tests.client.clocks import InstantClock

LEADS = [{"ProspectID": f"{n:02}", "Score": n} for n in range(24)]
QUERY = Leads.select("ProspectID", "Score").page(1, 4)
DRIFT = {Fault.REMOVED, Fault.ADDED, Fault.REORDERED}
PASSING = {*Fault} - DRIFT - {Fault.REJECTED}
"""What the same call may do without the next time."""


TIME = InstantClock()
EMULATOR = Emulator(LEADS, clock=Clock(TIME.now, TIME.sleep))


def attempt(faults: Faults, on_change: Any = "warn") -> Result | ApiError:
    """The result of a run; it warns if and only if it detected changes, or has all rows."""
    session = EMULATOR.session(faults)
    ended = _settled(session, on_change)
    if isinstance(ended, Result) and not ended.changes:
        hidden = session._transport._drift._hidden
        there = [lead["ProspectID"] for n, lead in enumerate(LEADS, 1) if n not in hidden]
        assert sorted(row["ProspectID"] for row in ended) == there
    return ended


def _settled(session: EmulatorSession, on_change: Any) -> Result | ApiError:
    threads = active_count()
    try:
        return _attempt(session, on_change)
    finally:
        # Calls that were given up end soon; until then they take from the same dice as Hypothesis.
        until = monotonic() + 30
        while active_count() > threads and monotonic() < until:
            sleep(0.0005)


def _attempt(session: EmulatorSession, on_change: Any) -> Result | ApiError:
    client = Client("api.example.com", "k-access", "k-secret", session, clock=TIME)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", PaginationDriftWarning)
        try:
            result = client.run(QUERY, on_change=on_change, progress=False)
        except ApiError as error:
            return error
    assert bool(caught) == bool(result.changes)
    return result


def schedules() -> st.SearchStrategy[Faults]:
    """Faults for the first calls of a run."""
    often = st.sampled_from([None, None, None, *Fault])
    times = st.sampled_from([0.0, 0.3, 50.0])
    return st.builds(
        Faults,
        st.lists(often, max_size=40),
        seed=st.integers(0, 10**6),
        latency=times,
        slow=st.sampled_from([1.0, 90.0]),
    )


def holds(faults: Faults, on_change: str) -> None:
    """Assert that there are all rows, a warning, or an error that says what is missing."""
    ended = attempt(faults, on_change)
    if isinstance(ended, ApiError):
        messages = [str(ended), *getattr(ended, "__notes__", ())]
        assert any("missing" in one or "rows moved" in one for one in messages), messages
        assert on_change != "refetch" or not isinstance(ended, Result)
        return
    ids = [row["ProspectID"] for row in ended]
    assert len(set(ids)) == len(ids)
    assert all(int(row["ProspectID"]) == row["Score"] for row in ended)
    assert on_change == "warn" or not ended.changes
    if not ended.changes:
        assert len(ids) == ended.total
    if not DRIFT & set(faults.plan):
        assert ids == [lead["ProspectID"] for lead in LEADS]


ON_CHANGE = st.sampled_from(["warn", "raise", "refetch"])


@given(schedules(), ON_CHANGE)
def test_a_run_returns_all_rows_or_warns(faults: Faults, on_change: str) -> None:
    """With any faults, and with leads that are added, removed and reordered."""
    holds(faults, on_change)


@pytest.mark.slow
@settings(max_examples=10_000)
@given(schedules(), ON_CHANGE)
def test_ten_thousand_runs_return_all_rows_or_warn(faults: Faults, on_change: str) -> None:
    holds(faults, on_change)


def test_faults_in_every_fourth_call_are_overcome() -> None:
    """At least 99 of 100 runs return all rows."""
    chances = dict.fromkeys(sorted(PASSING, key=str), 0.25 / len(PASSING))

    ended = [attempt(Faults(chances, seed=seed)) for seed in range(300)]

    whole = [one for one in ended if isinstance(one, Result) and len(one) == len(LEADS)]
    assert len(whole) >= 297
    assert all(isinstance(one, ApiError) for one in ended if one not in whole)
