"""Where a command takes its input from: a file, or a query that Python code names."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadquery.language.query import Query

if TYPE_CHECKING:
    from types import ModuleType


def contents(file: str) -> bytes:
    """The bytes of a file, or of stdin for '-'; the command ends with 2 if it cannot be read."""
    try:
        with click.open_file(file, "rb") as opened:
            content: bytes = opened.read()
    except OSError as error:
        raise click.UsageError(f"{file!r} cannot be read: {error.strerror}") from None
    return content


def named_query(target: str) -> Query:
    """The query behind MODULE:NAME or FILE.py:NAME; a function is called for it."""
    place, _, name = target.rpartition(":")
    if not place or not name:
        raise click.UsageError(f"{target!r} names no query; write MODULE:NAME or FILE.py:NAME")
    module = _from_file(Path(place)) if place.endswith(".py") else _from_path(place)
    if not hasattr(module, name):
        raise click.ClickException(f"{place!r} has no {name!r}; name a query that stands in it")
    found = getattr(module, name)
    query = found() if callable(found) else found
    if not isinstance(query, Query):
        raise click.ClickException(
            f"{target!r} is no finished query; end it with select(...), "
            "or group_by(...) and count(), average(...) or sum(...)"
        )
    return query


def _from_file(file: Path) -> ModuleType:
    spec = spec_from_file_location(file.stem, file)
    if not file.is_file() or spec is None or spec.loader is None:
        raise click.ClickException(f"there is no file {str(file)!r}")
    module = module_from_spec(spec)
    sys.modules.setdefault(file.stem, module)
    spec.loader.exec_module(module)
    return module


def _from_path(name: str) -> ModuleType:
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        # A module that the named one asks for is missing: its own traceback tells more.
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise
    raise click.ClickException(f"there is no module {name!r} here; write FILE.py:NAME for a file")
