"""CSV and Parquet files as DuckDB reads them: a SELECT of all their rows.

DuckDB would guess from the first rows how a CSV file is written. One damaged row can make it take a
row for the header, or a comma for text, and read other values than the file has. So this module
finds the columns and the separator in the header, and a row that does not fit is an error. Columns
of several files are joined by their names, not by their order.
"""

from __future__ import annotations

import glob
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from attrs import frozen
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.fields import STANDARD
from leadquery.lint.name_index import is_custom
from leadquery.result.csv_header import guess_separator, named_separator, split_cells

_PARQUET: Final = (".parquet", ".pq")

_CSV: Final = (".csv", ".tsv", ".csv.gz", ".tsv.gz")

_SAMPLE: Final = 2_048
"""How many lines of a CSV file show how it is written."""


def select_rows(connection: Any, path: str | Path) -> str:
    """The SELECT of all rows of a file, of a folder or of the files of a pattern.

    Raises QueryError if there is no such file, or one that cannot be read.
    """
    files = _find_files(connection, str(path))
    if _is_parquet(files[0]):
        return f"SELECT * FROM read_parquet({_literals(files)}, union_by_name = true)"
    return " UNION ALL BY NAME ".join(_select_csv(connection, files))


def without_infinities(connection: Any, select: str) -> str:
    """A SELECT with null in place of infinite numbers and NaN, which are no numbers in text."""
    described = connection.execute(f"DESCRIBE {select}").fetchall()
    names = [exp.to_identifier(name, quoted=True).sql("duckdb") for name, *_ in described]
    types = [type_ for _, type_, *_ in described]
    finite = ", ".join(
        f"CASE WHEN isfinite({name}) THEN {name} END AS {name}"
        for name, type_ in zip(names, types, strict=True)
        if type_ in ("FLOAT", "DOUBLE")
    )
    return f"SELECT * REPLACE ({finite}) FROM ({select})" if finite else select


def _find_files(connection: Any, path: str) -> list[str]:
    """The files of a path or a pattern: all of them Parquet, or all CSV."""
    place = Path(path)
    if place.is_dir():
        inside = _matches(connection, str(Path(glob.escape(path)) / "**" / "*"))
        for is_kind in (_is_parquet, _is_csv):
            if files := list(filter(is_kind, inside)):
                return files
        raise QueryError(f"the folder {path!r} has no .parquet and no .csv file")
    exists = place.exists()
    files = [path] if exists or not glob.has_magic(path) else _matches(connection, path)
    if not files or not (exists or glob.has_magic(path)):
        raise QueryError(f"there is no file {path!r}; name a .parquet or .csv file, or a folder")
    if all(map(_is_parquet, files)) or all(map(_is_csv, files)):
        return files
    database = {".duckdb": "duckdb.connect", ".db": "sqlite3.connect", ".sqlite": "sqlite3.connect"}
    if connect := database.get(place.suffix.lower()):
        raise QueryError(f"{path!r} is a database; write Table({connect}({path!r}), 'leads')")
    raise QueryError(
        f"{path!r} is neither Parquet nor CSV; name a .parquet or .csv file, or a folder of those"
    )


def _matches(connection: Any, pattern: str) -> list[str]:
    found = connection.execute("SELECT file FROM glob(?)", [pattern]).fetchall()
    return sorted(file for (file,) in found)


def _is_parquet(file: str) -> bool:
    return file.lower().endswith(_PARQUET)


def _is_csv(file: str) -> bool:
    return file.lower().endswith(_CSV)


@frozen
class _Layout:
    """How a CSV file is written: the names of its columns, and the lines above them."""

    names: tuple[str, ...]
    separator: str
    lines_above: int
    escape: str

    def select(self, files: Iterable[str]) -> str:
        """The SELECT of the rows of files that are written like this."""
        # As text, so that a phone number keeps its zeros.
        columns = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in self.names)
        return (
            f"SELECT * FROM read_csv({_literals(files)}, columns = {{{columns}}}, "
            f"delim = {_literal(self.separator)}, quote = '\"', escape = {_literal(self.escape)}, "
            f"header = true, skip = {self.lines_above}, auto_detect = false)"
        )


def _select_csv(connection: Any, files: list[str]) -> Iterator[str]:
    """A SELECT for all files that are written alike."""
    alike: dict[_Layout, list[str]] = {}
    first: set[str] = set()
    for file in files:
        layout = _layout_of(file, _first_lines(connection, file))
        names = {name.casefold() for name in layout.names}
        first = first or names
        if not first & names:
            raise QueryError(
                f"{file!r} has no column of {files[0]!r}; write the names of its columns in its "
                "first line"
            )
        alike.setdefault(layout, []).append(file)
    return (layout.select(its_files) for layout, its_files in alike.items())


def _first_lines(connection: Any, file: str) -> list[str]:
    whole_lines = (
        f"SELECT * FROM read_csv({_literals([file])}, columns = {{'line': 'VARCHAR'}}, "
        f"delim = '\x01', quote = '', escape = '', header = false, auto_detect = false, "
        f"strict_mode = false) LIMIT {_SAMPLE}"
    )
    return [line or "" for (line,) in connection.execute(whole_lines).fetchall()]


def _layout_of(file: str, lines: list[str]) -> _Layout:
    """How a file with these first lines is written. Raises QueryError for an unclear header."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    if not filled:
        raise QueryError(f"{file!r} is empty; write the names of its columns in the first line")
    header = filled[0]
    separator = named_separator(lines[header])
    if separator is not None:
        header = filled[1] if len(filled) > 1 else header
    elif _is_title(lines[header]):
        # The names are in the first line with several cells, if there is one.
        header = next((at for at in filled if len(_cells(lines[at])) > 1), header)
    separator = separator or guess_separator(lines[header])
    names = [name.strip() for name in split_cells(lines[header], separator)]
    if twice := repeated_name(names):
        raise QueryError(f"{file!r}: the header has {twice!r} twice; remove one of the columns")
    named = tuple(name or f"column{index}" for index, name in enumerate(names))
    # A quote in text is doubled, or follows a backslash.
    escaped = re.compile(rf'\\"[^"{re.escape(separator)}]').search
    return _Layout(named, separator, header, "\\" if any(map(escaped, lines)) else '"')


def repeated_name(names: Iterable[str]) -> str | None:
    """The first name that is there twice, without regard to case, as DuckDB compares them."""
    seen: set[str] = set()
    for name in filter(None, names):
        if name.casefold() in seen:
            return name
        seen.add(name.casefold())
    return None


def _cells(line: str) -> list[str]:
    return split_cells(line, guess_separator(line))


def _is_title(line: str) -> bool:
    """Whether a line is probably not the header, but a title above it."""
    cells = _cells(line)
    return len(cells) == 1 and cells[0] not in STANDARD and not is_custom(cells[0])


def _literal(text: str) -> str:
    return exp.Literal.string(text).sql("duckdb")


def _literals(files: Iterable[str]) -> str:
    return f"[{', '.join(_literal(glob.escape(file)) for file in files)}]"


def read_error(label: str, error: Exception) -> QueryError:
    """The error for files that DuckDB cannot read."""
    text = str(error)
    file = re.search(r"^  file = (.+)$", text, re.MULTILINE)
    line = re.search(r"CSV Error on Line: (\d+)", text)
    cells = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    reason = text.partition("\n")[0]
    if line and cells:
        reason = f"line {line[1]} has {cells[2]} values, but the header has {cells[1]} names"
    elif line and "unterminated quote" in text:
        reason = f"a quote in line {line[1]} is not closed"
    elif "parser state machine" in text.lower():
        reason = "its lines end in two ways; save it again"
    elif "not utf-8" in text:
        reason = "it is not UTF-8; save it as UTF-8"
    return QueryError(f"{file[1] if file else label!r} cannot be read: {reason}")
