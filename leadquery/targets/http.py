"""The .http (or .rest) files that editors send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from leadquery.targets.target import Sending, Target
from leadquery.targets.texts import comment, filled, one_line, plain_json

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


def _write(sent: Sequence[Sending]) -> str:
    return "".join([filled(HEAD, sent[0]), *map(_request, sent)])


def _request(sending: Sending) -> str:
    own = {
        "name": one_line(sending.name),
        "comment": comment(sending, "#"),
        "body": plain_json(sending.payload),
    }
    return filled(REQUEST, sending, **own)


TARGET: Final = Target(
    name="http",
    title=".http and .rest files of editors",
    suffix=".http",
    write=_write,
    writer="none is kept for Python; the format is a request line, headers and the body",
    several=True,
)
