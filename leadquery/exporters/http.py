"""The .http (or .rest) files that editors send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.exporters.templating import comment, one_line, plain_json, render

HEAD: Final = """\
# Variables of your editor: host, such as api.example.com; ⟨access⟩ and ⟨secret⟩, with what is no
# letter or digit in them written as %XX, for they stand in the URL.
@scheme = https
"""

# A blank line parts the head of a request from its body.
REQUEST: Final = """
### ⟨name⟩
⟨comment⟩⟨METHOD⟩ {{scheme}}://{{host}}⟨PATH⟩?⟨access⟩={{⟨access⟩}}&⟨secret⟩={{⟨secret⟩}}&⟨format⟩=⟨answer⟩
Content-Type: ⟨CONTENT_TYPE⟩

⟨body⟩
"""


def _write(sent: Sequence[ExportRequest]) -> str:
    return "".join([render(HEAD, sent[0]), *map(_request, sent)])


def _request(sending: ExportRequest) -> str:
    own = {
        "name": one_line(sending.name),
        "comment": comment(sending, "#"),
        "body": plain_json(sending.payload),
    }
    return render(REQUEST, sending, **own)


EXPORTER: Final = Exporter(
    name="http",
    title=".http and .rest files of editors",
    suffix=".http",
    write=_write,
    writer="none is kept for Python; the format is a request line, headers and the body",
    several=True,
)
