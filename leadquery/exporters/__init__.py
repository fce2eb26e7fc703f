"""Exporters write a query as another client sends it: curl, Postman, a script and so on.

Start reading at `export`, which `Query.to_request` calls, and at `Exporter` in `base`. Scripts have
a module for each client, `documents` and `api_clients` have the rest. A new exporter is a row in
`EXPORTERS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from leadquery._util.text import closest_match
from leadquery.errors import QueryError
from leadquery.exporters.api_clients import BRUNO, INSOMNIA, POSTMAN
from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.curl import CURL
from leadquery.exporters.documents import HAR, HTTP, JSON, N8N, SCHEMA
from leadquery.exporters.javascript import JAVASCRIPT
from leadquery.exporters.openapi import OPENAPI
from leadquery.exporters.php import PHP
from leadquery.exporters.powershell import POWERSHELL
from leadquery.exporters.python import HTTPX, PYTHON
from leadquery.wire.enums import ResponseFormat

if TYPE_CHECKING:
    from leadquery.query.query import Query

EXPORTERS: Final = {
    exporter.name: exporter
    for exporter in (
        JSON,
        CURL,
        HTTP,
        PYTHON,
        HTTPX,
        JAVASCRIPT,
        PHP,
        POWERSHELL,
        HAR,
        POSTMAN,
        INSOMNIA,
        BRUNO,
        N8N,
        OPENAPI,
        SCHEMA,
    )
}
NAMES: Final = tuple(EXPORTERS)
SCRIPTS: Final = tuple(name for name, exporter in EXPORTERS.items() if exporter.script)
"""The exporters that write a command, and a script as their longer form."""


def export(
    query: Query, exporter: str, response_format: str, *, all_pages: bool, script: bool
) -> str:
    """The document that a client takes for a query."""
    chosen = get_exporter(exporter, script=script)
    request = ExportRequest.of(query, response_format=parse_response_format(response_format))
    return chosen.export([request.with_all_pages() if all_pages else request])


def get_exporter(name: str, *, script: bool = False) -> Exporter:
    """The exporter of that name, or the one for its script. Raises QueryError if there is none.

    >>> get_exporter("curl").suffix
    '.sh'
    """
    if name in NAMES:
        chosen = EXPORTERS[name]
        if script and chosen.script is None:
            raise QueryError(f"{name} has no other form; a script is for {', '.join(SCRIPTS)}")
        return chosen.script if script and chosen.script else chosen
    names = {known: known for known in NAMES}
    match = closest_match(name, names) if isinstance(name, str) else None
    hint = f"did you mean {match!r}?" if match else f"write one of {', '.join(NAMES)}"
    raise QueryError(f"there is no exporter {name!r}; {hint}")


def parse_response_format(name: str) -> ResponseFormat:
    """The response format of that name. Raises QueryError if there is none."""
    for response_format in ResponseFormat:
        if isinstance(name, str) and name.upper() == response_format.value:
            return response_format
    known = " or ".join(repr(known.value.lower()) for known in ResponseFormat)
    raise QueryError(f"there is no response format {name!r}; write {known}")
