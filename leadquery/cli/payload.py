"""`leadquery payload`, `describe`, `to-python` and `schema`: payloads in other forms."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import click

from leadquery.cli.fields_file import (
    by_schema_name,
    fields_option,
    is_module,
    load_catalog,
    load_field_module,
    load_fields,
)
from leadquery.cli.files import FileError, is_query, out_option, write, write_output
from leadquery.cli.loader import (
    FORMS,
    load_queries,
    load_query,
    payload_name,
    print_report,
    query_argument,
    read_payload,
    source_file,
)
from leadquery.cli.output import print_text
from leadquery.errors import UnsupportedQueryError
from leadquery.exporters import NAMES, SCRIPTS, get_exporter, parse_response_format
from leadquery.exporters.base import ASSUMED, ExportRequest
from leadquery.lint.check import check, read
from leadquery.lint.editor_schema import editor_schema
from leadquery.lint.report import message_text
from leadquery.query.decompile import to_module, with_declared_types
from leadquery.query.describe import describe_with_labels
from leadquery.query.from_payload import from_payload
from leadquery.result.serialize import dumps
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.serializer import to_payload
from leadquery.wire.types import MAX_INT

if TYPE_CHECKING:
    from leadquery.exporters.base import Exporter


MAX_PAGES: Final = 10_000
"""The most requests to write one by one. For more pages, there are loops."""

FORMATS: Final = [known.value.lower() for known in ResponseFormat]


@click.command("payload", epilog=f"{FORMS} FILE.py:NAME,NAME names several.")
@click.argument("queries", metavar="QUERY...", nargs=-1, required=True)
@click.option(
    "--as",
    "exporter",
    type=click.Choice(NAMES),
    default=NAMES[0],
    show_default=True,
    help="The client to write for.",
)
@click.option(
    "--script",
    is_flag=True,
    help=f"Write a script instead of one command, with a loop for --all-pages; for "
    f"{', '.join(SCRIPTS)}.",
)
@click.option(
    "--response-format",
    type=click.Choice(FORMATS, case_sensitive=False),
    default=FORMATS[0],
    show_default=True,
    help="The format of the response.",
)
@click.option("--page", type=click.IntRange(1, MAX_INT), metavar="N", help="Request this page.")
@click.option(
    "--all-pages", is_flag=True, help="Request every page: in a loop, or one by one with --pages."
)
@click.option(
    "--pages",
    type=click.IntRange(1, MAX_PAGES),
    metavar="COUNT",
    help=f"The number of pages for --all-pages, at most {MAX_PAGES:,}.",
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write a file for each query to this folder.",
)
@click.option(
    "--plan",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write all requests of a query that takes several to this folder, and a plan.json that "
    "says how to combine their rows.",
)
@click.option("--force", is_flag=True, help="Let these replace files with another content.")
def command(
    queries: tuple[str, ...],
    *,
    exporter: str,
    script: bool,
    response_format: str,
    page: int | None,
    all_pages: bool,
    pages: int | None,
    out: Path | None,
    plan: Path | None,
    force: bool,
) -> None:
    """Payload files are checked first. Keys are variables of the client; their values are never
    written.
    """
    if script and exporter not in SCRIPTS:
        raise click.UsageError(f"--script is for {', '.join(SCRIPTS)}; leave it out for {exporter}")
    chosen = get_exporter(exporter, script=script)
    _check_options(chosen, page, pages, all_pages=all_pages)
    if plan is not None:
        if page is not None or all_pages or out is not None or len(queries) != 1:
            raise click.UsageError(
                "--plan writes the requests of one query; leave out --out, --page, --all-pages "
                "and other queries"
            )
        _write_plan(chosen, queries[0], response_format, plan, force=force)
        return
    requests = [
        attrs.evolve(request, response_format=parse_response_format(response_format))
        for query in queries
        for request in _load_requests(query)
    ]
    if not chosen.has_comment:
        _print_reports(requests)
    if page is not None:
        requests = [request.page(page) for request in requests]
    if all_pages and pages is None:
        requests = [request.with_all_pages() for request in requests]
    elif pages is not None:
        requests = [single for request in requests for single in request.pages(pages)]
    if out is None and force:
        raise click.UsageError("--force is for --out and --plan; leave it out")
    if out is None:
        _print(chosen, requests)
    else:
        _write_files(chosen, requests, out, sources=map(source_file, queries), force=force)


def _print_reports(requests: Iterable[ExportRequest]) -> None:
    """Say where the bodies of sibling reports go, and what is assumed, which only comments say."""
    for request in requests:
        if request.endpoint is not None and request.endpoint.node is not None:
            note = f"{request.name} is for {request.endpoint.title}, at {request.path}"
            _, _, assumed = request.description.partition(ASSUMED)
            assumed = f"; assumed, not documented: {assumed.rstrip('.')}" if assumed else ""
            print_text(f"Note: {note}{assumed}", err=True)


def _check_options(
    exporter: Exporter, page: int | None, pages: int | None, *, all_pages: bool
) -> None:
    """Reject options that contradict each other, or that the exporter does not support."""
    if page is not None and all_pages:
        raise click.UsageError("--page and --all-pages exclude each other; leave one out")
    if pages is not None and not all_pages:
        raise click.UsageError("--pages needs --all-pages; write both")
    if pages is not None and exporter.loops:
        raise click.UsageError(f"{exporter.name} loops until the last page; leave --pages out")
    if all_pages and pages is None and not exporter.loops:
        hint = "add --script, or " if exporter.script else ""
        raise click.UsageError(
            f"{exporter.name} has no loop; {hint}give the number of pages: --pages COUNT"
        )


def _load_requests(query: str) -> Iterator[ExportRequest]:
    """The requests that an argument names."""
    if not is_query(query):
        yield _load_payload_file(query)
        return
    for name, loaded in load_queries(query).items():
        if not loaded.is_one_request:
            raise click.ClickException(
                f"{query!r} is more than a payload can say; write its requests with --plan DIR, "
                f"or send it with 'leadquery run {query}'"
            )
        yield ExportRequest.of(loaded, name)


def _load_payload_file(file: str) -> ExportRequest:
    """The payload of a file, serialized anew. Problems in it are reported."""
    payload = read_payload(file)
    content = payload.content
    report = check(content)
    if report.diagnostics:
        print_report(file, report, payload)
    if not report.ok:
        raise SystemExit(1)
    name = payload_name(file)
    try:
        return ExportRequest.of(from_payload(content), name)
    except UnsupportedQueryError:
        # Its user groups are too deep to describe, but not to send.
        return ExportRequest(to_payload(read(content)), name)


PLAN_FILE: Final = "plan.json"


def _write_plan(
    exporter: Exporter, target: str, response_format: str, folder: Path, *, force: bool
) -> None:
    """Write the requests of a query's plan, and then the plan, which names them."""
    (name, query), *others = load_queries(target).items()
    if others:
        raise click.UsageError("--plan writes the requests of one query; name one")
    plan = query.plan()
    if not plan.is_complete:
        raise click.ClickException(
            f"the requests of {target!r} depend on results ({'; '.join(plan.later)}); "
            f"send it with 'leadquery run {target}'"
        )
    steps = plan.to_dict()["steps"]
    requests = [
        ExportRequest(
            step["payload"],
            f"{name}-{number:0{len(str(len(steps)))}}",
            step["description"],
            response_format=parse_response_format(response_format),
            endpoint=query._node.endpoint,
        )
        for number, step in enumerate(steps, 1)
    ]
    texts = {f"{one.name}{exporter.suffix}": exporter.export([one]) for one in requests}
    described = plan.to_dict()
    described["steps"] = [
        {"file": file, **step} for file, step in zip(texts, described["steps"], strict=True)
    ]
    texts[PLAN_FILE] = f"{dumps(described, indent=2)}\n"
    _write_texts(texts, folder, [source_file(target)], force=force)


def _print(exporter: Exporter, requests: list[ExportRequest]) -> None:
    if len(requests) > 1 and not exporter.several:
        raise click.UsageError(f"{exporter.name} needs a file for each query; add --out DIR")
    # As bytes, so that the encoding of the terminal changes nothing.
    click.echo(exporter.export(requests).encode(), nl=False)


def _write_files(
    exporter: Exporter,
    requests: list[ExportRequest],
    out: Path,
    *,
    sources: Iterable[str | None],
    force: bool,
) -> None:
    """Write a file for each request and print its name; if one must not be written, write none.

    `sources` are the files that the queries were loaded from. `force` replaces other files.
    """
    texts = {f"{request.name}{exporter.suffix}": exporter.export([request]) for request in requests}
    if len(texts) < len(requests):
        raise click.UsageError(
            "two queries have the same name, so their files would too; run the command for each "
            "with another --out"
        )
    _write_texts(texts, out, sources, force=force)


def _write_texts(
    texts: dict[str, str], out: Path, sources: Iterable[str | None], *, force: bool
) -> None:
    """Write files and print their names; if one must not be written, write none."""
    source_paths = {os.path.realpath(source) for source in sources if source is not None}
    for name, text in texts.items():
        _check_file_name(out / name, source_paths)
        if not force:
            _check_content(out / name, text.encode())
    for name, text in texts.items():
        _write_file(out / name, text)
        print_text(str(out / name))


def _check_file_name(file: Path, source_paths: set[str]) -> None:
    if os.path.realpath(file) in source_paths:
        raise click.UsageError(
            f"{str(file)!r} holds a query, and would be overwritten; write another --out DIR"
        )
    if file.suffix == ".py" and file.stem in CLIENT_MODULES | sys.stdlib_module_names:
        raise click.UsageError(
            f"{str(file)!r} would hide Python's module {file.stem!r} from the scripts beside it; "
            "rename the query"
        )


def _check_content(file: Path, content: bytes) -> None:
    """Reject a file with another content, which may be the user's own."""
    try:
        is_other = file.is_file() and file.read_bytes() != content
    except OSError as error:
        raise click.UsageError(str(FileError.reading(str(file), error))) from None
    if is_other:
        raise click.UsageError(
            f"{str(file)!r} exists and has another content; add --force to replace it"
        )


def _write_file(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write(str(file), text.encode())
    except OSError as error:
        raise click.UsageError(str(FileError.writing(str(file), error))) from None


CLIENT_MODULES: Final = {
    *("anyio", "brotli", "certifi", "chardet", "charset_normalizer", "cryptography"),
    *("exceptiongroup", "h11", "h2", "hpack", "httpcore", "httpx", "hyperframe", "idna"),
    *("OpenSSL", "requests", "simplejson", "sniffio", "socks", "socksio", "typing_extensions"),
    *("urllib3", "zstandard"),
}
"""The modules that requests and httpx import, besides the standard library."""


@click.command("describe", epilog=FORMS)
@query_argument
@fields_option
def describe_command(query: str, fields: str | None) -> None:
    """With --fields, fields have their display names, and names, types and options that are not
    those of the account are reported.
    """
    loaded = load_query(query)
    if fields is None:
        click.echo(loaded.describe())
        return
    catalog = load_catalog(fields)
    click.echo(describe_with_labels(loaded, catalog.fields))
    if loaded.is_one_request:
        for diagnostic in check(loaded.to_payload(), catalog):
            print_text(f"{diagnostic.severity}: {message_text(diagnostic)}", err=True)


@click.command("to-python", epilog=FORMS)
@query_argument
@fields_option
@out_option
def to_python_command(query: str, fields: str | None, out: str) -> None:
    """With --fields, fields have the types of the account, and are imported from a module that
    'leadquery fields --python' wrote.
    """
    loaded = load_query(query)
    if fields is None:
        source = loaded.to_python()
    else:
        module = load_field_module(fields) if is_module(fields) else None
        if module is not None and not module.name.isidentifier():
            raise click.UsageError(f"{fields!r} cannot be imported; give it another name")
        known = load_fields(fields) if module is None else by_schema_name(module.fields)
        source = to_module(with_declared_types(loaded, known), module)
    write_output(out, source)


@click.command("schema")
@fields_option
@out_option
def schema_command(fields: str | None, out: str) -> None:
    """Editors complete and check payload files with it. With --fields, it allows only the fields
    of your account. For other programs, 'leadquery payload QUERY --as schema' writes it without
    the keywords of editors.
    """
    built = editor_schema(None if fields is None else load_catalog(fields))
    write_output(out, json.dumps(built, indent=2) + "\n")
