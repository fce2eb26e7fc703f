"""`leadquery fields`: the lead fields of an account as JSON or as a Python module, or a search."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import click

from leadquery.cli.fields_file import load_fields, load_users
from leadquery.cli.fields_module import (
    MARK,
    Fields,
    Users,
    field_differences,
    module_source,
    similar_options,
    user_differences,
    users_by_name,
)
from leadquery.cli.files import STDIN, FileError, out_option, read, write_output
from leadquery.cli.output import print_text
from leadquery.cli.rows import Row, read_rows
from leadquery.cli.run import account_client, demo_option
from leadquery.lint.catalog import read_fields
from leadquery.result.serialize import dumps
from leadquery.users import User
from leadquery.wire.enums import USER_IDS

ACCOUNT: Final = "account"
"""The value of `--users` without a file."""


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
@demo_option
@click.option("--host", help="The ordinary API host, if it is not the one for reports.")
def command(
    *,
    out: str,
    python: str | None,
    only_check: bool,
    users: str | None,
    source: str | None,
    demo: bool,
    host: str | None,
) -> None:
    """Write the lead fields of your account, for --fields of the other commands.

    The host and the keys come from LEADQUERY_HOST, LEADQUERY_ACCESS_KEY and LEADQUERY_SECRET_KEY.
    """
    if source and (demo or host):
        raise click.UsageError("--from asks no account; leave out --demo and --host")
    if python is None:
        if only_check or users or source:
            raise click.UsageError(
                "--check, --users and --from need --python; add --python FILE.py"
            )
        _write_metadata(account_client(demo=demo).lead_fields(host), out)
        return
    if out != STDIN:
        raise click.UsageError("--python names the file to write; leave out --out")
    if source is None:
        client = account_client(demo=demo)
        fields: Fields = read_fields(client.lead_fields(host))
        listed: Sequence[Row] = client.users(host) if users == ACCOUNT else ()
    else:
        fields, listed = load_fields(source), ()
        if users == ACCOUNT:
            raise click.UsageError("--from asks no account for users; write --users FILE")
    if users is not None and users != ACCOUNT:
        listed = list(read_rows(users, users=True))
        if not all(User(user).id for user in listed):
            raise click.ClickException(f"{users!r} has a user without an {USER_IDS[0]!r}")
    named = None if users is None else users_by_name(listed)
    if only_check:
        _check(python, fields, named)
    else:
        _write_module(python, fields, named)


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
    if file == STDIN:
        raise click.UsageError("--check compares a module; write --python FILE.py")
    found = [*field_differences(load_fields(file), fields)]
    if users is not None:
        found += user_differences(load_users(file), {name: id_ for name, (id_, _) in users.items()})
    for line in found:
        print_text(f"{file}: {line}")
    if found:
        noun = "differences" if len(found) > 1 else "difference"
        print_text(f"{len(found):,} {noun}; without --check, the command updates {file}")
        raise SystemExit(1)
