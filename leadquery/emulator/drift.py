"""Leads that come and go between the calls of one session."""

from __future__ import annotations

from random import Random
from typing import Final

from attrs import frozen

from leadquery.emulator.faults import Fault, Faults


@frozen
class Snapshot:
    """The leads of one call: those whose number in the account is not hidden, in this order."""

    hidden: frozenset[int] = frozenset()
    reverse: bool = False


WHOLE: Final = Snapshot()


class Drift:
    """What a session sees of an account of `size` leads. The account itself stays as it is.

    Leads that are to come are held back from the start.
    """

    def __init__(self, faults: Faults, size: int) -> None:
        count = min(faults.arrivals, size // 2)
        self._hidden = {*Random(f"drift {faults.seed}").sample(range(1, size + 1), count)}
        self._size = size

    def view(self, fault: Fault | None, dice: Random) -> Snapshot:
        """What the next call sees."""
        if fault is Fault.GONE and len(self._hidden) < self._size:
            self._hide(dice)
        if fault is Fault.COME and self._hidden:
            self._hidden.remove(dice.choice(sorted(self._hidden)))
        return Snapshot(frozenset(self._hidden), fault is Fault.REORDERED)

    def _hide(self, dice: Random) -> None:
        while (number := dice.randint(1, self._size)) in self._hidden:
            pass
        self._hidden.add(number)
