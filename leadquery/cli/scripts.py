"""Queries as files of other clients: which names these get, and what they must not write over."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from leadquery.cli.files import unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadquery.exporters.base import Exporter, ExportRequest

PYTHON: Final = ".py"

CLIENTS: Final = {
    "anyio",
    "brotli",
    "certifi",
    "chardet",
    "charset_normalizer",
    "cryptography",
    "exceptiongroup",
    "h11",
    "h2",
    "hpack",
    "httpcore",
    "httpx",
    "hyperframe",
    "idna",
    "OpenSSL",
    "requests",
    "simplejson",
    "sniffio",
    "socks",
    "socksio",
    "typing_extensions",
    "urllib3",
    "zstandard",
}
"""What Python's clients load, besides Python's own modules."""


def into_folder(
    target: Exporter, asked: list[ExportRequest], out: Path, *, inputs: Iterable[str | None]
) -> None:
    """Write a file for each, and show its name; nothing is written where one of them must not be.

    `inputs` are the files that the queries were read from.
    """
    texts = {f"{one.name}{target.suffix}": target.export([one]) for one in asked}
    if len(texts) < len(asked):
        raise click.UsageError(
            "two queries have one name, and would be one file; write a call with its own --out "
            "for each"
        )
    read = {os.path.realpath(file) for file in inputs if file is not None}
    for name in texts:
        _refuse(out / name, read)
    for name, text in texts.items():
        _put(out / name, text)
        click.echo(str(out / name))


def _refuse(file: Path, read: set[str]) -> None:
    if os.path.realpath(file) in read:
        raise click.UsageError(
            f"{str(file)!r} is where a query stands, and would be written over; "
            "write another --out DIR"
        )
    if file.suffix == PYTHON and file.stem in CLIENTS | sys.stdlib_module_names:
        raise click.UsageError(
            f"{str(file)!r} would be loaded in the place of Python's module {file.stem!r} by the "
            "scripts beside it; give the query another name"
        )


def _put(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    except OSError as error:
        lost = unreadable(str(file), error, to="written")
        raise click.UsageError(f"{lost.file!r} {lost.reason}") from None
