"""What a word of a command line may become: files, queries in a file, rules and fields.

A Tab must run no code and send nothing, so Python files are parsed and never imported. What cannot
be read has no candidates.
"""

from __future__ import annotations

import ast
import os
import stat
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from leadquery.cli.files import PYTHON, SQL, SUFFIX

MAX_SIZE: Final = 200_000
"""The bytes of the largest file to read for a Tab, which people wait for."""


class Candidate(NamedTuple):
    """A word, what it means, and whether it is the name of a file or a folder."""

    word: str
    help: str = ""
    is_file: bool = False


def candidates(metavar: str, start: str, given: Mapping[str, object]) -> Iterator[Candidate]:
    """The words that a parameter takes, by its metavar, and that begin as what is written.

    `given` are the values of the options so far.
    """
    if "QUER" in metavar:
        yield from _queries(start, several="..." in metavar)
    elif metavar.startswith(("FILE", "[FILE")):
        suffixes = metavar.strip("[]").removeprefix("FILE").split("|")
        yield from _files(start, tuple(filter(None, suffixes)))
    elif metavar == "DIR":
        yield from _files(start, (os.sep,))
    elif metavar in ("CODE", "CODES"):
        yield from _rules(start, several=metavar == "CODES")
    elif metavar.startswith("FIELD"):
        after = metavar.removeprefix("FIELD")[:1]
        labels = _fields(given).items()
        yield from (
            Candidate(name + after, label if label != name else "")
            for name, label in labels
            if name.startswith(start)
        )
    elif metavar == "ZONE":
        from zoneinfo import available_timezones

        zones = sorted(available_timezones())
        yield from (Candidate(zone) for zone in zones if zone.startswith(start))


def _files(start: str, suffixes: tuple[str, ...] = ()) -> Iterator[Candidate]:
    """The folders, and the files with one of the suffixes, or all files."""
    folder, name = os.path.split(start)
    before = start.removesuffix(name)
    try:
        entries = sorted(os.scandir(_expand(folder) or "."), key=lambda one: one.name)
    except (OSError, ValueError):
        return
    for entry in entries:
        is_hidden = entry.name.startswith(".") and not name
        # A name that starts with a dash would be an option.
        is_option = entry.name.startswith("-") and not before
        if not entry.name.startswith(name) or is_hidden or is_option:
            continue
        if entry.is_dir():
            yield Candidate(f"{before}{entry.name}/", is_file=True)
        elif not suffixes or entry.name.lower().endswith(suffixes):
            yield Candidate(f"{before}{entry.name}", is_file=True)


def _queries(start: str, *, several: bool) -> Iterator[Candidate]:
    """The files that a query can be in; with a colon or only one Python file left, its queries."""
    file, colon, names = start.rpartition(":")
    if not colon:
        found = [*_files(start, (PYTHON, SUFFIX, SQL))]
        yield from found
        if len(found) != 1 or not found[0].word.lower().endswith(PYTHON):
            return
        file, names = found[0].word, ""
    others, name = _last_of(names) if several else ("", names)
    for query, source in _names_in(file).items():
        if query.startswith(name) and query not in others.split(","):
            yield Candidate(f"{file}:{others}{query}", source)


def _names_in(file: str) -> dict[str, str]:
    """The queries in a Python file or module, or the numbers of requests in a collection."""
    if file.lower().endswith(SUFFIX):
        from leadquery.lint.request_files import read_requests

        requests = read_requests(_read(file))
        return (
            {str(number): one.name for number, one in enumerate(requests.bodies, 1)}
            if requests
            else {}
        )
    from leadquery.cli.query_names import query_names

    is_file = file.lower().endswith(PYTHON)
    return query_names(_read(file if is_file else f"{file.replace('.', os.sep)}{PYTHON}"))


def _last_of(names: str) -> tuple[str, str]:
    """The last of names with commas between them, and what is before it."""
    last = names.rpartition(",")[2]
    return names.removesuffix(last), last


def _rules(start: str, *, several: bool) -> Iterator[Candidate]:
    """The codes of rules with their titles: LQ304, or 304 if that is how it begins."""
    from leadquery.lint.rules import all_rules

    others, code = _last_of(start) if several else ("", start)
    for rule in all_rules():
        word = rule.code.removeprefix("LQ") if code[:1].isdigit() else rule.code
        if word.startswith(code.upper()) and word not in others.split(","):
            yield Candidate(f"{others}{word}", rule.title)


def _fields(given: Mapping[str, object]) -> Mapping[str, str]:
    """The labels of fields by name: those of a file if one is given, else the standard ones."""
    file = given.get("--fields") or given.get("--from")
    if file is None:
        from leadquery.fields import STANDARD

        return {name: field.label for name, field in STANDARD.items()}
    content = _read(str(file))
    if str(file).lower().endswith(PYTHON):
        return dict(_declared_fields(content))
    from leadquery.errors import QueryError
    from leadquery.lint.catalog import read_fields

    try:
        return {name: field.label for name, field in read_fields(content).items()}
    except QueryError:
        return {}


def _declared_fields(content: bytes) -> Iterator[tuple[str, str]]:
    """The fields of a module that `leadquery fields` has written, each with its type."""
    from leadquery.cli.query_names import parse

    for statement in parse(content).body:
        match statement:
            case (
                ast.Assign(value=ast.Call(ast.Name(cls), [ast.Constant(str(name)), *_]))
                | ast.AnnAssign(value=ast.Call(ast.Name(cls), [ast.Constant(str(name)), *_]))
            ):
                yield name, cls


def _read(file: str) -> bytes:
    """The content of a regular file of the usual size; nothing of any other."""
    try:
        status = os.stat(_expand(file))  # noqa: PTH116
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_SIZE:
            return b""
        with open(_expand(file), "rb") as opened:  # noqa: PTH123
            return opened.read()
    except (OSError, ValueError):
        return b""


def _expand(file: str) -> str:
    return os.path.expanduser(file)  # noqa: PTH111
