"""The reports with the same body: their paths, and what is known of their nodes."""

from __future__ import annotations

from docs.derived.markdown import code, escape, table
from leadquery.wire.endpoints import FACTS, Endpoint, path_variable


def paths() -> str:
    """A row for each report: its queries, its path and its node."""
    rows = (
        (
            one.title,
            code(one.start),
            f"{code(one.path)}, {one.certainty.value}",
            code(one.key) if one.key else "none",
            code(path_variable(one)) if one.key else "",
        )
        for one in Endpoint
    )
    head = ("report", "queries start with", "path", "node", "variable for another path")
    return table(head, rows)


def facts() -> str:
    """A row for each fact about the nodes."""
    rows = ((escape(statement), certainty.value) for statement, certainty in FACTS)
    return table(("", "how certain"), rows)
