"""Leads that are created, modified and deleted while a client reads them, in simulated time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from random import Random
from typing import Any

import requests
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter

from leadquery import Client
from leadquery.emulator import Emulator
from leadquery.emulator.adapter import EmulatorAdapter
from leadquery.wire.types import format_timestamp

START = datetime(2026, 3, 1, tzinfo=UTC)
CITIES = ("Delhi", "Pune", None)
OWNERS = ("a", "b", "c")
STAGES = ("Lead", "Customer")

Lead = dict[str, Any]


class ChangingLeads(BaseAdapter):
    """The mock API with leads that change at random, `rate` times a second.

    Every change sets ModifiedOn, and a new lead's CreatedOn. `elapsed` is the simulated time.
    """

    def __init__(self, seed: int, rate: float, leads: int = 12) -> None:
        super().__init__()
        self.elapsed = 0.0
        self.requests = 0
        self.snapshots: list[list[Lead]] = []
        self._random = Random(seed)  # noqa: S311 - no secret.
        self._rate = rate
        self._leads: dict[int, Lead] = {}
        self._number = 0
        self._emulator: Emulator | None = None
        for _ in range(leads):
            self._create(START - timedelta(seconds=self._random.uniform(0, 100)))
        # Most runs do not begin on a full second.
        self.elapsed = self._random.uniform(0, 2)

    def now(self) -> datetime:
        """The simulated time."""
        return START + timedelta(seconds=self.elapsed)

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        """Answer a request at a moment while it is under way; leads change before and after."""
        self.requests += 1
        self._pass_time()
        if self._emulator is None:
            self._emulator = Emulator([dict(lead) for lead in self._leads.values()])
        self.snapshots.append([dict(lead) for lead in self._leads.values()])
        response = EmulatorAdapter(self._emulator.transport().handle).send(request, *args, **kwargs)
        self._pass_time()
        response.headers["Date"] = format_datetime(self.now(), usegmt=True)
        self._pass_time()
        return response

    def close(self) -> None:
        """There is nothing to close."""

    def _pass_time(self) -> None:
        """Some time, mostly short, and the changes in it."""
        end = self.elapsed + self._random.choice((0.01, 0.1, 0.4, 1.3)) * self._random.random()
        while (later := self.elapsed + self._random.expovariate(self._rate)) < end:
            self.elapsed = later
            self._random.choice((self._create, self._modify, self._delete))()
            self._emulator = None
        self.elapsed = end

    def _create(self, moment: datetime | None = None) -> None:
        self._number += 1
        created = moment or self.now()
        self._leads[self._number] = {
            "ProspectID": f"{self._number:04}",
            "CreatedOn": format_timestamp(created),
            "ModifiedOn": format_timestamp(created),
            **self._values(),
        }

    def _values(self) -> Lead:
        choose = self._random.choice
        return {
            "mx_City": choose(CITIES),
            "OwnerId": choose(OWNERS),
            "ProspectStage": choose(STAGES),
            "Score": str(self._random.randrange(100)),
        }

    def _modify(self) -> None:
        if self._leads:
            lead = self._leads[self._random.choice([*self._leads])]
            lead |= {**self._values(), "ModifiedOn": format_timestamp(self.now())}

    def _delete(self) -> None:
        if self._leads:
            del self._leads[self._random.choice([*self._leads])]


def changing_client(leads: ChangingLeads) -> Client:
    """A client of changing leads."""
    session = Session()
    session.mount("https://", leads)
    return Client("api.example.com", "key", "secret", session, rate=None)


def use_simulated_time(monkeypatch: Any, leads: ChangingLeads) -> None:
    """Have requests measure the time that a response takes in the simulation."""
    monkeypatch.setattr(requests.sessions, "preferred_clock", lambda: leads.elapsed)
