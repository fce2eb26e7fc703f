"""HAR 1.2, which many clients import."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from typing import TYPE_CHECKING, Final

from leadquery.errors import QueryError
from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import brace_safe_json, comment_text, render
from leadquery.wire.enums import ACCESS_KEY, CONTENT_TYPE, METHOD, RESPONSE_FORMAT, SECRET_KEY

if TYPE_CHECKING:
    import harfile


NEVER: Final = "1970-01-01T00:00:00Z"
"""HAR records when each call was made; these calls are not made yet."""

URL: Final = (
    "https://{{host}}⟨PATH⟩?⟨access⟩={{⟨access⟩}}&⟨secret⟩={{⟨secret⟩}}&⟨format⟩=⟨response_format⟩"
)


def _write(requests: Sequence[ExportRequest]) -> str:
    try:
        import harfile
    except ImportError:
        raise QueryError("har needs the package harfile; install 'leadquery[har]'") from None
    from importlib.metadata import version

    text = StringIO()
    creator = harfile.Creator("leadquery", version("leadquery"))
    with harfile.HarFile.open(text, creator=creator) as har:
        for request in requests:
            _add(har, request)
    return f"{text.getvalue()}\n"


def _add(har: harfile.HarFile, request: ExportRequest) -> None:
    import harfile

    body = brace_safe_json(request.payload)
    parameters = {name: f"{{{{{name}}}}}" for name in (ACCESS_KEY, SECRET_KEY)}
    parameters[RESPONSE_FORMAT] = request.response_format.value
    har.add_entry(
        startedDateTime=NEVER,
        time=0,
        request=harfile.Request(
            method=METHOD,
            url=render(URL, request),
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
    write=_write,
    written_by="harfile, from the extra `har`",
    several=True,
)
