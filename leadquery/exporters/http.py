"""The .http and .rest files of editors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import brace_safe_json, comment, comment_text, render

HEADER: Final = """\
# Set these variables in your editor: host, such as api.example.com; ⟨access⟩ and ⟨secret⟩. They
# are part of the URL: write all but letters and digits in them as %XX.
@scheme = https
"""

# A blank line separates the headers of a request from its body.
REQUEST: Final = """
### ⟨name⟩
⟨comment⟩⟨METHOD⟩ {{scheme}}://{{host}}⟨PATH⟩?⟨access⟩={{⟨access⟩}}&⟨secret⟩={{⟨secret⟩}}&⟨format⟩=⟨response_format⟩
Content-Type: ⟨CONTENT_TYPE⟩

⟨body⟩
"""


def _write(requests: Sequence[ExportRequest]) -> str:
    return "".join([render(HEADER, requests[0]), *map(_request, requests)])


def _request(request: ExportRequest) -> str:
    return render(
        REQUEST,
        request,
        name=comment_text(request.name),
        comment=comment(request, "#"),
        body=brace_safe_json(request.payload),
    )


HTTP: Final = Exporter(
    name="http",
    title=".http and .rest files of editors",
    suffix=".http",
    write=_write,
    written_by="leadquery itself: a request line, headers and the body",
    several=True,
)
