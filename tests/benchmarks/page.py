"""The page of the docs, written from what the last run found."""

from __future__ import annotations

import json
from datetime import date
from textwrap import TextWrapper
from typing import Any

from .environment import ROOT

PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
LAST = ROOT / "tests" / "benchmarks" / "last.json"

fill = TextWrapper(100, break_long_words=False, break_on_hyphens=False).fill

HEAD = """\
# What it costs, beside others

The same work, done by leadquery and by tools that people would use instead. In every round each is
timed once, in turn; a ratio is of one round, so that a busy machine slows both sides of it. The
time is the median of all rounds, the ratio the median of theirs with its quartiles. A ratio above 1
took longer than leadquery.

{measured}

```
python -m tests.benchmarks
```

It runs in an environment of its own, which is thrown away, or kept in `--tools FOLDER`; `--quick`
prints the page after a tenth of the rounds and writes nothing. Its figures are kept in
`tests/benchmarks/last.json`.
"""

CONTEST = """
## {title}

{says}

| {rounds} rounds | time | beside leadquery | quartiles |
|---|--:|--:|--:|
"""

FOOT = """
## What was measured

{versions}

SQLAlchemy and PyPika render SQL, elasticsearch dsl the JSON of a search, boto3 the conditions of
DynamoDB. None of them is wrong for what it is for; they show what such work takes. SQLAlchemy keeps
a statement that it has compiled and is then much faster than here.

pydantic and msgspec are given types (`tests/benchmarks/shape.py`,
`tests/benchmarks/compare_others.py`), the JSON Schema validators leadquery's own schema. What each
of them finds is counted [on another page](validators.md).
"""


def page(run: dict[str, Any]) -> str:
    """A run as the page shows it."""
    day = date.fromisoformat(run["day"])
    measured = (
        f"Measured on {day.day} {day:%B %Y} with Python {run['python']} ({run['machine']}). "
        "One command measures again and writes this page:"
    )
    return (
        HEAD.format(measured=fill(measured))
        + "".join(map(_contest, run["contests"]))
        + _foot(run["versions"])
    )


def _contest(contest: dict[str, Any]) -> str:
    rows = "".join(
        f"| {lap['name']} | {_time(lap['seconds'])} | {_ratios(lap)} |\n" for lap in contest["laps"]
    )
    return CONTEST.format(**{**contest, "says": fill(contest["says"])}) + rows


def _foot(versions: dict[str, str]) -> str:
    named = ", ".join(f"{name} {text}" for name, text in versions.items())
    return FOOT.format(versions=fill(f"{named}."))


def _ratios(lap: dict[str, Any]) -> str:
    if lap["low"] == lap["high"] == 1:
        return "1 | "
    return f"{_short(lap['ratio'])} | {_short(lap['low'])} to {_short(lap['high'])}"


def _short(ratio: float) -> str:
    """Two figures, and more only before the point."""
    return _figures(ratio, 2)


def _time(seconds: float) -> str:
    """Three figures in the unit that suits."""
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if seconds * factor >= 0.9995:
            return f"{_figures(seconds * factor)} {unit}"
    return f"{_figures(seconds * 1e6)} µs"


def _figures(value: float, count: int = 3) -> str:
    """So many figures; whole tens and hundreds keep theirs."""
    rounded = float(f"{value:.{count}g}")
    before = len(str(int(rounded))) if rounded >= 1 else 0
    return f"{value:.{max(0, count - before)}f}"


def kept() -> dict[str, Any]:
    """The last run."""
    run: dict[str, Any] = json.loads(LAST.read_bytes())
    return run


def keep(run: dict[str, Any]) -> None:
    """Keep a run, and write its page."""
    LAST.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")
    PAGE.write_text(page(run), "utf-8", newline="\n")
