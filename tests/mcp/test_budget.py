"""The budget is never passed, whatever is reserved, sent, approved and cancelled."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import NamedTuple

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.emulator.faults import Fault, Faults
from leadquery.mcp.budget import (
    HOUR,
    Allowance,
    ApprovalNeededError,
    Budget,
    BudgetError,
    CallCancelledError,
    metered_client,
)
from tests.client.clocks import InstantClock
from tests.mcp.accounts import Clock

LIMIT = 5


class Call(NamedTuple):
    """A call that runs: what it may send, and how to end it."""

    allowance: Allowance
    context: AbstractContextManager[Allowance]


class BudgetMachine(RuleBasedStateMachine):
    """Calls that begin, send, end and are cancelled in any order, in any time."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        self.budget = Budget(LIMIT, self.clock)
        self.calls: list[Call] = []
        self.sent: list[tuple[float, bool]] = []

    @rule(requests=st.integers(0, LIMIT + 2), approved=st.booleans())
    def begin(self, requests: int, approved: bool) -> None:
        """A call begins if it may."""
        free = self.budget.free
        context = self.budget.allow(requests, approved=approved)
        if approved or requests <= free:
            self.calls.append(Call(context.__enter__(), context))
            return
        with pytest.raises(ApprovalNeededError) as caught:
            context.__enter__()
        assert caught.value.requests == requests

    @precondition(lambda self: self.calls)
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        """A call sends a request if it may."""
        call = data.draw(st.sampled_from(self.calls))
        may = bool(call.allowance.left or (not call.allowance.approved and self.budget.free))
        if may:
            call.allowance.spend()
            self.sent.append((self.clock.time, call.allowance.approved))
            return
        with pytest.raises(BudgetError):
            call.allowance.spend()

    @precondition(lambda self: self.calls)
    @rule(data=st.data(), fails=st.booleans())
    def end(self, data: st.DataObject, fails: bool) -> None:
        """A call ends, and sends nothing more."""
        call = data.draw(st.sampled_from(self.calls))
        self.calls.remove(call)
        error = KeyError("row") if fails else None
        assert not call.context.__exit__(type(error) if error else None, error, None)
        with pytest.raises(CallCancelledError):
            call.allowance.spend()

    @rule(seconds=st.sampled_from([1.0, HOUR / 2, HOUR, 2 * HOUR]))
    def wait(self, seconds: float) -> None:
        """Time passes."""
        self.clock.time += seconds

    @invariant()
    def no_hour_has_more_than_the_limit(self) -> None:
        """Besides those that the person has approved."""
        for start, _ in self.sent:
            within = [one for one in self.sent if start <= one[0] < start + HOUR]
            assert sum(not approved for _, approved in within) <= LIMIT

    @invariant()
    def what_is_free_is_not_reserved(self) -> None:
        """Free, sent and reserved requests are no more than the limit, if none was approved."""
        reserved = sum(call.allowance.left for call in self.calls if not call.allowance.approved)
        assert 0 <= self.budget.free <= LIMIT - min(LIMIT, reserved)
        assert self.budget.minutes in range(1, 62)


TestBudget = BudgetMachine.TestCase


@pytest.mark.parametrize("rate", [None, (25, 5.0)])
def test_a_client_sends_no_more_than_it_may(rate: tuple[int, float] | None) -> None:
    session = Emulator.demo(50).session()
    client = Client("api.example.com", "key", "secret", session, rate=rate)
    budget = Budget(2)

    with budget.allow(1) as allowance:
        metered = metered_client(client, allowance)
        assert metered.count(Leads) == 50
        assert metered.count(Leads) == 50
        with pytest.raises(BudgetError, match="stopped after 2 requests"):
            metered.count(Leads)

    assert (budget.free, allowance.sent) == (0, 2)
    assert client.count(Leads) == 50


def test_retries_count() -> None:
    emulator = Emulator.demo(50)
    session = emulator.session(Faults([Fault.FAILED, Fault.FAILED]))
    client = Client("api.example.com", "key", "secret", session, clock=InstantClock())
    budget = Budget(10)

    with budget.allow(1) as allowance:
        assert metered_client(client, allowance).count(Leads) == 50

    assert allowance.sent == 3


@pytest.mark.parametrize("rate", [None, (25, 5.0)])
def test_a_deadline_that_has_passed_sends_nothing(rate: tuple[int, float] | None) -> None:
    session = Emulator.demo(9).session()
    client = Client("api.example.com", "key", "secret", session, deadline=1e-9, rate=rate)
    budget = Budget(10)

    with budget.allow(1) as allowance, pytest.raises(Exception, match="no response"):
        metered_client(client, allowance).count(Leads)

    assert allowance.sent == 0
