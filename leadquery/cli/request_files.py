"""Files of requests, such as Postman collections, as files to check and as files of payloads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import attrs
import click

from leadquery.cli.files import FileError
from leadquery.cli.outcomes import BodyInFile, FileResult, Outcome
from leadquery.lint.report import Diagnostic, Report
from leadquery.lint.request_files import RequestBody, RequestFile, read_requests
from leadquery.lint.request_files.checking import Check, FixedBody, check_body, check_url, fix_body
from leadquery.lint.request_files.embedded import EmbeddedText


@attrs.frozen
class CheckedRequests:
    """A file of requests, with a report for each body, or why there is none."""

    file: RequestFile
    reports: tuple[Report | str, ...]
    fixed_in: tuple[tuple[Diagnostic, ...], ...] | None = None

    def outcomes(self, name: str) -> Iterator[Outcome]:
        """A result for each body, and an error if none could be checked."""
        for index, (body, report) in enumerate(zip(self.file.bodies, self.reports, strict=True)):
            place = BodyInFile(self.file, body.text or EmbeddedText((), 0), body.name)
            if isinstance(report, str):
                yield FileResult(name, Report(None), body=place, note=report)
            else:
                fixed = None if self.fixed_in is None else self.fixed_in[index]
                yield FileResult(name, report, fixed, place)
        if not any(isinstance(report, Report) for report in self.reports):
            yield FileError(name, why_nothing(self.file))

    def fixed(self, check: Check, *, unsafe: bool) -> CheckedRequests:
        """The file with its bodies fixed, checked again."""
        texts: list[EmbeddedText | None] = []
        fixed_in = []
        for body, report in zip(self.file.bodies, self.reports, strict=True):
            result = FixedBody(body.text, ())
            if body.text is not None and isinstance(report, Report):
                result = fix_body(self.file, body.text, report, check, unsafe=unsafe)
            texts.append(result.text)
            fixed_in.append(result.fixed)
        again = check_requests(self.file.with_texts(texts), check)
        return attrs.evolve(again, fixed_in=tuple(fixed_in))


def check_requests(file: RequestFile, check: Check) -> CheckedRequests:
    """Check the bodies in a file of requests."""
    return CheckedRequests(file, tuple(_check(body, check) for body in file.bodies))


def diff_bodies(name: str, before: RequestFile, after: RequestFile) -> Iterator[bytes]:
    """The diffs of the bodies in two versions of a file; what is around them may hold keys."""
    from leadquery.cli.unified_diff import unified_diff

    for old, new in zip(before.bodies, after.bodies, strict=True):
        if old.text and new.text:
            label = f"{name}:{old.name}" if old.name else name
            texts = [_lines(text.as_written) for text in (old.text, new.text)]
            yield unified_diff(label, *texts)


def _lines(text: str) -> bytes:
    return f"{text.rstrip()}\n".encode("utf-8", "backslashreplace")


def _check(body: RequestBody, check: Check) -> Report | str:
    if body.text is None:
        return body.note
    report = check_body(body.text, check)
    return report if isinstance(report, str) else check_url(report, body.endpoint)


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
    body: BodyInFile | None = None


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
    return PayloadContent(text, BodyInFile(file, body.text, body.name))


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
