"""The table of slips: what is written, what is said of it, and what the line written right asks.

`slips.txt` holds it. A slip begins with a line of `=`; lines of `-` part what is written from what
is said, and that from the payload, which stands there where the line can be written right. Where
interpreters say other things, the version that a slip is meant for stands behind the `=`.
"""

from __future__ import annotations

import functools
import linecache
import operator
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs

import leadquery
from leadquery import Client, Leads, QueryError, check, fields, from_payload, periods, users
from leadquery.emulator import Emulator

FILE = "slip.py"
TABLE = Path(__file__).with_name("slips.txt")
EQUALS, DASHES = "=" * 20, "-" * 20


@attrs.frozen
class Row:
    """A slip: its source, the text of its error, and the payload of the line written right."""

    source: str
    text: str
    payload: str

    @property
    def error(self) -> str:
        """The name of the error, which stands before its text."""
        return self.text.partition(":")[0]


def rows() -> Iterator[Row]:
    """The slips of the table that are meant for this Python."""
    for part in TABLE.read_text("utf-8").split(EQUALS)[1:]:
        version, _, rest = part.partition("\n")
        source, text, payload = rest.split(f"{DASHES}\n")
        if not version.strip() or version.strip() == f"{sys.version_info[0]}.{sys.version_info[1]}":
            yield Row(source.rstrip("\n"), text.rstrip("\n"), payload.strip())


@functools.cache
def emulated() -> Client:
    """A client of fifty leads."""
    return Client("api.example.com", "key", "secret", Emulator.demo(50).session())


def names() -> dict[str, Any]:
    """What the slips are written with."""
    low, web = fields.Score < 5, fields.Source == "Web"
    return {
        **{name: getattr(fields, name) for name in dir(fields)},
        "leadquery": leadquery,
        "Leads": Leads,
        "fields": fields,
        "users": users,
        "periods": periods,
        "check": check,
        "from_payload": from_payload,
        "low": low,
        "both": low & web,
        "conditions": [low, web],
        "flag": False,
        "limit": 20,
        "functools": functools,
        "operator": operator,
        "unknown": lambda: web,
        "words": {"score": fields.Score, "source": fields.Source},
        "options": ["Web", "Fair"],
        "payload": Leads.select("Phone").to_payload(),
        "emulated": emulated(),
    }


def run(source: str, file: str = FILE, *, shown: bool = True) -> dict[str, Any]:
    """What is there when a source has run that stands in a file, which can be read if `shown`."""
    scope = {"__name__": "slip", **names()}
    lines = source.splitlines(keepends=True) if shown else []
    linecache.cache[file] = len(source), None, lines, file
    with warnings.catch_warnings():
        # Python warns of some slips by itself.
        warnings.simplefilter("ignore", SyntaxWarning)
        code = compile(source, file, "exec")
    exec(code, scope)  # noqa: S102 - the table's own sources.
    return scope


def written_right(source: str, error: QueryError) -> str:
    """A source with the lines of a slip written right."""
    edit = error.suggested_edit
    assert edit is not None

    lines = source.split("\n")
    lines[edit.first - 1 : edit.last] = edit.text.split("\n")
    return "\n".join(lines)


def asked(scope: dict[str, Any]) -> Any:
    """The payload of what a source built, its output and page aside where it says nothing of them.

    What is no query, such as a number of leads, is itself.
    """
    if "condition" in scope:
        return asked({"query": Leads.where(scope["condition"])})
    if "query" not in scope:
        return scope.get("answer")
    query = scope["query"]
    if isinstance(query, dict):
        return query
    finished = {"LeadSet": lambda: query.select("Phone"), "GroupedLeads": lambda: query.count()}  # noqa: PLW0108 - others have none
    payload = finished.get(type(query).__name__, lambda: query)().to_payload()
    if type(query).__name__ == "LeadSet":
        del payload["Output"]
    if payload.get("Paging") == {"PageIndex": 1, "PageSize": 100}:
        del payload["Paging"]
    return payload
