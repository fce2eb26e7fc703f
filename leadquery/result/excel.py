"""Rows as an Excel workbook, by xlsxwriter, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo
from math import isfinite
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from leadquery.errors import QueryError
from leadquery.periods import zone
from leadquery.result.frames import import_optional, observe_result
from leadquery.result.serialize import (
    File,
    ZoneKey,
    check_suffix,
    encode_rows,
    open_target,
    to_text,
    to_zone,
)

if TYPE_CHECKING:
    from leadquery.result.result import Result, Row

MAX_ROWS: Final = (1 << 20) - 1
"""Of a sheet, below its header."""

MAX_COLUMNS: Final = 1 << 14

MAX_CELL_LENGTH: Final = 32_767
"""In UTF-16 code units."""

MAX_DIGITS: Final = 15
"""Of a number that Excel shows in full."""

FIRST_YEAR: Final = 1900
"""Of the dates that Excel has."""

WIDTH: Final = 20
"""Of a column with times, in characters."""


def import_xlsxwriter(feature: str) -> Any:
    """The module. Raises MissingDependencyError if it is not installed."""
    return import_optional(feature, "xlsxwriter", extra="excel")


def to_excel(result: Result, file: File) -> None:
    """Write a workbook of one sheet."""
    check_suffix(file, ".xlsx")
    xlsxwriter = import_xlsxwriter("to_excel()")
    check_size(len(result))
    headers = observe_result(result).headers(result.tz)
    with open_target(file) as out:
        write_workbook(xlsxwriter, out, headers, [result.rows], result.tz)


def check_size(rows: int) -> None:
    """Raise QueryError for more rows than a sheet has."""
    if rows > MAX_ROWS:
        raise QueryError(
            f"a sheet of Excel has {MAX_ROWS:,} rows below its header, and there are {rows:,}; "
            f"write a .parquet or .csv file, or limit the rows to {MAX_ROWS:_}"
        )


def write_workbook(
    xlsxwriter: Any,
    out: BinaryIO,
    headers: Mapping[str, str],
    batches: Iterable[Sequence[Row]],
    tz: ZoneKey,
) -> None:
    """Write rows as a sheet, with the header of each column, and times in a zone.

    Raises QueryError for a text that no cell has room for, and as `encode_rows` does.
    """
    with TemporaryDirectory(prefix="leadquery-", ignore_cleanup_errors=True) as folder:
        file = Path(folder, "leads.xlsx")
        options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True}
        workbook = xlsxwriter.Workbook(file, options)
        sheet = workbook.add_worksheet("leads")
        try:
            writer = _SheetWriter(workbook, sheet, zone(tz))
            writer.write_header(headers)
            for batch in batches:
                writer.write_rows(list(headers), batch)
            workbook.close()
        except xlsxwriter.exceptions.FileCreateError as error:
            # It wraps an OSError.
            raise error.args[0] from None
        finally:
            # Its temporary file, which an error leaves open.
            sheet._opt_close()
        with file.open("rb") as whole:
            copyfileobj(whole, out)


class _SheetWriter:
    """Writes rows below each other, each value as a cell of its type."""

    def __init__(self, workbook: Any, sheet: Any, local: tzinfo) -> None:
        self._sheet = sheet
        self._local = local
        self._next_row = 1
        self._bold = workbook.add_format({"bold": True})
        self._date, self._time, self._fraction = (
            workbook.add_format({"num_format": f"yyyy-mm-dd{time}"})
            for time in ("", " hh:mm:ss", " hh:mm:ss.000")
        )

    def write_header(self, headers: Mapping[str, str]) -> None:
        sheet = self._sheet
        if len(headers) > MAX_COLUMNS:
            raise QueryError(
                f"a sheet of Excel has {MAX_COLUMNS:,} columns, and there are {len(headers):,}; "
                "write a .parquet or .csv file"
            )
        # Long numbers are text on purpose.
        sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS + 1}"})
        sheet.freeze_panes(1, 0)
        encode_rows("".join(headers), [dict.fromkeys(headers)])
        for column, header in enumerate(headers.values()):
            sheet.set_column(column, column, max(WIDTH, len(header) + 2))
            sheet.write_string(0, column, header, self._bold)

    def write_rows(self, names: Sequence[str], rows: Sequence[Row]) -> None:
        for row in rows:
            for column, name in enumerate(names):
                value = row.get(name)
                if value is not None:
                    self._write(column, name, value)
            self._next_row += 1

    def _write(self, column: int, name: str, value: Any) -> None:
        place = self._next_row, column
        if isinstance(value, bool):
            self._sheet.write_boolean(*place, value)
        elif isinstance(value, date):
            self._write_date(place, value)
        elif isinstance(value, float) or (isinstance(value, int) and _is_short(value)):
            # NaN and infinity are no data, as in JSON.
            if isfinite(value):
                self._sheet.write_number(*place, value)
        else:
            self._sheet.write_string(*place, self._text(name, value))

    def _write_date(self, place: tuple[int, int], value: date) -> None:
        if isinstance(value, datetime):
            # The header names the time zone, since a cell has none.
            value = to_zone(value, self._local).replace(tzinfo=None)
            format_ = self._fraction if value.microsecond else self._time
        else:
            format_ = self._date
        if value.year < FIRST_YEAR:
            self._sheet.write_string(*place, to_text(value))
        else:
            self._sheet.write_datetime(*place, value, format_)

    def _text(self, name: str, value: Any) -> str:
        text = to_text(value)
        encode_rows(text, [{name: value}], self._next_row)
        length = len(text.encode("utf-16-le")) // 2
        if length > MAX_CELL_LENGTH:
            raise QueryError(
                f"row {self._next_row:,}, {name!r}: the text has {length:,} characters, and a cell "
                f"of Excel has room for {MAX_CELL_LENGTH:,}; leave the field out, or write a .csv "
                "or .parquet file"
            )
        return text


def _is_short(number: int) -> bool:
    return -(10**MAX_DIGITS) < number < 10**MAX_DIGITS
