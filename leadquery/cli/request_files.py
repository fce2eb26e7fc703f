"""Files of requests, such as Postman collections, as files to check and as files of payloads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import attrs
import click

from leadquery.lint.checked_file import CheckedFile
from leadquery.lint.request_files import RequestBody, RequestFile, read_requests


def diff_files(before: CheckedFile, after: CheckedFile) -> Iterator[bytes]:
    """The diffs of two versions of a file; of requests, those of the bodies only.

    What is around them may hold keys.
    """
    from leadquery.cli.unified_diff import unified_diff

    if before.requests is None:
        yield unified_diff(before.name, before.content, after.content)
    for old, new in zip(before.payloads, after.payloads, strict=True):
        if old.text and new.text and old.body:
            label = f"{old.file}:{old.body.name}" if old.body.name else old.file
            yield unified_diff(label, *(_lines(text.as_written) for text in (old.text, new.text)))


def _lines(text: str) -> bytes:
    return f"{text.rstrip()}\n".encode("utf-8", "backslashreplace")


def why_nothing(file: RequestFile) -> str:
    """Why there is nothing to check in a file of requests."""
    if file.bodies:
        return f"is {file.label} without a body that can be checked"
    others = f"; its {file.others} requests are for others" if file.others else ""
    return f"is {file.label} without a request for this API{others}"


def choose_requests(name: str, content: bytes, request: str) -> RequestFile | None:
    """The requests in a file, or the one of a name or number; None if it is a payload itself."""
    file = read_requests(content)
    if not request:
        return file
    if file is None:
        raise click.UsageError(f"{name!r} holds one query, without a name; write {name}")
    chosen = tuple(_matching(file, request))
    if not chosen:
        raise click.UsageError(_choices(name, file, request))
    return attrs.evolve(file, bodies=chosen)


class PayloadContent(NamedTuple):
    """The content of a payload file, or a body in a file of requests."""

    content: bytes
    requests: RequestFile | None = None
    body: RequestBody | None = None


def choose_body(name: str, content: bytes, request: str) -> PayloadContent:
    """The payload in a file: its content, or a body in a file of requests.

    `request` is the name or number of the request, or "" for the only one.
    """
    file = choose_requests(name, content, request)
    if file is None:
        return PayloadContent(content)
    if len(file.bodies) != 1:
        raise click.UsageError(_choices(name, file, request))
    [body] = file.bodies
    label = f"{name!r} {body.name and repr(body.name)}".rstrip()
    if body.text is None:
        raise click.ClickException(f"{label}: {body.note}")
    if body.text.unknown:
        variables = ", ".join(dict.fromkeys(body.text.unknown.values()))
        raise click.ClickException(f"{label}: replace its variables by values: {variables}")
    text = body.text.text.encode("utf-8", "surrogatepass")
    return PayloadContent(text, file, body)


def _matching(file: RequestFile, request: str) -> Iterator[RequestBody]:
    folded = request.casefold()
    for number, body in enumerate(file.bodies, 1):
        name = body.name.casefold()
        if folded in (str(number), name, name.rpartition(" / ")[2]):
            yield body


def _choices(name: str, file: RequestFile, request: str) -> str:
    """What to write to choose a request of a file."""
    if not file.bodies:
        return f"{name!r} {why_nothing(file)}"
    problem = f"has no request {request!r}" if request else f"has {len(file.bodies)} requests"
    lines = [f"  {name}:{number}  {body.name}" for number, body in enumerate(file.bodies, 1)]
    return "\n".join([f"{name!r} {problem}; write one of", *lines])
