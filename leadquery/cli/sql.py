"""`leadquery sql`: a SQL statement as a query, and a query as SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from leadquery.cli.fields_file import fields_option, load_catalog
from leadquery.cli.files import SQL, STDIN, exists, out_option, read_input, write_output
from leadquery.cli.loader import FORMS, load_query, missing_file
from leadquery.cli.output import advice_for_commands, print_text
from leadquery.errors import SqlError
from leadquery.result.serialize import dumps
from leadquery.sql import from_sql
from leadquery.sql.dialects import DIALECTS

if TYPE_CHECKING:
    from leadquery.query.query import Query

dialects = click.Choice(list(DIALECTS), case_sensitive=False)


@click.command("sql", epilog=f"{FORMS} Without --to, '-' is a statement on stdin.")
@click.argument("source", metavar="FILE.sql|-|QUERY")
@click.option("--dialect", type=dialects, help="The engine that the statement is written for.")
@fields_option
@click.option("--python", "as_python", is_flag=True, help="Print the Python file of the query.")
@click.option("--json", "as_json", is_flag=True, help="Print a plan as JSON, with every payload.")
@click.option("--to", "target", type=dialects, help="Write a query as SQL for this engine.")
@click.option("--table", metavar="NAME", help="With --to: the table of leads.  [default: leads]")
@click.option("--users", metavar="NAME", help="With --to: the table of users.  [default: users]")
@click.option(
    "--column",
    "columns",
    metavar="FIELD=NAME",
    multiple=True,
    help="With --to: the column of a field, if it has another name. May be repeated.",
)
@out_option
def command(
    source: str,
    dialect: str | None,
    fields: str | None,
    target: str | None,
    table: str | None,
    users: str | None,
    columns: tuple[str, ...],
    out: str,
    *,
    as_python: bool,
    as_json: bool,
) -> None:
    """A statement is a SELECT from one table of leads. If it takes several requests, their plan is
    printed. With --to, the source is a query or a payload, and '-' is a payload.
    """
    if target is not None:
        _reject({"--dialect": dialect, "--fields": fields})
        _reject({"--python": as_python, "--json": as_json})
        write_output(out, _write(source, target, table, users, columns))
        return
    _reject({"--table": table, "--users": users, "--column": columns}, " without --to")
    if as_python and as_json:
        raise click.UsageError("--python and --json exclude each other; leave one out")
    query = read_statement(source, dialect, None if fields is None else load_catalog(fields))
    if as_python:
        write_output(out, query.to_python())
    elif query.is_one_request:
        write_output(out, f"{dumps(query.to_payload(), indent=2)}\n")
    else:
        plan = query.plan()
        write_output(out, f"{dumps(plan.to_dict(), indent=2)}\n" if as_json else f"{plan}\n")


def _reject(options: dict[str, object], where: str = " with --to") -> None:
    """Reject options that mean nothing here."""
    given = [name for name, value in options.items() if value]
    if given:
        raise click.UsageError(f"{given[0]} has no meaning{where}; leave it out")


def _write(
    source: str, target: str, table: str | None, users: str | None, columns: tuple[str, ...]
) -> str:
    """The statement of a query."""
    if source.lower().endswith(SQL) and exists(source):
        raise click.UsageError(
            f"{source!r} is SQL already; write FILE.py:NAME, FILE.py, FILE.json or -"
        )
    names = column_names(columns)
    query = load_query(source)
    sql = query.to_sql(target, table=table or "leads", users=users or "users", columns=names)
    return f"{sql}\n"


def column_names(columns: tuple[str, ...]) -> dict[str, str]:
    """The columns by field, of a text such as Score=score for each."""
    names = {}
    for one in columns:
        field, _, name = one.partition("=")
        if not field or not name:
            raise click.UsageError(f"{one!r} is not FIELD=NAME; write --column Score=score")
        names[field] = name
    return names


def read_statement(file: str, dialect: str | None = None, fields: object = None) -> Query:
    """The query of a statement in a file. What cannot be read ends the command."""
    if file != STDIN and not file.lower().endswith(SQL):
        raise click.UsageError(
            f"{file!r} is no SQL file; write FILE.sql, or --to DIALECT to write a query as SQL"
        )
    if file != STDIN and not exists(file):
        raise missing_file(file)
    content = read_input(file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.ClickException(f"{file!r} is not UTF-8; save it as UTF-8") from None
    try:
        return from_sql(text, dialect, fields)
    except SqlError as error:
        for issue in error.issues:
            print_text(advice_for_commands(f"{file}:{issue}"), err=True)
        raise SystemExit(1) from None
