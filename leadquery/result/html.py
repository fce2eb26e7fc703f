"""Results as HTML tables for notebooks."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from leadquery._util.text import escape_unprintable
from leadquery.result.render import (
    BAR_COLOR,
    bar_columns,
    bar_shares,
    format_cells,
    is_numeric,
    notes_of,
    with_owner_labels,
)

if TYPE_CHECKING:
    from leadquery.result.result import Result

MAX_ROWS: Final = 20

MAX_LINE: Final = 60
"""The characters of a cell that is not wrapped; ids are shorter."""

# Notebooks and their exports have styles of their own for tables; these win.
_CELL: Final = "padding: 0.3em 0.7em; vertical-align: top;"

_TEXT: Final = f"{_CELL} text-align: left; white-space: nowrap;"

_LONG_TEXT: Final = f"{_CELL} text-align: left; white-space: normal; min-width: 24em;"

_NUMBER: Final = f"{_CELL} text-align: right; white-space: nowrap;"

_BAR: Final = f"display: inline-block; height: 0.8em; background: {BAR_COLOR};"

BAR_WIDTH: Final = 9.0
"""Of the longest bar, in em."""

_TABLE: Final = "margin: 0; border-collapse: collapse;"

_CAPTION: Final = "padding: 0.3em 0.7em;"


def format_html(result: Result) -> str:
    """The first rows as a table, with bars for groups, and a caption.

    Colours are those of the page, so that it is readable in light and dark themes.
    """
    result = with_owner_labels(result)
    part = result[:MAX_ROWS]
    head: list[str] = []
    columns: list[list[str]] = []
    for name in result.columns:
        numeric = is_numeric(result, name)
        head.append(_cell("th", escape_unprintable(name), numeric=numeric))
        columns.append([_cell("td", text, numeric=numeric) for text in format_cells(part, name)])
    for name in bar_columns(result):
        head.append(f'<th style="{_TEXT}"></th>')
        columns.append(
            [f'<td style="{_TEXT}">{_bar(share)}</td>' for share in bar_shares(part, name)]
        )
    rows = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True))
    return (
        f'<div style="overflow-x: auto;"><table style="{_TABLE}">'
        f"<thead><tr>{''.join(head)}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<div style="{_CAPTION}">{"<br>".join(map(escape, _caption(result)))}</div>'
    )


def _cell(tag: str, text: str, *, numeric: bool) -> str:
    style = _NUMBER if numeric else _TEXT if len(text) <= MAX_LINE else _LONG_TEXT
    return f'<{tag} style="{style}">{escape(text)}</{tag}>'


def _bar(share: float) -> str:
    return f'<span style="{_BAR} width: {BAR_WIDTH * max(share, 0):.2f}em;"></span>'


def _caption(result: Result) -> list[str]:
    """The number of rows, the time zone, and the query in English."""
    rows, total = len(result), result.total
    numbers = f"{rows:,} row{'' if rows == 1 else 's'}"
    if rows > MAX_ROWS:
        numbers = f"the first {MAX_ROWS} of {numbers}"
    if total != rows:
        numbers += f"; {total:,} in all"
    lines = ["; ".join([numbers, *notes_of(result)])]
    if result.query is not None:
        # All pages are read, or the numbers say which rows there are.
        lines.append(result.query.page(1).describe())
    return [escape_unprintable(line) for line in lines]
