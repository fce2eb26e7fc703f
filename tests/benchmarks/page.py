"""Write docs/explanation/benchmarks.md from the last run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from math import log
from textwrap import TextWrapper
from typing import Any

from docs.draw import FOLDER, LINES, PICTURES, Curves

from .environment import ROOT
from .targets import Target, figures

PAGE = ROOT / "docs" / "explanation" / "benchmarks.md"
LAST = ROOT / "tests" / "benchmarks" / "last.json"

fill = TextWrapper(100, break_long_words=False, break_on_hyphens=False).fill

HEAD = """\
# Benchmarks

This page shows how fast leadquery is beside other tools for the same work, and how its costs grow.
No test asserts a time.

{measured}

```
python -m tests.benchmarks
```

It takes about 15 minutes, and creates a temporary virtual environment; `--tools FOLDER` keeps it.
With `--quick` it runs a tenth of the rounds, up to a tenth of the largest sizes, and prints the
page instead of writing it. `tests/benchmarks/last.json` holds the figures.

## Targets

A ratio is leadquery's figure divided by the other's in the same round.

| | target | measured | |
|---|--:|--:|---|
"""

LEFT = """
## What is left

Why targets are missed, and the functions that take most of the time themselves, by cProfile, or
what is imported. pydantic, msgspec and jsonschema-rs check in compiled code, leadquery in Python.
"""

GLANCE = """
## At a glance

Times relative to leadquery's: below 1 is faster, above 1 slower.

| | leadquery | faster | slower |
|---|--:|---|---|
"""

CONTESTS = """
## Beside other tools

Each round times every tool once. A table shows the median time, and the median and quartiles of the
ratio to leadquery in the same round, so that a busy machine affects both. A ratio above 1 is slower
than leadquery.
"""

GROWTH = """
## How the costs grow

The time of the processor, on logarithmic axes. The exponent is that of the last tenfold size: at 1,
ten times the size takes ten times as long; below 1, less. One a little above 1 comes from Python's
garbage collection, which visits all objects again and again.
"""

CONTEST = """
### {title}

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
    parts = [
        HEAD.format(measured=fill(measured)),
        *(_target(target, figure) for target, figure in figures(run["contests"])),
        *_left(run["contests"]),
        GLANCE,
        *(_glance(contest) for contest in run["contests"] if "laps" in contest),
        CONTESTS,
        *map(_section, run["contests"]),
        *_growths(run["growth"]),
        _foot(run["versions"]),
    ]
    return "".join(parts)


def _target(target: Target, figure: float) -> str:
    bound = f"{'at least' if target.at_least else 'at most'} {_figure(target.bound, target.unit)}"
    result = "met" if target.is_met(figure) else "**missed**"
    return f"| {target.what} | {bound} | {_figure(figure, target.unit)} | {result} |\n"


def _left(contests: list[dict[str, Any]]) -> Iterator[str]:
    """What is left of each target that is missed."""
    head = LEFT
    for contest in contests:
        for target, figure in figures([contest]):
            if not target.is_met(figure):
                text = f"**{target.what}.** {target.why}"
                if shares := contest.get("profile"):
                    named = "; ".join(f"{name} {share:.0%}" for name, share in shares.items())
                    text += f" Shares of the time: {named}."
                yield f"{head}\n{fill(text)}\n"
                head = ""


def _glance(contest: dict[str, Any]) -> str:
    """The line of a contest: what is faster than leadquery, and what is slower."""
    own, *others = contest["laps"]
    others.sort(key=lambda lap: lap["ratio"])
    faster = ", ".join(
        f"{one['name']} {_short(one['ratio'])}" for one in others if one["ratio"] < 1
    )
    slower = ", ".join(
        f"{one['name']} {_short(one['ratio'])}" for one in others if one["ratio"] >= 1
    )
    return f"| {contest['title']} | {_time(own['seconds'])} | {faster} | {slower} |\n"


def _growths(growths: list[dict[str, Any]]) -> Iterator[str]:
    """The picture of each cost, and the ends of its curves."""
    yield GROWTH
    for growth in growths:
        unit = growth["unit"]
        yield f"\n### {growth['title']}\n\n{fill(growth['description'])}\n\n"
        yield f"![Time by {unit}](../pictures/growth-{growth['name']}.svg)\n\n"
        yield f"| | {unit} | time | {unit} | time | exponent |\n|---|--:|--:|--:|--:|--:|\n"
        curves = sorted(growth["curves"].items(), key=lambda curve: -curve[1][-1][1])
        for name, points in curves[: len(LINES)]:
            (small, short), (large, long) = points[0], points[-1]
            yield (
                f"| {name} | {small:,} | {_time(short)} | {large:,} | {_time(long)} | "
                f"{exponent(points):.1f} |\n"
            )
        if others := [points for _, points in curves[len(LINES) :]]:
            slowest, steepest = others[0][-1], max(map(exponent, others))
            yield (
                f"| each of {len(others)} others | | | {slowest[0]:,} | up to "
                f"{_time(slowest[1])} | up to {steepest:.1f} |\n"
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
    return f"\n### {table['title']}\n\n{description}\n\n| |{heads}\n|---|{rule}\n{rows}"


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


def exponent(points: list[list[float]]) -> float:
    """The slope of the end of a curve: 1 if ten times the size takes ten times as long."""
    (small, short), (large, long) = points[-2:]
    return log(long / short) / log(large / small)


def last_run() -> dict[str, Any]:
    """Load the last run."""
    run: dict[str, Any] = json.loads(LAST.read_bytes())
    return run


def save(run: dict[str, Any]) -> None:
    """Save a run, write its page, and draw its curves."""
    LAST.write_text(json.dumps(run, indent=1, ensure_ascii=False) + "\n", "utf-8", newline="\n")
    PAGE.write_text(page(run), "utf-8", newline="\n")
    for picture in PICTURES:
        if isinstance(picture, Curves):
            text = picture.drawn()
            (FOLDER / f"{picture.name}.svg").write_text(text, "utf-8", newline="\n")
