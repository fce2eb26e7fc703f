"""Columns of a result by name, and results with other rows: sorted, cut, pivoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import closest_match
from leadquery.errors import QueryError
from leadquery.expr.aggregate import Aggregate, SortKey
from leadquery.expr.field import BaseField
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.result import render
from leadquery.result.serialize import ZoneKey, to_text

if TYPE_CHECKING:
    from leadquery.result.result import Result, Row

ColumnName = str | BaseField[Any] | Aggregate | DateBucket | Bins | NamedPeriods
"""A column: its name, or the field, the aggregate or the group key that it is of."""

_NAMED: Final = (BaseField, Aggregate, DateBucket, Bins, NamedPeriods)


def column_name(result: Result, column: object) -> str:
    """The name of a column. Raises QueryError, with the nearest, if the result has none."""
    name = column.name if isinstance(column, _NAMED) else column
    columns = result.columns
    if isinstance(name, str) and name in columns:
        return name
    folded = name.casefold() if isinstance(name, str) else ""
    near = closest_match(folded, {one.casefold(): one for one in columns}, 0.6)
    hint = f"the nearest is {near!r}" if near else f"it has {', '.join(map(repr, columns))}"
    raise QueryError(f"the result has no column {name!r}; {hint if columns else 'it has none'}")


def sort(result: Result, keys: Sequence[ColumnName | SortKey], *, descending: bool) -> Result:
    """The rows in another order; those that are equal keep theirs."""
    if not keys:
        raise QueryError("sort() names no column; write sort('Score')")
    from leadquery.plan.local_steps import sort_rows

    columns = [
        (column_name(result, key.by), key.descending)
        if isinstance(key, SortKey)
        else (_sorted_column(result, key), descending)
        for key in keys
    ]
    rows = list(result.rows)
    sort_rows(rows, [(_value_of(name), is_reverse) for name, is_reverse in columns], ())
    return attrs.evolve(result, rows=tuple(rows))


def _sorted_column(result: Result, key: ColumnName) -> str:
    """The name of a column to sort by. A direction belongs beside it, not into its name."""
    if isinstance(key, str) and key not in result.columns:
        name = key.removeprefix("-").removesuffix(" DESC").removesuffix(" desc")
        if name != key and name in result.columns:
            raise QueryError(f"{key!r} has a direction; write sort({name!r}, descending=True)")
    return column_name(result, key)


def _value_of(name: str) -> Any:
    return lambda row: row.get(name)


def top(result: Result, n: int, by: ColumnName | None) -> Result:
    """The rows with the greatest values of a column."""
    if type(n) is not int or n < 1:
        raise QueryError(f"top({n!r}) is not a number of rows; write top(10)")
    if by is None:
        by = last_number(result, result.columns, "top(10, 'CreatedOn')")
    return sort(result, [by], descending=True)[:n]


def last_number(result: Result, names: Sequence[str], example: str) -> str:
    """The last of some columns that has numbers."""
    numeric = [name for name in names if render.is_numeric(result, name)]
    if not numeric:
        raise QueryError(f"the result has no column of numbers; name one, as in {example}")
    return numeric[-1]


def pivot(
    result: Result,
    index: ColumnName | None,
    columns: ColumnName | None,
    values: ColumnName | None,
) -> Result:
    """A row for each value of one key, a column for each value of another."""
    row_key, column_key = _pivot_keys(result, index, columns)
    if values is None:
        rest = [name for name in result.columns if name not in (row_key, column_key)]
        value_column = last_number(result, rest, "pivot(values='CreatedOn')")
    else:
        value_column = column_name(result, values)
    if len({row_key, column_key, value_column}) < 3:
        raise QueryError("index, columns and values are three columns; write another for one")
    labels = _labels(render.column_values(result, column_key), row_key, result.tz)
    rows: dict[Any, Row] = {}
    filled: dict[tuple[Any, Any], Row] = {}
    for row in result.rows:
        key, label = _hashable(row.get(row_key)), _hashable(row.get(column_key))
        if (key, label) in filled:
            raise _repeated_pair_error(filled[key, label], row, row_key, column_key, value_column)
        filled[key, label] = row
        if key not in rows:
            rows[key] = {row_key: row.get(row_key)} | dict.fromkeys(labels.values())
        rows[key][labels[label]] = row.get(value_column)
    types = {
        name: result.types[source]
        for name, source in [(row_key, row_key), *((one, value_column) for one in labels.values())]
        if source in result.types
    }
    return attrs.evolve(
        result,
        rows=tuple(rows.values()),
        total=len(rows),
        requested_columns=(row_key,),
        types=types,
    )


def _repeated_pair_error(
    one: Row, other: Row, row_key: str, column_key: str, value_column: str
) -> QueryError:
    """The error for two rows that would be one cell."""
    pair = f"{row_key!r}: {one.get(row_key)!r} and {column_key!r}: {one.get(column_key)!r}"
    used = (row_key, column_key, value_column)
    names = [name for name in one if name not in used and one[name] != other.get(name)]
    hint = "pivot a result with one row for each pair"
    if names:
        hint = f"they differ in {names[0]!r}: leave it out of the query, or name it in pivot(...)"
    return QueryError(f"two rows have {pair}; {hint}")


def _pivot_keys(
    result: Result, index: ColumnName | None, columns: ColumnName | None
) -> tuple[str, str]:
    given = [None if one is None else column_name(result, one) for one in (index, columns)]
    keys = render.label_columns(result) if result.grouped else []
    free = iter([key for key in keys if key not in given])
    found = [one or next(free, None) for one in given]
    row_key, column_key = found
    if row_key is None or column_key is None or (None in given and len(keys) != 2):
        listed = ", ".join(map(repr, result.columns))
        raise QueryError(
            "pivot() needs a result of two group keys; name two columns, as in "
            f"pivot(index=..., columns=...), of {listed or 'none'}"
        )
    return row_key, column_key


def _labels(values: Iterable[Any], taken: str, tz: ZoneKey) -> dict[Any, str]:
    """The name of the column of each value: dates and numbers sorted, text as it comes."""
    found = {_hashable(value): value for value in values}
    has_order = all(isinstance(one, (int, float, date, type(None))) for one in found.values())
    if has_order:
        from leadquery.plan.local_steps import sort_rows

        entries = list(found.items())
        sort_rows(entries, [(lambda entry: entry[1], False)], ())
        found = dict(entries)
    names = {key: render.label(value, tz) or render.NO_DATA for key, value in found.items()}
    name, number = Counter([taken, *names.values()]).most_common(1)[0]
    if number > 1:
        raise QueryError(f"two columns would have the name {name!r}; pivot it the other way")
    return names


def _hashable(value: Any) -> Any:
    """A value as a key of a dict: True differs from 1."""
    return to_text(value) if isinstance(value, (list, dict)) else (type(value), value)
