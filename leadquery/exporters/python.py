"""Python with requests or httpx."""

from __future__ import annotations

from typing import Final

from leadquery._util.text import quote
from leadquery.exporters.base import (
    Exporter,
    ExportRequest,
    LiteralSyntax,
    ResponseCode,
    ScriptTemplate,
    script_exporter,
)

TEMPLATE: Final = ScriptTemplate(
    comment_mark="#",
    # The comment comes late, since Python reads "coding:" in the first two lines as a declaration.
    frame="""\
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
    "⟨format⟩": "⟨response_format⟩",
}
⟨comment⟩payload = ⟨payload⟩


# A redirect may repeat the URL, which holds the keys.
def refuse(response):
    text = "" if 300 <= response.status_code < 400 else f": {response.text}"
    sys.exit(f"status {response.status_code}{text}")


def ask():
    # Do not show the URL in any error: it holds the keys.
    try:
        response = ⟨client⟩.post(
            f"{origin}⟨PATH⟩",
            params=parameters,
            ⟨body⟩=json.dumps(payload),
            # A compressed response that breaks off would look complete.
            headers={"Content-Type": "⟨CONTENT_TYPE⟩", "Accept-Encoding": "identity"},
            timeout=⟨TIMEOUT⟩,
            ⟨redirects⟩=False,
        )
    except Exception as error:
        sys.exit(f"no response: {type(error).__name__}")
⟨check⟩

⟨calls⟩""",
    json=ResponseCode(
        check="""\
    try:
        result = response.json()
    except ValueError:
        result = None
    # Some errors have status 200.
    if response.status_code != 200 or not isinstance(result, dict):
        refuse(response)
    # Without any rows, the list may be missing.
    if not isinstance(result.get("⟨ROWS⟩"), list) and str(result.get("⟨TOTAL⟩")) != "0":
        refuse(response)
    return result
""",
        one_page="print(json.dumps(ask(), indent=2))\n",
        all_pages="""\
page = 1
rows = []
total = "0"
while True:
    payload["⟨PAGING⟩"]["⟨INDEX⟩"] = page
    result = ask()
    found = result.get("⟨ROWS⟩") or []
    rows += found
    # After the last page, the total is 0.
    if int(result["⟨TOTAL⟩"]) != 0:
        total = result["⟨TOTAL⟩"]
    is_last = page * payload["⟨PAGING⟩"]["⟨SIZE⟩"] >= int(total)
    if len(rows) >= int(total) or (not found and is_last):
        break
    page += 1
    time.sleep(⟨PAUSE⟩)  # At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
print(json.dumps({"⟨TOTAL⟩": total, "⟨ROWS⟩": rows}, indent=2))
""",
    ),
    csv=ResponseCode(
        check="""\
    kind = response.headers.get("Content-Type", "")
    if response.status_code != 200 or not kind.startswith("⟨CSV⟩"):
        refuse(response)
    return response.content
""",
        one_page="sys.stdout.buffer.write(ask())\n",
        all_pages="""\
page = 1
while True:
    payload["⟨PAGING⟩"]["⟨INDEX⟩"] = page
    header, line_end, rows = ask().partition(b"\\n")
    if page == 1:
        sys.stdout.buffer.write(header + line_end)
    # CSV has no total: the first page with only a header is the end.
    if not rows:
        break
    sys.stdout.buffer.write(rows if rows.endswith(b"\\n") else rows + b"\\n")
    page += 1
    time.sleep(⟨PAUSE⟩)  # At most ⟨CALLS⟩ calls in ⟨SECONDS⟩ seconds.
""",
    ),
)

SYNTAX: Final = LiteralSyntax(
    text=quote,
    braces=("{", "}"),
    brackets=("[", "]"),
    key_separator=": ",
    entry_end=",",
    last_item_end=",",
    empty="{}",
    constants=("None", "False", "True"),
)


def _exporter(name: str, written_by: str, **client: str) -> Exporter:
    """The exporter for an HTTP client: its module, and its names for two arguments."""

    def parts(request: ExportRequest) -> dict[str, str]:
        time = "import time\n" if request.all_pages else ""
        return {"time": time, "payload": SYNTAX.literal(request.payload), **client}

    return script_exporter(
        name=name,
        title=f"Python with {client['client']}",
        suffix=".py",
        template=TEMPLATE,
        parts=parts,
        written_by=written_by,
    )


PYTHON: Final = _exporter(
    "python",
    "leadquery itself, as in `to_python()`",
    client="requests",
    body="data",
    redirects="allow_redirects",
)
HTTPX: Final = _exporter(
    "httpx",
    "leadquery itself, as in `to_python()`",
    client="httpx",
    body="content",
    redirects="follow_redirects",
)
