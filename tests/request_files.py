"""Files of requests for the tests: each kind of file with a body in it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Iterable
from functools import partial
from textwrap import indent
from typing import Any

from leadquery.lint.checked_file import CheckedFile, CheckedPayload, check_file
from leadquery.lint.fixes import Replacement, replace
from leadquery.lint.request_files import RequestFile, read_requests

ACCESS = "u$rACCESS1234"
SECRET = "SECRET5678"  # noqa: S105 - it is one that must not be shown.

URL = (
    "https://api-in21.leadsquared.com/Leads/LeadDistribution/FilterByLeadField"
    f"?accessKey={ACCESS}&secretKey={SECRET}&responseformat=JSON"
)

OTHER_URL = f"https://api.leadsquared.com/v2/LeadManagement.svc/Leads.Get?accessKey={ACCESS}"


def postman_request(body: str, url: str = URL) -> dict[str, Any]:
    return {
        "method": "POST",
        "header": [{"key": "Content-Type", "value": "application/json"}],
        "url": {"raw": url, "query": [{"key": "secretKey", "value": SECRET}]},
        "body": {"mode": "raw", "raw": body, "options": {"raw": {"language": "json"}}},
    }


def postman(*bodies: str) -> dict[str, Any]:
    """A collection with a folder of requests, and one for another API."""
    items = [
        {"name": f"Report {number}", "request": postman_request(body), "response": []}
        for number, body in enumerate(bodies, 1)
    ]
    other = {"name": "Leads.Get", "request": postman_request('{"Parameter": {}}', OTHER_URL)}
    return {
        "info": {
            "name": "LeadSquared",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [{"name": "Reports", "item": items}, other],
        "variable": [{"key": "secretKey", "value": SECRET}],
    }


def har(*bodies: str) -> dict[str, Any]:
    entries = [
        {"request": {"method": "POST", "url": URL, "postData": {"mimeType": "x", "text": body}}}
        for body in bodies
    ]
    return {"log": {"version": "1.2", "entries": entries}}


def n8n(*bodies: str) -> dict[str, Any]:
    nodes = [
        {
            "name": f"Ask {number}",
            "type": "n8n-nodes-base.httpRequest",
            "parameters": {
                "method": "POST",
                "url": URL,
                "sendBody": True,
                "specifyBody": "json",
                "jsonBody": body,
            },
        }
        for number, body in enumerate(bodies, 1)
    ]
    return {"nodes": [{"name": "Start", "parameters": {}}, *nodes], "connections": {}}


def n8n_1(*bodies: str) -> dict[str, Any]:
    flow = n8n(*bodies)
    for node in flow["nodes"][1:]:
        parameters = node["parameters"]
        node["parameters"] = {
            "url": parameters["url"],
            "jsonParameters": True,
            "bodyParametersJson": parameters["jsonBody"],
        }
    return flow


def insomnia(*bodies: str) -> dict[str, Any]:
    resources = [
        {"_type": "request", "name": "Ask", "url": URL, "body": {"text": body}} for body in bodies
    ]
    return {"_type": "export", "resources": [{"_type": "workspace"}, *resources]}


def postman_1(*bodies: str) -> dict[str, Any]:
    requests = [{"name": "Ask", "url": URL, "rawModeData": body} for body in bodies]
    return {"id": "1", "requests": requests}


DOCUMENTS: dict[str, Callable[..., Any]] = {
    "postman": postman,
    "postman of its API": lambda *bodies: {"collection": postman(*bodies)},
    "postman 1": postman_1,
    "har": har,
    "n8n": n8n,
    "n8n 1": n8n_1,
    "n8n list": lambda *bodies: [n8n(*bodies)],
    "n8n expression": lambda *bodies: n8n(*(f"={body}" for body in bodies)),
    "insomnia": insomnia,
}


def curl_single(body: str) -> str:
    return (
        f"curl --location '{URL}' \\\n  -H 'Content-Type: application/json' \\\n"
        f"  --data-raw {shlex.quote(body)}\n"
    )


def curl_attached(body: str) -> str:
    return f"$ curl -sSXPOST '{URL}' -d{shlex.quote(body)} --compressed"


def curl_double(body: str) -> str:
    escaped = re.sub(r'([\\"$`])', r"\\\1", body)
    return f'curl "{URL.replace("$", chr(92) + "$")}" --json "{escaped}"\n'


def curl_ansi(body: str) -> str:
    """As browsers copy a body with quotes."""
    escaped = body.replace("\\", "\\\\").replace("'", "\\'")
    escaped = escaped.replace("\n", "\\n").replace("\r", "\\r")
    escaped = re.sub(r"[^\x20-\x7e]", _ansi_escape, escaped)
    return f"curl '{URL}' \\\n  --data-raw $'{escaped}' ;\n"


def _ansi_escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def curl_document(body: str) -> str:
    return f"curl '{URL}' -d @- <<'END'\n{body}\nEND\n"


def curl_expanded_document(body: str) -> str:
    escaped = re.sub(r"([\\$`])", r"\\\1", body)
    return f"curl '{URL}' --data @- <<END\n{escaped}\nEND\n"


def curl_carets(body: str) -> str:
    """As browsers copy it for the command line of Windows."""
    return f"curl ^{_carets(URL)} ^\n  -H ^{_carets('A: b')} ^\n  --data-raw ^{_carets(body)}\n"


def _carets(text: str) -> str:
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', text)
    escaped = re.sub(r"[^a-zA-Z0-9\s_:=+~'/.,?;()*`-]", r"^\g<0>", escaped)
    return '"' + re.sub(r"\r?\n", "^\n\n", escaped) + '^"'


def curl_doubled(body: str) -> str:
    """As older browsers copy it for Windows, on one line."""
    return f'curl "{URL}" --data "{body.replace(chr(34), chr(34) * 2)}"\n'


def curl_cmd(body: str) -> str:
    """As people write it for the command line of Windows, in lines; the body is one line."""
    escaped = re.sub(r'(\\*)"', r'\1\1\\"', body)
    return f'curl -X POST "{URL}" ^\n  -H "A: b" ^\n  -d "{escaped}"\n'


def curl_powershell(body: str) -> str:
    """As people write it for PowerShell."""
    return f"curl.exe -X POST '{URL}' `\n  -H 'A: b' `\n  -d '{body}'\n"


def bruno(body: str, mode: str = "json", url: str = URL) -> str:
    """A file as Bruno writes it."""
    return (
        "meta {\n  name: Hot leads\n  type: http\n  seq: 1\n}\n\n"
        f"post {{\n  url: {url}\n  body: {mode}\n  auth: none\n}}\n\n"
        f"headers {{\n  A: b\n}}\n\nbody:{mode} {{\n{indent(body, '  ', lambda _: True)}\n}}\n\n"
        "docs {\n  curl 'https://example.com'\n}\n"
    )


def http(body: str, url: str = URL) -> str:
    """A file as editors have them, with a request before and a script after it."""
    return (
        "@host = example.com\n# All leads\nGET https://{{host}}/users HTTP/1.1\n\n"
        f"### Hot leads\n// asks for them\nPOST {url} HTTP/1.1\n"
        f"Content-Type: application/json\nX-Key: {{{{key}}}}\n\n{body}\n\n"
        "> {% client.log(response.body); %}\n### end\n"
    )


COMMANDS: dict[str, Callable[[str], str]] = {
    "single quotes": curl_single,
    "attached": curl_attached,
    "double quotes": curl_double,
    "ANSI quotes": curl_ansi,
    "document": curl_document,
    "expanded document": curl_expanded_document,
    "carets": curl_carets,
}


def document(kind: str, *bodies: str, **options: Any) -> str:
    """A file of requests in JSON."""
    return json.dumps(DOCUMENTS[kind](*bodies), **options)


WRITERS: dict[str, Callable[[str], str]] = {
    **{kind: partial(document, kind) for kind in DOCUMENTS},
    **COMMANDS,
    "doubled quotes": curl_doubled,
    "cmd": curl_cmd,
    "PowerShell": curl_powershell,
    "bruno": bruno,
    "http": http,
}
"""How each kind of file is written around a body."""


def read(text: str) -> RequestFile:
    """The requests in a file."""
    file = read_requests(text.encode())
    assert file is not None
    return file


def places(file: RequestFile) -> list[tuple[str, tuple[int, int]]]:
    """The text of each body, and where it is written."""
    texts = [one.text for one in file.bodies if one.text]
    return [(text.text, text.span(0, len(text.text))) for text in texts]


def checked(text: str) -> CheckedFile:
    """A file of requests with the reports on its bodies."""
    return check_file("requests.txt", text, read(text))


def checked_body(text: str) -> CheckedPayload:
    """The only body of a file that can be checked."""
    [payload] = checked(text).payloads
    assert payload.note == ""
    return payload


def replaced(file: RequestFile, parts: Iterable[Replacement]) -> str:
    """The text of a file with one body in which some parts are replaced."""
    [body] = file.bodies
    assert body.text is not None
    return replace(file.text, map(body.text.written_replacement, parts))
