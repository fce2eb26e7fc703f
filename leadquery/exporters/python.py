"""Python with requests."""

from __future__ import annotations

from typing import Final

from leadquery._util.text import quote
from leadquery.exporters.base import Exporter, ExportRequest, single
from leadquery.exporters.literals import LiteralSyntax
from leadquery.exporters.scripts import ScriptTemplate

NOTATION: Final = LiteralSyntax(quote, "{", "}", ": ", ",", ("[", "]"), ",", "{}")

# In the first two lines, Python would take "coding:" in a comment at its word.
FRAME: Final = """\
import json
import os
import sys
⟨time⟩
import ⟨client⟩


def variable(name):
    value = os.environ.get(name, "").strip()
    return value or sys.exit(f"the environment lacks {name}")


host = variable("⟨HOST⟩").rstrip("/")
origin = host if "://" in host else f"https://{host}"
parameters = {
    "⟨access⟩": variable("⟨ACCESS⟩"),
    "⟨secret⟩": variable("⟨SECRET⟩"),
    "⟨format⟩": "⟨answer⟩",
}
⟨comment⟩payload = ⟨payload⟩


# What a redirect says may repeat the URL, which holds the keys.
def refuse(response):
    text = "" if 300 <= response.status_code < 400 else f": {response.text}"
    sys.exit(f"status {response.status_code}{text}")


def ask():
    # No error may show the URL, whatever the error is.
    try:
        response = ⟨client⟩.post(
            f"{origin}⟨PATH⟩",
            params=parameters,
            ⟨body⟩=json.dumps(payload),
            headers={"Content-Type": "⟨CONTENT_TYPE⟩"},
            timeout=⟨TIMEOUT⟩,
            ⟨redirects⟩=False,
        )
    except Exception as error:
        sys.exit(f"no answer: {type(error).__name__}")
⟨answered⟩

⟨calls⟩"""

ANSWERED: Final = """\
    try:
        answer = response.json()
    except ValueError:
        answer = None
    # Some errors come with status 200.
    if response.status_code != 200 or not isinstance(answer, dict) or "⟨ROWS⟩" not in answer:
        refuse(response)
    return answer
"""

ANSWERED_CSV: Final = """\
    kind = response.headers.get("Content-Type", "")
    if response.status_code != 200 or not kind.startswith("⟨CSV⟩"):
        refuse(response)
    return response.content
"""

ONCE: Final = "print(json.dumps(ask(), indent=2))\n"

ONCE_CSV: Final = "sys.stdout.buffer.write(ask())\n"

PAGES: Final = """\
page = 1
rows = []
while True:
    payload["⟨PAGING⟩"]["⟨INDEX⟩"] = page
    answer = ask()
    rows += answer["⟨ROWS⟩"]
    if not answer["⟨ROWS⟩"] or len(rows) >= int(answer["⟨TOTAL⟩"]):
        break
    page += 1
    time.sleep(⟨PAUSE⟩)  # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
print(json.dumps({"⟨TOTAL⟩": answer["⟨TOTAL⟩"], "⟨ROWS⟩": rows}, indent=2))
"""

PAGES_CSV: Final = """\
page = 1
while True:
    payload["⟨PAGING⟩"]["⟨INDEX⟩"] = page
    header, line_end, rows = ask().partition(b"\\n")
    if page == 1:
        sys.stdout.buffer.write(header + line_end)
    # The page behind the last one is its header alone.
    if not rows.strip():
        break
    sys.stdout.buffer.write(rows if rows.endswith(b"\\n") else rows + b"\\n")
    page += 1
    time.sleep(⟨PAUSE⟩)  # ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds at most.
"""

SCRIPT: Final = ScriptTemplate(
    FRAME, "#", json=(ANSWERED, ONCE, PAGES), csv=(ANSWERED_CSV, ONCE_CSV, PAGES_CSV)
)


def exporter(name: str, writer: str, *, client: str, **own: str) -> Exporter:
    """The target of one of the clients of Python."""

    def write(sending: ExportRequest) -> str:
        time = "import time\n" if sending.every_page else ""
        payload = NOTATION.literal(sending.payload)
        return SCRIPT.text(sending, client=client, time=time, payload=payload, **own)

    return Exporter(
        name=name,
        title=f"Python with {client}",
        suffix=".py",
        write=single(write),
        writer=writer,
        loops=True,
    )


EXPORTER: Final = exporter(
    "python",
    "leadquery's own literals, as in `to_python()`",
    client="requests",
    body="data",
    redirects="allow_redirects",
)
