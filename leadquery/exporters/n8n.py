"""n8n: nodes that are pasted onto the canvas of a workflow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from leadquery.exporters.base import (
    PAGING,
    PAUSE,
    TIMEOUT,
    Exporter,
    ExportRequest,
    ascii_json,
    brace_safe_json,
    render,
)
from leadquery.wire.enums import METHOD, RESPONSE_FORMAT, SECONDS
from leadquery.wire.types import Json

VERSION: Final = 4.2
"""The version of the node: that of 2024, which later versions of n8n have too."""

DISTANCE: Final = 200
"""Pixels from one node to the next."""

HOST: Final = "https://api.example.com"
"""To be replaced on the canvas: n8n 2 does not let expressions read the environment."""

NOTES: Final = """\
⟨description⟩Write the API host of the account into the URL, and choose a credential of type \
Custom Auth: {"qs": {"⟨access⟩": "…", "⟨secret⟩": "…"}}"""

# `$pageCount` is the number of pages that were read. A body without rows may be an error, whose
# total is missing: then neither comparison is true, and the loop ends.
NEXT_PAGE: Final = "={{ { ⟨INDEX⟩: $pageCount + 1, ⟨SIZE⟩: ⟨size⟩ } }}"
LAST_PAGE_OF_JSON: Final = (
    "={{ !($response.body?.⟨ROWS⟩?.length > 0)"
    " && !($pageCount * ⟨size⟩ < $response.body?.⟨TOTAL⟩) }}"
)
LAST_PAGE_OF_CSV: Final = r"={{ !/\n[^]/.test($response.body) }}"
"""CSV has no total: the first page with only a header is the end."""


def _write(requests: Sequence[ExportRequest]) -> str:
    nodes = [_node(request, number) for number, request in enumerate(requests)]
    return f"{ascii_json({'nodes': nodes, 'connections': {}})}\n"


def _node(request: ExportRequest, number: int) -> Json:
    description = f"{request.description}\n" if request.description else ""
    return {
        "parameters": {
            "method": METHOD,
            "url": f"{HOST}{request.path}",
            "authentication": "genericCredentialType",
            "genericAuthType": "httpCustomAuth",
            "sendQuery": True,
            "queryParameters": {
                "parameters": [{"name": RESPONSE_FORMAT, "value": request.response_format.value}]
            },
            "sendBody": True,
            "specifyBody": "json",
            "jsonBody": brace_safe_json(request.payload),
            "options": _options(request),
        },
        "id": str(uuid5(NAMESPACE_URL, ascii_json([number, request.name]))),
        "name": request.name,
        "type": "n8n-nodes-base.httpRequest",
        "typeVersion": VERSION,
        "position": [0, number * DISTANCE],
        "retryOnFail": True,
        "waitBetweenTries": SECONDS * 1000,
        "notes": render(NOTES, request, description=description),
        "notesInFlow": True,
    }


def _options(request: ExportRequest) -> Json:
    options: Json = {
        "redirect": {"redirect": {"followRedirects": False}},
        "response": {"response": {"responseFormat": "text" if request.is_csv else "json"}},
        "timeout": TIMEOUT * 1000,
    }
    if request.all_pages:
        last = LAST_PAGE_OF_CSV if request.is_csv else LAST_PAGE_OF_JSON
        next_page = {"type": "body", "name": PAGING, "value": render(NEXT_PAGE, request)}
        options["pagination"] = {
            "pagination": {
                "paginationMode": "updateAParameterInEachRequest",
                "parameters": {"parameters": [next_page]},
                "paginationCompleteWhen": "other",
                "completeExpression": render(last, request),
                "requestInterval": round(PAUSE * 1000),
            }
        }
    return options


N8N: Final = Exporter(
    name="n8n",
    title="n8n: nodes to paste onto the canvas",
    suffix=".n8n.json",
    write=_write,
    written_by="Python's `json`",
    loops=True,
    several=True,
)
