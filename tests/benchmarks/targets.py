"""How fast leadquery is to be beside others, and what the last run says of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

Section = dict[str, Any]


class Target(NamedTuple):
    """A bound of a figure of the section with some title: a ratio, or seconds."""

    what: str
    section: str
    bound: float
    figure: Callable[[Section], float]
    at_least: bool = False
    unit: str = "ratio"

    def is_met(self, figure: float) -> bool:
        """Whether a figure is within the bound, both as the page rounds them."""
        rounded = float(f"{figure:.2g}")
        return rounded >= self.bound if self.at_least else rounded <= self.bound


def _beside(name: str) -> Callable[[Section], float]:
    """The time of leadquery by that of another in the same round."""
    return lambda section: 1 / _lap(section, name)["ratio"]


def _without_start(name: str, start: str) -> Callable[[Section], float]:
    """The same, without the time of a third one, which is the start of both."""

    def figure(section: Section) -> float:
        [own, *_] = section["laps"]
        begin = _lap(section, start)["seconds"]
        return (own["seconds"] - begin) / (_lap(section, name)["seconds"] - begin)

    return figure


def _lap(section: Section, name: str) -> dict[str, Any]:
    [lap] = (one for one in section["laps"] if one["name"] == name)
    return lap


PYTHON = "Python without imports"
ATTRS = "import attrs, which leadquery uses"

TARGETS = (
    Target(
        "Build and serialize a query, beside a dict and `json.dumps`",
        "Build and serialize a query",
        2.0,
        _beside("a dict and json.dumps"),
    ),
    Target("Check a valid object, beside pydantic", "Check a valid object", 1.5, _beside("pydantic")),
    Target("Check valid text, beside pydantic", "Check valid JSON text", 1.5, _beside("pydantic")),
    Target(
        "Report six mistakes, beside jsonschema-rs",
        "Report every mistake",
        1.0,
        _beside("jsonschema-rs, json.loads"),
    ),
    Target(
        "Find four mistakes in 7 MB, beside `json.loads`",
        "Find four mistakes in a large file",
        2.5,
        _beside("json.loads"),
    ),
    Target(
        "`from leadquery import Leads` beside `import attrs`, both without the start of Python",
        "Import in a new process",
        1.4,
        _without_start(ATTRS, PYTHON),
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
    ),
)


def figures(sections: Iterable[Section]) -> list[tuple[Target, float]]:
    """The figure of each target whose section is among some."""
    by_title = {section["title"]: section for section in sections}
    return [
        (target, target.figure(by_title[target.section]))
        for target in TARGETS
        if target.section in by_title
    ]


def missed(section: Section) -> bool:
    """Whether a section misses one of its targets."""
    return not all(target.is_met(figure) for target, figure in figures([section]))
