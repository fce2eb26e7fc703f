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
from typing import Any

from tests.benchmarks import engines, growth
from tests.benchmarks.peers import building, checking, sending, starting, volume
from tests.benchmarks.race import Contest, Table, race
from tests.benchmarks.targets import missed

MODULES = (building, checking, sending, starting)
PACKAGES = (
    "leadquery",
    "attrs",
    "boto3",
    "check-jsonschema",
    "duckdb",
    "elasticsearch",
    "fastjsonschema",
    "ibis-framework",
    "jsonschema",
    "jsonschema-rs",
    "msgspec",
    "pydantic",
    "pypika",
    "requests",
    "sqlalchemy",
    "waitress",
)


def main(share: float) -> None:
    """Run all contests with a share of their rounds, at least three, and of the largest sizes."""
    contests = chain.from_iterable(module.contests() for module in MODULES)
    sections = chain(contests, volume.sections(share), engines.sections(share))
    found = [_measured(section, share) for section in sections]
    growths = []
    for one in growth.growths(share):
        _note(one.title)
        growths.append(growth.measured(one, share))
    json.dump(
        {
            "day": datetime.now(UTC).date().isoformat(),
            "python": platform.python_version(),
            "machine": _machine(),
            "versions": {name: version(name) for name in PACKAGES},
            "contests": found,
            "growth": growths,
        },
        sys.stdout,
        indent=1,
    )


def _measured(section: Contest | Table, share: float) -> dict[str, Any]:
    """The figures of a contest, or a table as it is."""
    if isinstance(section, Table):
        _note(section.title)
        found = section._asdict()
        found["profile"] = section.profile() if section.profile and missed(found) else None
        return found
    rounds = max(3, round(section.rounds * share))
    _note(f"{section.title}, {rounds} rounds")
    found = {
        "title": section.title,
        "description": section.description,
        "rounds": rounds,
        "laps": [lap._asdict() for lap in race(section.runners, rounds=rounds)],
    }
    if missed(found):
        found["profile"] = section.profile(next(iter(section.runners.values())))
    return found


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _machine() -> str:
    """The name of the processor, if the system knows it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text("utf-8").splitlines() if cpuinfo.exists() else []
    models = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return f"{next(models, platform.processor() or platform.machine())}, {platform.system()}"


if __name__ == "__main__":
    main(float(sys.argv[1]))
