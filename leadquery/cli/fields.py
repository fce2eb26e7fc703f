"""`leadquery fields`: the lead fields of an account as JSON or as a Python module, or a search."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from leadquery.cli.fields_file import (
    MARK,
    Fields,
    Users,
    field_differences,
    load_catalog,
    load_fields,
    load_users,
    module_source,
    similar_options,
    type_name,
    user_differences,
    users_by_name,
)
from leadquery.cli.files import STDIN, FileError, out_option, read, write_output
from leadquery.cli.output import print_text
from leadquery.cli.row_files import Row, read_rows
from leadquery.cli.run import account_client, demo_option, print_table
from leadquery.expr.field import operators_of
from leadquery.fields import STANDARD
from leadquery.lint.catalog import FieldCatalog, read_fields
from leadquery.result import Result
from leadquery.result.serialize import dumps
from leadquery.users import User
from leadquery.wire.enums import USER_IDS, VARIABLES

if TYPE_CHECKING:
    from leadquery.client import Client

ACCOUNT: Final = "account"
"""The value of `--users` without a file."""


_NO_JSON: Final = (".csv", ".jsonl", ".parquet", ".py", ".xlsx")


@click.command("fields")
@out_option
@click.option(
    "--python",
    metavar="FILE.py",
    help="Write a typed Python module that declares the fields, to import them from.",
)
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="With --python: change nothing, print what differs from the account, and exit with 1.",
)
@click.option(
    "--users",
    metavar="[FILE]",
    is_flag=False,
    flag_value=ACCOUNT,
    help="With --python: add the ids of the users by name, of the account or of a file.",
)
@click.option(
    "--from",
    "source",
    metavar="FILE",
    help="Read the fields from a file, such as one of --out, instead of your account.",
)
@click.option(
    "--search",
    metavar="FIELD",
    help="Print the fields with this text in a name: type, display name and operators.",
)
@demo_option
@click.option("--host", help="The ordinary API host, if it is not the one for reports.")
def command(
    *,
    out: str,
    python: str | None,
    only_check: bool,
    users: str | None,
    source: str | None,
    search: str | None,
    demo: bool,
    host: str | None,
) -> None:
    """--search is for the standard fields, if the environment names no account.

    The host and the keys come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    conflicts = {
        "--from asks no account; leave out --demo and --host": source and (demo or host),
        "--search prints a list; leave out the options of files": search is not None
        and (python or only_check or users or out != STDIN),
        "--check, --users and --from need --python; add --python FILE.py": search is None
        and not python
        and (only_check or users or source),
        "--python names the file to write; leave out --out": python and out != STDIN,
        "--from asks no account for users; write --users FILE": source and users == ACCOUNT,
        "--check compares a module; write --python FILE.py": only_check and python == STDIN,
        f"--out writes JSON, and {out!r} is another file; end it with .json, or write --python "
        "FILE.py": out.lower().endswith(_NO_JSON),
    }
    for message, applies in conflicts.items():
        if applies:
            raise click.UsageError(message)
    if search is not None:
        _search(search, _searched_fields(source, host, demo=demo))
    elif python is None:
        _write_metadata(account_client(demo=demo).lead_fields(host), out)
    else:
        client = account_client(demo=demo) if source is None else None
        fields = read_fields(client.lead_fields(host)) if client else load_fields(str(source))
        named = None if users is None else users_by_name(_read_users(users, client, host))
        (_check if only_check else _write_module)(python, fields, named)


def _read_users(source: str, client: Client | None, host: str | None) -> list[Row]:
    """The users of the account, or of a file."""
    if source == ACCOUNT and client is not None:
        return [*client.users(host)]
    listed = list(read_rows(source, users=True))
    if not all(User(user).id for user in listed):
        raise click.ClickException(f"{source!r} has a user without an {USER_IDS[0]!r}")
    return listed


def _searched_fields(source: str | None, host: str | None, *, demo: bool) -> FieldCatalog:
    """The fields of a file, of the account, or the standard ones if there is none."""
    if source is not None:
        return load_catalog(source)
    if demo or any(name in os.environ for name in VARIABLES):
        return FieldCatalog.of(account_client(demo=demo).lead_fields(host))
    print_text(
        f"The standard fields; for those of your account set {', '.join(VARIABLES)}.", err=True
    )
    return FieldCatalog.of(STANDARD.values())


def _search(text: str, catalog: FieldCatalog) -> None:
    found = catalog.search(text)
    if not found:
        near = catalog.names.misspelled(text)
        hint = f"; did you mean {near}?" if near else ""
        raise click.ClickException(f"no field has {text!r} in a name{hint}")
    rows = [
        {
            "field": field.name,
            "type": type_name(field),
            "display name": field.label,
            "operators": ", ".join(operators_of(field)) or "none",
        }
        for field in found
    ]
    print_table(Result(tuple(rows), len(rows)))


def _write_metadata(fields: list[dict[str, Any]], out: str) -> None:
    # As bytes, so that the encoding of the terminal changes nothing.
    write_output(out, f"{dumps(fields, indent=1)}\n".encode())
    if out != STDIN:
        print_text(f"{len(fields):,} fields in {out}; next: leadquery check --fields {out} FILE")


def _write_module(file: str, fields: Fields, users: Users | None) -> None:
    if file != STDIN:
        _reject_other_file(file)
    write_output(file, module_source(fields, users).encode())
    for name, field in fields.items():
        for sentence in similar_options(field):
            print_text(f"Warning: {name}: {sentence}", err=True)
    if file != STDIN:
        also = "" if users is None else f" and {len(users):,} users"
        print_text(
            f"{len(fields):,} fields{also} in {file}; next: from {Path(file).stem} import ..."
        )


def _reject_other_file(file: str) -> None:
    """Reject a file that this command has not written, which may be the user's own."""
    if not file.endswith(".py") or not Path(file).stem.isidentifier():
        raise click.UsageError(
            f"{file!r} cannot be imported; write a name such as account_fields.py"
        )
    try:
        if Path(file).exists() and not read(file).startswith(MARK.encode()):
            raise click.UsageError(
                f"{file!r} exists, and is not of this command; write another name, or delete it"
            )
    except OSError as error:
        raise click.UsageError(str(FileError.reading(file, error))) from None


def _check(file: str, fields: Fields, users: Users | None) -> None:
    """Print a line for each difference of a module, and end the command with 1 if there is one."""
    found = [*field_differences(load_fields(file), fields)]
    if users is not None:
        found += user_differences(load_users(file), {name: id_ for name, (id_, _) in users.items()})
    for line in found:
        print_text(f"{file}: {line}")
    if found:
        noun = "differences" if len(found) > 1 else "difference"
        print_text(f"{len(found):,} {noun}; without --check, the command updates {file}")
        raise SystemExit(1)
