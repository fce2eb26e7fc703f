"""Write docs/explanation/benchmarks.md from the last run."""

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
# Benchmarks

This page compares leadquery with other tools for the same work. Each round times every tool once.
The table shows the median time, and the median and quartiles of the ratio to leadquery in the same
round, so that a busy machine affects both. A ratio above 1 is slower than leadquery.

{measured}

```
python -m tests.benchmarks
```

It creates a temporary virtual environment; `--tools FOLDER` keeps it. With `--quick` it runs a
tenth of the rounds and prints the page instead of writing it. `tests/benchmarks/last.json` holds
the figures.
"""

CONTEST = """
## {title}

{description}

| {rounds} rounds | time | ratio | quartiles |
|---|--:|--:|--:|
"""

FOOT = """
## Versions

{versions}

SQLAlchemy and PyPika write SQL, elasticsearch dsl a JSON search, and boto3 conditions for
DynamoDB. They serve other purposes; the comparison only shows what such work costs. SQLAlchemy
caches compiled statements, and is much faster for a statement that it has seen.

pydantic and msgspec use types (`tests/benchmarks/shape.py`, `tests/benchmarks/compare_others.py`),
the JSON Schema validators use leadquery's JSON Schema. [Validators](validators.md) compares what
each of them reports.
"""


def page(run: dict[str, Any]) -> str:
    """Return the page for a run."""
    day = date.fromisoformat(run["day"])
    measured = (
        f"Measured on {day.day} {day:%B %Y} with Python {run['python']} ({run['machine']}). "
        "This command repeats the measurement and writes the page:"
    )
    return (
        HEAD.format(measured=fill(measured))
        + "".join(map(_section, run["contests"]))
        + _foot(run["versions"])
    )


def _section(contest: dict[str, Any]) -> str:
    if "columns" in contest:
        return _table(contest)
    rows = "".join(
        f"| {lap['name']} | {_time(lap['seconds'])} | {_ratios(lap)} |\n" for lap in contest["laps"]
    )
    return CONTEST.format(**{**contest, "description": fill(contest["description"])}) + rows


def _table(table: dict[str, Any]) -> str:
    """The section of a `race.Table`."""
    units = table["columns"].values()
    heads = "".join(f" {name} |" for name in table["columns"])
    rows = "".join(
        f"| {name} |"
        + "".join(f" {_figure(value, unit)} |" for value, unit in zip(values, units, strict=True))
        + "\n"
        for name, values in table["rows"].items()
    )
    description = fill(table["description"])
    rule = "--:|" * len(table["columns"])
    return f"\n## {table['title']}\n\n{description}\n\n| |{heads}\n|---|{rule}\n{rows}"


def _figure(value: float | None, unit: str) -> str:
    """Format a figure of a table by its unit."""
    if value is None:
        return "-"
    if unit == "s":
        return _time(value)
    if unit == "ratio":
        return _short(value)
    return f"{float(f'{value:.3g}'):,.0f} {unit}".rstrip()


def _foot(versions: dict[str, str]) -> str:
    named = ", ".join(f"{name} {text}" for name, text in versions.items())
    return FOOT.format(versions=fill(f"{named}."))


def _ratios(lap: dict[str, Any]) -> str:
    if lap["low"] == lap["high"] == 1:
        return "1 | "
    return f"{_short(lap['ratio'])} | {_short(lap['low'])} to {_short(lap['high'])}"


def _short(ratio: float) -> str:
    """Round to two significant figures."""
    return _figures(ratio, 2)


def _time(seconds: float) -> str:
    """Format a time with three significant figures and a suitable unit."""
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if seconds * factor >= 0.9995:
            return f"{_figures(seconds * factor)} {unit}"
    return f"{_figures(seconds * 1e6)} µs"


def _figures(value: float, count: int = 3) -> str:
    """Round to `count` significant figures, but keep all digits before the point."""
    rounded = float(f"{value:.{count}g}")
    before = len(str(int(rounded))) if rounded >= 1 else 0
    return f"{value:.{max(0, count - before)}f}"


def last_run() -> dict[str, Any]:
    """Load the last run."""
    run: dict[str, Any] = json.loads(LAST.read_bytes())
    return run


def save(run: dict[str, Any]) -> None:
    """Save a run and write its page."""
    LAST.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")
    PAGE.write_text(page(run), "utf-8", newline="\n")
