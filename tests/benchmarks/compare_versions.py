"""The speed of this checkout beside that of another revision.

`python -m tests.benchmarks.compare_versions REVISION` prints a ratio for each kind of work; a ratio
above 1 is slower than the revision. Both run in new processes, in turn. The shortest time of each
counts, because other work on the machine can only make it longer.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from .fresh import ROOT, Python, children_time

Times = dict[str, float]
"""Seconds for each kind of work."""

_MEASURE = "from tests.benchmarks.compare_versions import measure; measure()"


def main() -> None:
    """Print the ratios."""
    parser = ArgumentParser(prog="python -m tests.benchmarks.compare_versions", description=__doc__)
    parser.add_argument("revision", help="a commit, a tag or a branch")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        ours, theirs = Path(folder, "ours"), Path(folder, "theirs")
        shutil.copytree(ROOT / "leadquery", ours / "leadquery")
        extract(options.revision, theirs)
        mine: list[Times] = []
        others: list[Times] = []
        for _ in range(options.rounds):
            mine.append(times(Python(ours)))
            others.append(times(Python(theirs)))
    for work in mine[0]:
        now, before = (min(one[work] for one in seen) for seen in (mine, others))
        print(f"{work:32} {now / before:5.2f}  {now * 1e3:9.4f} ms against {before * 1e3:9.4f} ms")


def extract(revision: str, folder: Path) -> None:
    """Write the package of a revision into a folder."""
    command = ["git", "archive", revision, "leadquery"]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    with tarfile.open(fileobj=BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def times(python: Python) -> Times:
    """The shortest times in one new process, and that of importing leadquery in several."""
    start = shortest(partial(python.run, "pass"), rounds=10, clock=children_time)
    imported = shortest(
        partial(python.run, "from leadquery import Leads"), rounds=10, clock=children_time
    )
    measured: Times = json.loads(python.run(_MEASURE))
    return {"import leadquery": imported - start, **measured}


def measure() -> None:
    """Print the times of what can be timed in one process."""
    from leadquery import check

    from .workloads import built, compared, listed, sample

    small = json.dumps(sample(), indent=1)
    found: Times = {
        "build a query and write it": shortest(built),
        "check an object": shortest(partial(check, sample())),
        "check a text of 1 KB": shortest(partial(check, small)),
    }
    for what, payload in (
        ("check 60,000 fields", compared(60_000, 60_000, 4)),
        ("check 60,000 filters", compared(60_000, 200, 4)),
        ("check 300,000 values", listed(300_000, 4)),
    ):
        found[what] = shortest(partial(check, json.dumps(payload)), rounds=5)
    json.dump(found, sys.stdout)


def shortest(
    work: Callable[[], object],
    rounds: int = 5_000,
    clock: Callable[[], float] = process_time,
) -> float:
    """The shortest time of several calls."""
    return min(_seconds(work, clock) for _ in range(rounds))


def _seconds(work: Callable[[], object], clock: Callable[[], float]) -> float:
    begin = clock()
    work()
    return clock() - begin


if __name__ == "__main__":
    main()
