"""Leads that change between the requests of a query: no result called still is wrong."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

import leadquery.client.options
from leadquery import Client, Leads, Query, count
from leadquery.emulator import Emulator
from leadquery.errors import PaginationDriftWarning
from leadquery.fields import OwnerId, ProspectStage, Score, mx_City
from tests.client.changing_leads import (
    ChangingLeads,
    changing_client,
    use_simulated_time,
)

EITHER = (mx_City == "Delhi") | (Score > 60)
QUERIES = [
    Leads.where(EITHER).group_by(OwnerId).count(),
    Leads.group_by(OwnerId, ProspectStage).count(),
    Leads.where(EITHER).group_by(OwnerId).aggregate(count(), Score.average()),
    Leads.where(EITHER).select("ProspectID", "OwnerId"),
]


def rows_of(query: Query, leads: list[dict[str, Any]]) -> list[str]:
    """The rows of a query, on leads that do not change, in any order."""
    client = Client("api.example.com", "key", "secret", Emulator(leads).session())
    return sorted(map(repr, client.run(query, on_change="ignore").rows))


def run_still(seed: int, rate: float, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a run says that nothing changed; then its result must be right."""
    leads = ChangingLeads(seed, rate)
    use_simulated_time(monkeypatch, leads)
    query = QUERIES[seed % len(QUERIES)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leadquery.client.options, "UNLIMITED_CONCURRENCY", 1)
        client = changing_client(leads)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PaginationDriftWarning)
        scans = seed % 5 == 0
        result = client.run(query, scan="if cheaper" if scans else "never")
    if result.changes:
        return False
    # A scan's price is counted before.
    first_count = leads.snapshots[1 if scans else 0]
    assert sorted(map(repr, result.rows)) == rows_of(query, first_count), (seed, rate)
    return True


RATES = (0.02, 0.2, 1.0)
"""Changes a second; a run takes about three seconds."""


@pytest.mark.parametrize("rate", RATES)
def test_no_result_called_still_is_wrong(rate: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was created, modified or deleted, within one second or not."""
    still = [run_still(seed, rate, monkeypatch) for seed in range(60)]

    assert any(still)
    assert not all(still)


@pytest.mark.slow
@pytest.mark.parametrize("rate", RATES)
def test_no_result_called_still_is_wrong_in_many_runs(
    rate: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same in 4,000 runs at each rate."""
    still = [run_still(seed, rate, monkeypatch) for seed in range(4_000)]

    assert any(still)
    assert not all(still)
