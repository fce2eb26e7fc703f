"""Independent HTTP clients: curl, Node's fetch, Python's http.client."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from attrs import frozen


@frozen
class ReceivedResponse:
    """What a client received: the status, the headers by lower-case name, and the body.

    `whole` is False if the response was cut off, or missing.
    """

    status: int
    headers: Mapping[str, str]
    body: str
    whole: bool = True


NO_RESPONSE: Final = ReceivedResponse(0, {}, "", whole=False)
HttpClient = Callable[[str, str, Mapping[str, str], str], ReceivedResponse]
"""Method, URL, headers, body."""


def _found(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def curl(method: str, url: str, headers: Mapping[str, str], body: str) -> ReceivedResponse:
    """Call with curl."""
    lines = [part for pair in headers.items() for part in ("-H", ": ".join(pair))]
    sent = ["--data-binary", body] if body else []
    command = [_found("curl"), "-sS", "-i", "--noproxy", "*", "-X", method, *lines, *sent, url]
    done = subprocess.run(command, capture_output=True, check=False, timeout=60)
    top, _, content = done.stdout.decode().partition("\r\n\r\n")
    if not top:
        return NO_RESPONSE
    first, *rest = top.split("\r\n")
    pairs = (line.partition(": ") for line in rest)
    named = {name.lower(): value for name, _, value in pairs}
    return ReceivedResponse(int(first.split()[1]), named, content, whole=done.returncode == 0)


SCRIPT: Final = """
const [method, url, headers, body] = JSON.parse(process.argv[1]);
fetch(url, {method, headers, body: body || undefined}).then(async (reply) => {
  const received = [reply.status, Object.fromEntries(reply.headers)];
  try {
    console.log(JSON.stringify([...received, await reply.text(), true]));
  } catch (broken) {
    console.log(JSON.stringify([...received, "", false]));
  }
}).catch(() => console.log(JSON.stringify([0, {}, "", false])));
"""


def node(method: str, url: str, headers: Mapping[str, str], body: str) -> ReceivedResponse:
    """Call with fetch in Node."""
    command = json.dumps([method, url, headers, body])
    done = subprocess.run(
        [_found("node"), "-e", SCRIPT, command], capture_output=True, check=True, timeout=60
    )
    status, named, content, whole = json.loads(done.stdout)
    return ReceivedResponse(status, named, content, whole=whole)


def http_client(method: str, url: str, headers: Mapping[str, str], body: str) -> ReceivedResponse:
    """Call with http.client."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body.encode(), dict(headers))
        reply = connection.getresponse()
        content: Any = reply.read()
    except (HTTPException, OSError):
        return NO_RESPONSE
    finally:
        connection.close()
    named = {name.lower(): value for name, value in reply.getheaders()}
    return ReceivedResponse(reply.status, named, content.decode())


CLIENTS: Final[tuple[HttpClient, ...]] = (curl, node, http_client)
