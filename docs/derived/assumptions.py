"""What the mock API assumes where the API's page is silent."""

from __future__ import annotations

from docs.derived.markdown import escape
from leadquery.emulator.assumptions import Assumption


def assumptions() -> str:
    """Return a section for each assumption, with how certain it is."""
    return "\n".join(map(_section, Assumption))


def _section(assumption: Assumption) -> str:
    title = escape(assumption.title.capitalize())
    certainty = assumption.certainty.value.capitalize()
    return f"## {title}\n\n{escape(assumption.statement)}\n\n*{certainty}.*\n"
