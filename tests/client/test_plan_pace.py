"""A plan of 24 requests at the documented rate, against a strict server on a port."""

from __future__ import annotations

from time import perf_counter

import pytest

from leadquery import Client, Leads, Query
from leadquery.emulator import Emulator
from leadquery.fields import CreatedOn, OwnerId
from leadquery.wire.enums import CALLS, SECONDS

QUERY: Query = (
    Leads.created_between("2025-01-01", "2026-12-31").group_by(OwnerId, CreatedOn.month()).count()
)


@pytest.mark.slow
def test_a_plan_is_as_fast_as_the_rate_allows() -> None:
    """With the three requests that watch for changes; none is refused."""
    emulator = Emulator.demo(2_000, rate=(CALLS, float(SECONDS)), keys=[("access", "secret")])
    plan = QUERY.plan()
    with emulator.server() as server, Client(server.url, "access", "secret") as client:
        start = perf_counter()
        client.run(QUERY)
        seconds = perf_counter() - start

    print(f"{seconds:.3f} s for {plan.calls} + {plan.watch_calls} requests")
    assert (plan.calls, plan.watch_calls) == (24, 3)
    assert plan.seconds() == SECONDS
    assert emulator.rejected_calls == 0
    assert seconds <= 1.1 * plan.seconds()
