"""Pages arrive at the rate that the limit allows, and no call is rejected."""

from __future__ import annotations

from time import perf_counter

import pytest

from leadquery import Client, Leads
from leadquery.emulator import Emulator, Faults

PAGES = 200
QUERY = Leads.select("ProspectID").page(1, 1)
LEADS = [{"ProspectID": f"{n:03}"} for n in range(PAGES)]


def share(calls: int, seconds: float, round_trip: float, *, one_by_one: bool = False) -> float:
    """The share of the allowed rate at which all pages arrive, under a strict server.

    The rule: a call holds its permit until `seconds` after its response.
    """
    emulator = Emulator(LEADS, rate=(calls, seconds))
    session = emulator.session(Faults(latency=round_trip / 2))
    client = Client("api.example.com", "k-access", "k-secret", session, rate=(calls, seconds))
    began = perf_counter()
    if one_by_one:
        rows = sum(len(client.run_page(QUERY.page(page, 1))) for page in range(1, PAGES + 1))
    else:
        rows = len(client.run(QUERY, progress=False))
    took = perf_counter() - began

    assert (rows, emulator.rejected_calls) == (PAGES, 0)
    return PAGES / took / (calls / (seconds + round_trip))


def test_two_hundred_pages_arrive_at_the_rate_of_the_rule() -> None:
    """With a tenth of the window and latency, and some allowance for a busy machine.

    Without prefetching, the share is 0.7.
    """
    tries = (share(25, 0.5, 0.03) for _ in range(3))

    assert any(one > 0.9 for one in tries)


@pytest.mark.slow
def test_two_hundred_pages_at_full_scale() -> None:
    """25 calls in 5 seconds with a round trip of 300 ms."""
    assert share(25, 5.0, 0.3) > 0.97
    assert share(25, 5.0, 0.3, one_by_one=True) < 0.8
