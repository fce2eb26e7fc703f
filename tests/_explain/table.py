"""The table of misuse: what somebody wrote, the error, and the payload of the corrected lines.

The table is `misuse.txt`. A line of `=` begins a case, lines of `-` separate its three parts. A
Python version behind the `=` limits a case to that version.
"""

from __future__ import annotations

import functools
import json
import linecache
import operator
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

import leadquery
from leadquery import (
    Client,
    Leads,
    QueryError,
    check,
    count,
    fields,
    from_payload,
    periods,
    users,
)
from leadquery.emulator import Emulator
from leadquery.expr.predicate import CompoundPredicate
from leadquery.query.query import Query

FILE = "report.py"
TABLE = Path(__file__).with_name("misuse.txt")
EQUALS, DASHES = "=" * 20, "-" * 20


@attrs.frozen
class Case:
    """Source code, the text of its error, and the payload of the corrected source, if any."""

    version: str
    source: str
    error: str
    payload: str

    @property
    def applies(self) -> bool:
        """Whether the case is for this version of Python."""
        return self.version in ("", f"{sys.version_info[0]}.{sys.version_info[1]}")

    def __str__(self) -> str:
        version = f" {self.version}" if self.version else ""
        parts = (f"{EQUALS}{version}", self.source, DASHES, self.error, DASHES, self.payload)
        return "".join(f"{part}\n" for part in parts if part)


def read_table() -> Iterator[Case]:
    """Every case of the table."""
    for part in TABLE.read_text("utf-8").split(EQUALS)[1:]:
        version, _, rest = part.partition("\n")
        source, error, payload = rest.split(f"{DASHES}\n")
        yield Case(version.strip(), source.rstrip("\n"), error.rstrip("\n"), payload.strip())


def current(case: Case) -> Case:
    """The case with the current message and payload."""
    with pytest.raises(QueryError) as caught:
        run(case.source)
    error = caught.value
    payload = ""
    if error.suggested_edit is not None:
        payload = json.dumps(built(run(corrected(case.source, error))), ensure_ascii=False)
    return attrs.evolve(case, error=f"{type(error).__name__}: {error}", payload=payload)


@functools.cache
def client() -> Client:
    """A client of an account with fifty leads."""
    return Client("api.example.com", "key", "secret", Emulator.demo(50).session())


def variables() -> dict[str, Any]:
    """The variables that the cases use."""
    low, web = fields.Score < 5, fields.Source == "Web"
    return {
        **{name: getattr(fields, name) for name in dir(fields)},
        "leadquery": leadquery,
        "Leads": Leads,
        "fields": fields,
        "users": users,
        "count": count,
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
        "emulated": client(),
    }


def run(source: str, file: str = FILE, *, readable: bool = True) -> dict[str, Any]:
    """The variables after running source code from a file, which can be read if `readable`."""
    scope = {"__name__": "report", **variables()}
    lines = source.splitlines(keepends=True) if readable else []
    linecache.cache[file] = len(source), None, lines, file
    with warnings.catch_warnings():
        # Python itself warns of some misuse.
        warnings.simplefilter("ignore", SyntaxWarning)
        code = compile(source, file, "exec")
    exec(code, scope)  # noqa: S102 - the table's own sources.
    return scope


def corrected(source: str, error: QueryError) -> str:
    """Source code with the suggested edit applied."""
    edit = error.suggested_edit
    assert edit is not None

    lines = source.split("\n")
    lines[edit.first - 1 : edit.last] = edit.text.split("\n")
    return "\n".join(lines)


def built(scope: dict[str, Any]) -> Any:
    """The payload of the query that source code built, without default output and page.

    A query of several requests is its source. A result that is no query, such as a number of leads,
    is returned as it is.
    """
    if "condition" in scope:
        return built({"query": Leads.where(scope["condition"])})
    if "query" not in scope:
        answer = scope.get("answer")
        return repr(answer) if isinstance(answer, CompoundPredicate) else answer
    query = scope["query"]
    if isinstance(query, dict):
        return query
    finish = {"LeadSet": lambda: query.select("Phone"), "GroupedLeads": lambda: query.count()}  # noqa: PLW0108 - others have none
    finished = finish.get(type(query).__name__, lambda: query)()
    if isinstance(finished, Query) and not finished.is_one_request:
        return repr(finished)
    payload = finished.to_payload()
    if type(query).__name__ == "LeadSet":
        del payload["Output"]
    if payload.get("Paging") == {"PageIndex": 1, "PageSize": 100}:
        del payload["Paging"]
    return payload
