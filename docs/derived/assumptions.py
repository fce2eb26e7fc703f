"""What the embedded API takes for granted where the API's page is silent."""

from __future__ import annotations

from docs.derived.markdown import plain
from leadquery.emulator.assumptions import Assumption


def assumptions() -> str:
    """Each with how sure it is."""
    return "\n".join(map(_section, Assumption))


def _section(one: Assumption) -> str:
    sure = one.certainty.value.capitalize()
    return f"## {plain(one.title.capitalize())}\n\n{plain(one.statement)}\n\n*{sure}.*\n"
