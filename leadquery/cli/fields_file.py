"""Lead fields in a file: the metadata of an account as JSON, or a Python module of fields."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from leadquery.cli.fields_module import USERS_CLASS
from leadquery.cli.files import PYTHON, exists, read_input
from leadquery.cli.loader import load_file
from leadquery.errors import QueryError
from leadquery.expr import BaseField
from leadquery.lint.catalog import FieldCatalog, read_fields


def is_module(file: str) -> bool:
    """Whether a file declares its fields in Python."""
    return file.lower().endswith(PYTHON)


def load_fields(file: str) -> dict[str, BaseField[Any]]:
    """The fields of a file by schema name. A module is run, as that of FILE.py:NAME is."""
    if is_module(file):
        return {field.name: field for field in load_variables(file).values()}
    try:
        return read_fields(read_input(file))
    except QueryError as error:
        raise click.UsageError(f"{file!r}: {error}") from None


def load_catalog(file: str) -> FieldCatalog:
    """The fields of a file as those of the account."""
    return FieldCatalog.of(load_fields(file).values())


def load_variables(file: str) -> dict[str, BaseField[Any]]:
    """The fields of a module by the names of their variables."""
    advice = f"write it with 'leadquery fields --python {file}'"
    if not exists(file):
        raise click.UsageError(f"{file!r} does not exist; {advice}")
    module = load_file(Path(file))
    variables = {name: value for name, value in vars(module).items() if _is_field(value)}
    if not variables:
        raise click.UsageError(f"{file!r} declares no fields; {advice}")
    return variables


def load_users(file: str) -> dict[str, str]:
    """The ids of the users by name, from the class of a module; none if it has no such class."""
    found = getattr(load_file(Path(file)), USERS_CLASS, None)
    members = vars(found) if isinstance(found, type) else {}
    return {name: value for name, value in members.items() if name[0] != "_"}


def _is_field(value: object) -> bool:
    return isinstance(value, BaseField)
