"""A mock API whose leads are created, modified and deleted between any two calls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from leadquery import Client
from leadquery.emulator import Emulator
from leadquery.emulator.faults import Snapshot
from leadquery.wire.types import format_timestamp

Lead = dict[str, Any]

START = datetime(2024, 2, 28, 23, 59, 58, tzinfo=UTC)


class DriftingLeads:
    """Leads of which some are there, others not yet or no longer, and some in another version.

    A version is a row of the mock API. `seen` are the versions at each call. Each call may see
    them in reverse order.
    """

    def __init__(self, leads: list[Lead], random: Random, changes: int) -> None:
        self._random = random
        self._changes = changes
        later = [{**lead, **_modified(lead, random)} for lead in leads]
        self.versions = [*leads, *later]
        self._size = len(leads)
        self._present = {n: n for n in range(self._size) if random.random() < 0.9}
        self.seen: list[frozenset[int]] = []

    def snapshot(self, *_: object) -> Snapshot:
        """What the next call sees, after some changes."""
        for _change in range(self._random.randint(0, self._changes)):
            self._change(self._random.randrange(self._size))
        present = frozenset(self._present.values())
        self.seen.append(present)
        hidden = {number + 1 for number in range(2 * self._size) if number not in present}
        return Snapshot(frozenset(hidden), self._random.random() < 0.3)

    def _change(self, lead: int) -> None:
        """Create, modify or delete a lead."""
        version = self._present.get(lead)
        if version is None:
            self._present[lead] = lead
        elif self._random.random() < 0.5:
            del self._present[lead]
        else:
            self._present[lead] = lead if version != lead else lead + self._size

    def throughout(self, matches: Any) -> set[str]:
        """The ids of the leads that were there at every call, in a version that matches."""
        calls = [
            {self.versions[n]["FirstName"] for n in seen if matches(self.versions[n])}
            for seen in set(self.seen)
        ]
        return set.intersection(*calls)

    def client(self, **options: Any) -> Client:
        """A client of these leads."""
        emulator = Emulator(self.versions, **options)
        session = emulator.session()
        session._transport._drift = self  # type: ignore[assignment]
        return Client("api.example.com", "key", "secret", session)


def _modified(lead: Lead, random: Random) -> Lead:
    return {"Score": random.randrange(100), "ModifiedOn": lead["ModifiedOn"] + ".5"}


def random_leads(random: Random, size: int, in_one_second: int) -> list[Lead]:
    """Leads of some years, or of a minute; many in one second, and some without CreatedOn."""
    span = random.choice([timedelta(seconds=40), timedelta(days=3), timedelta(days=900)])
    moments = [START + span * random.random() for _ in range(size - in_one_second)]
    moments += [START + timedelta(seconds=2)] * in_one_second
    moments += [datetime(year, 7, 4, tzinfo=UTC) for year in (1, 1899, 1999, 2999)]
    moments += [datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
    return [_lead(number, moment, random) for number, moment in enumerate(moments)]


def _lead(number: int, created: datetime, random: Random) -> Lead:
    fraction = random.choice(["", ".000", ".412", ".999"])
    text = f"{format_timestamp(created)}{fraction}"
    return {
        "ProspectID": f"{random.getrandbits(64):016x}",
        "FirstName": str(number),
        "CreatedOn": text if random.random() < 0.98 else None,
        "ModifiedOn": format_timestamp(START + timedelta(days=random.randrange(9))),
        "Score": random.randrange(100),
    }
