"""How fast leadquery is to be beside others, and what the last run says of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

Section = dict[str, Any]


class Target(NamedTuple):
    """A bound of a figure of the section whose title matches a pattern: a ratio, or seconds."""

    what: str
    section: str
    bound: float
    figure: Callable[[Section], float]
    at_least: bool = False
    unit: str = "ratio"
    why: str = ""
    """What is left if it is missed, and why."""

    def is_met(self, figure: float) -> bool:
        """Whether a figure is within the bound, both as the page rounds them."""
        rounded = float(f"{figure:.{2 if self.unit == 'ratio' else 3}g}")
        return rounded >= self.bound if self.at_least else rounded <= self.bound


def _beside(name: str) -> Callable[[Section], float]:
    """The time of leadquery by that of another in the same round."""
    return lambda section: 1 / _lap(section, name)["ratio"]


def _lap(section: Section, name: str) -> dict[str, Any]:
    laps: list[dict[str, Any]] = section["laps"]
    [lap] = (one for one in laps if one["name"] == name)
    return lap


def _cell(row: str, column: str) -> Callable[[Section], float]:
    """A figure of a table."""

    def figure(section: Section) -> float:
        cells: list[float] = section["rows"][row]
        return cells[[*section["columns"]].index(column)]

    return figure


PYTHON = "Python without imports"
ATTRS = "import attrs, which leadquery uses"
EXPORT = (
    "Rows are kept in a checkpoint as they arrive, with checksums, so that a stopped export "
    "continues, and are read back at its end; the loop starts over."
)

TARGETS = (
    Target(
        "Build and serialize a query, beside a dict and `json.dumps`",
        "Build and serialize a query",
        2.0,
        _beside("a dict and json.dumps"),
        why="Each of nine calls is checked for misuse, copies the query and makes the objects "
        "of its conditions. Without the checks of wrong calls and misspelt names the "
        "ratio would be about 2.1. Writing the text takes half the time of the literal.",
    ),
    Target(
        "Check a valid object, beside pydantic", "Check a valid object", 1.5, _beside("pydantic")
    ),
    Target(
        "Check valid text, beside pydantic",
        "Check valid JSON text",
        1.5,
        _beside("pydantic"),
        why="The scanner of the json module alone takes a third. The keys, types and "
        "conditions of nine objects take almost half, in Python. The search for duplicate "
        "keys, which pydantic does not look for, takes a tenth.",
    ),
    Target(
        "Report six mistakes, beside jsonschema-rs",
        "Report every mistake",
        1.0,
        _beside("jsonschema-rs, json.loads"),
        why="Each mistake is read by a reader in Python that writes a hint and a fix; it is "
        "located in the text, of which the json module keeps no positions; and its fix is "
        "tried and read again. jsonschema-rs gives a path and a message.",
    ),
    Target(
        "Find four mistakes in 7 MB, beside `json.loads`",
        "Find four mistakes in a large file",
        2.5,
        _beside("json.loads"),
        why="Looking for duplicate keys while parsing costs 1.4 times json.loads. Most of the "
        "rest decodes 60,000 filters, with a call each, and looks for equal ones.",
    ),
    Target(
        "`from leadquery import Leads`, beside `import attrs`",
        "Import in a new process",
        1.4,
        _beside(ATTRS),
        why="The classes of queries, conditions and fields, and the standard fields themselves.",
    ),
    Target(
        "`leadquery --help`, beside Python without imports",
        "Print the help of the command",
        8.0,
        _beside(PYTHON),
    ),
    Target(
        "`leadquery check` of a file, beside Python without imports",
        "Check one file on the command line",
        6.0,
        _beside(PYTHON),
        why="click and attrs alone take about 5 times as long as Python. The rest imports the "
        "model, the rules and the field types, and generates the functions that check.",
    ),
    Target(
        "Export to CSV: rows per second, beside a plain loop",
        "Export [0-9,]+ leads without a rate limit",
        0.9,
        _cell("a loop, a session and csv", "ratio"),
        at_least=True,
        why=EXPORT,
    ),
    Target(
        "Export to Parquet: rows per second, beside a plain loop",
        "Export [0-9,]+ leads without a rate limit",
        0.9,
        _cell("a loop, a session and pyarrow", "ratio"),
        at_least=True,
        why=EXPORT,
    ),
    Target(
        "Load 1,000,000 leads into the mock API",
        "Load [0-9,]+ leads into the mock API",
        10.0,
        _cell("Emulator(leads)", "processor time"),
        unit="s",
        why="SQLite's own insert and index take half of it; the rest checks the leads and "
        "makes what they are sorted by.",
    ),
    Target(
        "Group leads and average in the mock API, beside sqlite3",
        "Group [0-9,]+ leads by owner in the mock API",
        3.0,
        _beside("sqlite3"),
    ),
)


def figures(sections: Sequence[Section]) -> list[tuple[Target, float]]:
    """The figure of each target whose section is among some."""
    return [
        (target, target.figure(section))
        for target in TARGETS
        for section in sections
        if re.fullmatch(target.section, section["title"])
    ]


def missed(section: Section) -> bool:
    """Whether a section misses one of its targets."""
    return not all(target.is_met(figure) for target, figure in figures([section]))
