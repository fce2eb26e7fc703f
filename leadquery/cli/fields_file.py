"""Lead fields in a file: the metadata of an account as JSON, or a Python module of fields."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import click

from leadquery.cli.fields_module import USERS_CLASS
from leadquery.cli.files import PYTHON, exists, read_input
from leadquery.cli.loader import load_file
from leadquery.errors import QueryError
from leadquery.expr import BaseField
from leadquery.lint.catalog import FieldCatalog, read_fields
from leadquery.query.decompile import FieldModule

fields_option: Final = click.option(
    "--fields",
    metavar="FILE.json|.py",
    help="The lead fields of your account, as 'leadquery fields' writes them.",
)


def is_module(file: str) -> bool:
    """Whether a file declares its fields in Python."""
    return file.lower().endswith(PYTHON)


def load_fields(file: str) -> dict[str, BaseField[Any]]:
    """The fields of a file by schema name. A module is run, as that of FILE.py:NAME is."""
    if is_module(file):
        return by_schema_name(load_field_module(file).fields)
    try:
        return read_fields(read_input(file))
    except QueryError as error:
        raise click.UsageError(f"{file!r}: {error}") from None


def load_catalog(file: str) -> FieldCatalog:
    """The fields of a file as those of the account."""
    return FieldCatalog.of(load_fields(file).values())


def load_field_module(file: str) -> FieldModule:
    """A module with its fields."""
    advice = f"write it with 'leadquery fields --python {file}'"
    if not exists(file):
        raise click.UsageError(f"{file!r} does not exist; {advice}")
    variables = vars(load_file(Path(file)))
    fields = {name: value for name, value in variables.items() if isinstance(value, BaseField)}
    if not fields:
        raise click.UsageError(f"{file!r} declares no fields; {advice}")
    return FieldModule(Path(file).stem, fields)


def by_schema_name(fields: Mapping[str, BaseField[Any]]) -> dict[str, BaseField[Any]]:
    """The fields of a module by schema name."""
    return {field.name: field for field in fields.values()}


def load_users(file: str) -> dict[str, str]:
    """The ids of the users by name, from the class of a module; none if it has no such class."""
    found = getattr(load_file(Path(file)), USERS_CLASS, None)
    members = vars(found) if isinstance(found, type) else {}
    return {name: value for name, value in members.items() if name[0] != "_"}
