"""Run every contest and print the results as JSON.

`python -m tests.benchmarks` runs this in an environment with the other libraries.
"""

# mypy: ignore-errors
# The peers are not there when types are checked.

from __future__ import annotations

import json
import platform
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import chain
from pathlib import Path

from tests.benchmarks.peers import building, checking, sending, starting
from tests.benchmarks.race import race

MODULES = (building, checking, sending, starting)
PACKAGES = (
    "leadquery",
    "attrs",
    "boto3",
    "check-jsonschema",
    "elasticsearch",
    "fastjsonschema",
    "jsonschema",
    "jsonschema-rs",
    "msgspec",
    "pydantic",
    "pypika",
    "requests",
    "sqlalchemy",
    "werkzeug",
)


def main(share: float) -> None:
    """Run all contests with a share of their rounds, at least three."""
    found = []
    for contest in chain.from_iterable(module.contests() for module in MODULES):
        rounds = max(3, round(contest.rounds * share))
        print(f"{contest.title}, {rounds} rounds", file=sys.stderr, flush=True)
        found.append(
            {
                "title": contest.title,
                "description": contest.description,
                "rounds": rounds,
                "laps": [lap._asdict() for lap in race(contest.runners, rounds=rounds)],
            }
        )
    json.dump(
        {
            "day": datetime.now(UTC).date().isoformat(),
            "python": platform.python_version(),
            "machine": _machine(),
            "versions": {name: version(name) for name in PACKAGES},
            "contests": found,
        },
        sys.stdout,
        indent=1,
    )


def _machine() -> str:
    """The name of the processor, if the system knows it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    models = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return f"{next(models, platform.processor() or platform.machine())}, {platform.system()}"


if __name__ == "__main__":
    main(float(sys.argv[1]))
