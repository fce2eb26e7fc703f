"""Documents of requests: the body alone, .http files, HAR, a JSON Schema, and nodes of n8n.

Only n8n reads all pages by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5

from leadquery.errors import missing_dependency_error
from leadquery.exporters.base import (
    PAGING,
    PAUSE,
    TIMEOUT,
    Exporter,
    ExportRequest,
    ascii_json,
    brace_safe_json,
    comment,
    comment_text,
    render,
    yaml_safe_json,
)
from leadquery.wire.enums import (
    ACCESS_KEY,
    CONTENT_TYPE,
    METHOD,
    RESPONSE_FORMAT,
    SECONDS,
    SECRET_KEY,
)
from leadquery.wire.json_schema import schema
from leadquery.wire.types import Json

if TYPE_CHECKING:
    import harfile


def _write_body(requests: Sequence[ExportRequest]) -> str:
    return f"{ascii_json(requests[0].payload)}\n"


def _write_schema(requests: Sequence[ExportRequest]) -> str:
    examples = [request.payload for request in requests]
    return f"{yaml_safe_json({**schema(), 'examples': examples})}\n"


JSON: Final = Exporter(
    name="json",
    title="the body alone: webhooks, macros",
    suffix=".json",
    write=_write_body,
    written_by="Python's `json`",
    has_url=False,
    has_comment=False,
)

SCHEMA: Final = Exporter(
    name="schema",
    title="JSON Schema, draft 2020-12: editors, validators, code generators",
    suffix=".schema.json",
    write=_write_schema,
    written_by="leadquery itself, from its model of the request, and `json`",
    several=True,
    has_url=False,
    has_comment=False,
)

HTTP_HEADER: Final = """\
# Set these variables in your editor: host, such as api.example.com; ⟨access⟩ and ⟨secret⟩. They
# are part of the URL: write all but letters and digits in them as %XX.
@scheme = https
"""

# A blank line separates the headers of a request from its body.
HTTP_REQUEST: Final = """
### ⟨name⟩
⟨comment⟩⟨METHOD⟩ {{scheme}}://{{host}}⟨PATH⟩?⟨access⟩={{⟨access⟩}}&⟨secret⟩={{⟨secret⟩}}&⟨format⟩=⟨response_format⟩
Content-Type: ⟨CONTENT_TYPE⟩

⟨body⟩
"""


def _write_http(requests: Sequence[ExportRequest]) -> str:
    return "".join([render(HTTP_HEADER, requests[0]), *map(_http_request, requests)])


def _http_request(request: ExportRequest) -> str:
    return render(
        HTTP_REQUEST,
        request,
        name=comment_text(request.name),
        comment=comment(request, "#"),
        body=brace_safe_json(request.payload),
    )


HTTP: Final = Exporter(
    name="http",
    title=".http and .rest files of editors",
    suffix=".http",
    write=_write_http,
    written_by="leadquery itself: a request line, headers and the body",
    several=True,
)

HAR_TIME: Final = "1970-01-01T00:00:00Z"
"""HAR records when each call was made; these calls are not made yet."""


def url_parameters(request: ExportRequest) -> dict[str, str]:
    """The parameters of the URL, with variables for the keys."""
    keys = {name: f"{{{{{name}}}}}" for name in (ACCESS_KEY, SECRET_KEY)}
    return {**keys, RESPONSE_FORMAT: request.response_format.value}


def url_of(scheme: str, request: ExportRequest) -> str:
    query = "&".join(f"{name}={value}" for name, value in url_parameters(request).items())
    return f"{scheme}{{{{host}}}}{request.path}?{query}"


def _write_har(requests: Sequence[ExportRequest]) -> str:
    try:
        import harfile
    except ImportError:
        raise missing_dependency_error("--as har", "harfile", extra="har") from None
    from importlib.metadata import version

    text = StringIO()
    creator = harfile.Creator("leadquery", version("leadquery"))
    with harfile.HarFile.open(text, creator=creator) as har:
        for request in requests:
            _add_har_entry(har, request)
    return f"{text.getvalue()}\n"


def _add_har_entry(har: harfile.HarFile, request: ExportRequest) -> None:
    import harfile

    body = brace_safe_json(request.payload)
    parameters = url_parameters(request)
    har.add_entry(
        startedDateTime=HAR_TIME,
        time=0,
        request=harfile.Request(
            method=METHOD,
            url=url_of("https://", request),
            httpVersion="HTTP/1.1",
            headers=[harfile.Record("Content-Type", CONTENT_TYPE)],
            queryString=[harfile.Record(name, value) for name, value in parameters.items()],
            postData=harfile.PostData(CONTENT_TYPE, text=body),
            bodySize=len(body),
        ),
        response=harfile.Response(
            status=0,
            statusText="",
            httpVersion="HTTP/1.1",
            content=harfile.Content(size=0, mimeType=""),
        ),
        timings=harfile.Timings(send=0, wait=0, receive=0),
        comment=comment_text(": ".join(filter(None, (request.name, request.description)))),
    )


HAR: Final = Exporter(
    name="har",
    title="HAR 1.2, for what imports it",
    suffix=".har",
    write=_write_har,
    written_by="harfile, from the extra `har`",
    several=True,
)


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
