"""The groups of an answer as a bar chart of matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadquery._util.optional import import_optional
from leadquery.errors import QueryError
from leadquery.result.render import is_numeric, label, values

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from leadquery.result.result import Result


MOST: Final = 50
"""The groups that are drawn; more could not be read."""

WIDTH: Final = 8.0

HEIGHT_OF_A_BAR: Final = 0.28

MARGIN: Final = 1.2
"""Inches."""

LONGEST: Final = 40
"""The characters of a group's name."""

COLOUR: Final = "#2a7f9e"


def plot(answer: Result, column: str | None) -> Figure:
    """A horizontal bar for each group, in the order of the answer."""
    number = _number(answer, column)
    shown = answer[:MOST]
    names = [_name(value) for value in values(shown, answer.columns[0])]
    numbers = values(shown, number)
    left = len(answer) - len(shown)
    title = f"{number} per {answer.columns[0]}"
    if left:
        title += f" (the first {MOST} of {len(answer):,})"
    figure, axes = _figure(len(names))
    bars = axes.barh(range(len(names)), [one or 0 for one in numbers], color=COLOUR)
    axes.bar_label(bars, list(map(_written, numbers)), padding=3)
    # A name is no formula: what stands between two $ would be set as one.
    axes.set_yticks(range(len(names)), [name.replace("$", r"\$") for name in names])
    axes.set(xlabel=number, ylabel=answer.columns[0], title=title)
    return figure


def _figure(bars: int) -> tuple[Figure, Axes]:
    """An empty chart with room for some bars, the first on top."""
    pyplot = import_optional("plot()", "matplotlib.pyplot")
    height = MARGIN + HEIGHT_OF_A_BAR * bars
    figure, axes = pyplot.subplots(figsize=(WIDTH, height), layout="constrained")
    # A notebook shows what the cell returns; what stays open it would show twice.
    pyplot.close(figure)
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)
    axes.xaxis.set_major_formatter("{x:,g}")
    return figure, axes


def _number(answer: Result, column: str | None) -> str:
    """The column to draw."""
    if not answer.grouped:
        raise QueryError(
            "plot() draws the groups of an aggregate; "
            "write group_by(...) and count(), average(...) or sum(...)"
        )
    numeric = [name for name in answer.columns[1:] if is_numeric(answer, name)]
    if column is None and numeric:
        return numeric[-1]
    if column in numeric:
        return str(column)
    if not numeric:
        raise QueryError("there are no numbers to draw")
    known = ", ".join(map(repr, numeric))
    raise QueryError(f"{column!r} is no column of numbers; those of this answer: {known}")


def _name(value: object) -> str:
    text = label(value) or "(no data)"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _written(number: float | None) -> str:
    if number is None:
        return ""
    return f"{number:,}" if isinstance(number, int) else f"{number:,.2f}"
