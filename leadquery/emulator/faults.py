"""Faults on request: what can go wrong with a call, and which calls it happens to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from random import Random
from typing import Any, Final

from attrs import field, frozen

from leadquery.errors import QueryError
from leadquery.lint.json_values import describe_json

Delay = float | Callable[[Random], float]
"""Seconds, or what draws them."""


class Fault(Enum):
    """What can go wrong with one call."""

    REFUSED = "refused", "no connection; the call does not arrive and does not count"
    DROPPED = "dropped", "the call arrives and counts; the connection closes without a reply"
    TRUNCATED = "truncated", "half of the reply's body, and the connection closes"
    SLOW = "slow", "the reply comes `slow` seconds late"
    LIMITED = "limited", "429, as over the limit"
    LIMITED_WITH_200 = "limited-with-200", "200 with `Status: Error`, as the limit was seen"
    REJECTED = "rejected", "500 with the body of a mistake in the input, as it was seen: final"
    FAILED = "failed", "500 without a body"
    UNAVAILABLE = "unavailable", "503, with the page of a gateway"
    GONE = "gone", "a lead goes before the call arrives"
    COME = "come", "a lead that was gone, or held back, is there before the call arrives"
    REORDERED = "reordered", "leads are listed the other way round, in this call alone"

    label: str
    meaning: str

    def __init__(self, label: str, meaning: str) -> None:
        self.label = label
        self.meaning = meaning


DRIFT: Final = frozenset({Fault.GONE, Fault.COME, Fault.REORDERED})
"""What changes the leads of a call, and not the call."""

Plan = Sequence[Fault | None] | Mapping[Fault, float]

_PLAN: Final = (
    "write a list of faults and None, one for each call, or the chance of each fault, "
    "as in {Fault.DROPPED: 0.1}"
)


def _parse_plan(plan: Any) -> Plan:
    if isinstance(plan, Mapping):
        return _chances(plan)
    if isinstance(plan, (str, bytes)) or not isinstance(plan, Iterable):
        raise QueryError(f"faults: {describe_json(plan)} is no plan; {_PLAN}")
    listed = tuple(plan)
    for place, one in enumerate(listed):
        if one is not None and not isinstance(one, Fault):
            raise QueryError(f"faults[{place}]: {describe_json(one)} is no fault; {_PLAN}")
    return listed


def _chances(plan: Mapping[Any, Any]) -> Mapping[Fault, float]:
    for one, chance in plan.items():
        if not isinstance(one, Fault):
            raise QueryError(f"faults: {describe_json(one)} is no fault; {_PLAN}")
        if type(chance) not in (int, float) or not 0 <= chance <= 1:
            raise QueryError(
                f"faults: {describe_json(chance)} is no chance of {one}; write a number from 0 to 1"
            )
    # What is a whole in tenths may be a little more in doubles.
    if sum(plan.values()) > 1 + 1e-9:
        raise QueryError("faults: the chances add up to more than 1; a call has one fault at most")
    return dict(plan)


def _waited(seconds: Any) -> Any:
    if callable(seconds):
        return seconds
    if type(seconds) not in (int, float) or not 0 <= seconds < float("inf"):
        raise QueryError(f"faults: {describe_json(seconds)} is no time; write seconds, 0 or more")
    return seconds


@frozen
class Faults:
    """Which calls go wrong, and how: the same seed makes the same calls go wrong.

    `plan` is a list, whose entries are for the first, the second … call that is made (None for
    a call that goes well, as all do after its end), or the chance of each fault at every call.
    `latency` is how many seconds each way takes, there and back, or a function that draws them
    from a `random.Random`. `slow` is how many seconds SLOW adds.

    Raises QueryError for what is no plan or no time.

    >>> from leadquery.emulator import Emulator
    >>> session = Emulator.demo(10).session(Faults([None, Fault.FAILED]))
    >>> session.get("https://api.example.com").status_code
    404
    """

    plan: Plan = field(default=(), converter=_parse_plan)
    seed: int = field(default=1, kw_only=True)
    latency: Delay = field(default=0.0, kw_only=True, converter=_waited)
    slow: float = field(default=90.0, kw_only=True, converter=_waited)

    def dice(self, number: int) -> Random:
        """What decides about a call, by its number from 0: threads in any order draw the same."""
        return Random(f"{self.seed} {number}")

    def fault(self, number: int, dice: Random) -> Fault | None:
        """What goes wrong with a call."""
        if not isinstance(self.plan, Mapping):
            return self.plan[number] if number < len(self.plan) else None
        drawn = dice.random()
        for one, chance in self.plan.items():
            drawn -= chance
            if drawn < 0:
                return one
        return None

    def delay(self, dice: Random) -> float:
        """How long one way takes."""
        drawn = self.latency(dice) if callable(self.latency) else self.latency
        return max(0.0, drawn)

    @property
    def arrivals(self) -> int:
        """How many leads may come that were not there before."""
        if isinstance(self.plan, Mapping):
            return _HELD_BACK if self.plan.get(Fault.COME) else 0
        return sum(one is Fault.COME for one in self.plan)


NO_FAULTS: Final = Faults()
_HELD_BACK: Final = 50
