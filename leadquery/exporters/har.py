"""HAR 1.2, which many clients import."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from io import StringIO
from typing import TYPE_CHECKING, Final

from leadquery.errors import QueryError
from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import one_line, plain_json, render
from leadquery.wire.protocol import ACCESS_KEY, CONTENT_TYPE, METHOD, SECRET_KEY

if TYPE_CHECKING:
    import harfile


NEVER: Final = "1970-01-01T00:00:00Z"
"""HAR is a record of calls, and asks when each was made: this one has yet to be."""

URL: Final = "https://{{host}}⟨PATH⟩?⟨access⟩={{⟨access⟩}}&⟨secret⟩={{⟨secret⟩}}&⟨format⟩=⟨answer⟩"


def _write(sent: Sequence[ExportRequest]) -> str:
    try:
        import harfile
    except ImportError:
        raise QueryError("har needs the package harfile; install 'leadquery[har]'") from None
    text = StringIO()
    creator = harfile.Creator("leadquery", version("leadquery"))
    with harfile.HarFile.open(text, creator=creator) as har:
        for one in sent:
            _add(har, one)
    return f"{text.getvalue()}\n"


def _add(har: harfile.HarFile, sending: ExportRequest) -> None:
    import harfile

    body = plain_json(sending.payload)
    keys = {name: f"{{{{{name}}}}}" for name in (ACCESS_KEY, SECRET_KEY)}
    parameters = {**keys, render("⟨format⟩", sending): sending.response.value}
    har.add_entry(
        startedDateTime=NEVER,
        time=0,
        request=harfile.Request(
            method=METHOD,
            url=render(URL, sending),
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
        comment=one_line(": ".join(filter(None, (sending.name, sending.sentence)))),
    )


EXPORTER: Final = Exporter(
    name="har",
    title="HAR 1.2, for what imports it",
    suffix=".har",
    write=_write,
    writer="harfile, from the extra `har`",
    several=True,
)
