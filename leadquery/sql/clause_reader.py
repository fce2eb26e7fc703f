"""FROM and WHERE of a statement, and the clauses that are not read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp

from leadquery.expr.field import BaseField
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.sql.buckets import read_periods
from leadquery.sql.flatten import Flat
from leadquery.sql.joined import filled_fields
from leadquery.sql.literals import unwrap
from leadquery.sql.names import table_name
from leadquery.sql.outputs import Output
from leadquery.sql.patterns import nulls_of_joins
from leadquery.sql.predicates import Reader
from leadquery.sql.statement import Place, Source, UnreadableError

if TYPE_CHECKING:
    from leadquery.expr.predicate import Condition


Key = BaseField[Any] | DateBucket | Bins | NamedPeriods


@attrs.frozen(eq=False)
class Item:
    """An entry of SELECT."""

    node: exp.Expr
    alias: str
    value: Output


@attrs.define(eq=False)
class ClauseReader:
    """The parts of a statement, and what is refused of it."""

    source: Source
    reader: Reader
    flat: Flat
    refusals: list[UnreadableError] = attrs.field(factory=list)
    items: list[Item] = attrs.field(factory=list)
    keys: list[Key] = attrs.field(factory=list)
    remarks: list[str] = attrs.field(factory=list)

    @property
    def select(self) -> exp.Select:
        """The SELECT that is read."""
        return self.flat.select

    @contextmanager
    def _collect(self) -> Iterator[None]:
        """Go on behind a part that is refused."""
        try:
            yield
        except AlreadyRefusedError:
            pass
        except UnreadableError as refusal:
            self.refusals.append(refusal)

    def _check_clauses(self) -> None:
        """Refuse the clauses that are not read."""
        for key, value in self.select.args.items():
            if not value or key in _CLAUSES or value == [nulls_of_joins()]:
                continue
            keyword, hint = _OTHER_CLAUSES.get(key, (key.strip("_").replace("_", " ").upper(), ""))
            first = value[0] if isinstance(value, list) else value
            node = first if isinstance(first, exp.Expr) else self.select
            place = self.source.keyword(node, *_KEYWORDS.get(key, (keyword,)))
            self.refusals.append(
                UnreadableError(place, f"{keyword} is not read; {hint or 'leave it out'}")
            )

    def _read_from(self) -> None:
        source = self.select.args.get("from_")
        if source is None:
            place = self.source.keyword(None, "SELECT")
            raise UnreadableError(place, "there is no FROM; write FROM leads")
        table = source.this
        if not isinstance(table, exp.Table) or not isinstance(table.this, exp.Identifier):
            raise UnreadableError(
                table, f"{self.source.sql(table)} is not read; write FROM and one table of leads"
            )
        for key, value in table.args.items():
            if value and key not in _TABLE_PARTS:
                part = value[0] if isinstance(value, list) else value
                node = part if isinstance(part, exp.Expr) else table
                keyword = key.strip("_").upper()
                raise UnreadableError(
                    node, f"{keyword} of a table is not read; write the table alone"
                )
        alias = table.args.get("alias")
        if alias is not None and alias.args.get("columns"):
            message = "columns have the names of their fields; leave the other names out"
            raise UnreadableError(table, message)
        self.reader = attrs.evolve(self.reader, names=self.reader.names.inside(table_name(table)))

    def _read_joins(self) -> None:
        """Read the joins that name periods. Others are refused as clauses."""
        others = []
        for join in self.select.args.get("joins") or ():
            key = read_periods(self.reader, join)
            if key is None:
                others.append(join)
            else:
                self.reader.periods[f"{key.name}_label"] = key
        self.select.set("joins", others)

    def _where(self) -> Iterator[Condition]:
        where = self.select.args.get("where")
        for part in () if where is None else self.reader.operands(where.this, exp.And):
            if _is_always_true(part):
                continue
            with self._collect():
                condition = self.reader.condition(part)
                self.reader.notes.filled |= filled_fields(condition)
                yield condition


def _is_always_true(node: exp.Expr) -> bool:
    """Whether a part of WHERE is a constant such as `1 = 1`, which programs write first."""
    node = unwrap(node)
    if isinstance(node, exp.Boolean):
        return bool(node.this)
    is_constant = isinstance(node, exp.EQ) and isinstance(node.this, exp.Literal)
    return is_constant and node.this == node.expression


_CLAUSES: Final = (
    *("expressions", "from_", "where", "group", "having", "order", "limit", "distinct"),
    *("hint", "operation_modifiers"),
)

_TABLE_PARTS: Final = ("this", "alias", "db", "catalog", "hints")

_OWNERS_HINT: Final = (
    "one table of leads is read; for conditions on owners write OwnerId IN (SELECT UserID FROM "
    "users WHERE ...)"
)

_OTHER_CLAUSES: Final[dict[str, tuple[str, str]]] = {
    "joins": ("JOIN", _OWNERS_HINT),
    "laterals": ("LATERAL", _OWNERS_HINT),
    "with_": ("WITH", "write the conditions in one SELECT"),
    "qualify": ("QUALIFY", "write HAVING for conditions on aggregates"),
    "windows": ("WINDOW", "write GROUP BY"),
    "offset": ("OFFSET", "leave it out; client.rows(query) gives all rows one after the other"),
    "into": ("INTO", "write the result of client.run(query) with to_csv or to_parquet"),
    "locks": ("FOR UPDATE", "leave it out; the API only reads"),
    "kind": ("SELECT AS", "write the columns alone"),
    "sample": ("SAMPLE", "leave it out; the API has no samples"),
    "prewhere": ("PREWHERE", "write WHERE"),
}
"""By argument: the name of a clause that is not read, and what to write instead."""

_KEYWORDS: Final[dict[str, tuple[str, ...]]] = {
    "joins": ("JOIN", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", ","),
    "locks": ("FOR",),
    "sample": ("SAMPLE", "TABLESAMPLE", "USING"),
    "kind": ("AS",),
}
"""By argument: the keywords that such a clause may begin with, if these are others."""


class AlreadyRefusedError(UnreadableError):
    """What depends on a part that was refused already."""

    def __init__(self) -> None:
        super().__init__(Place(0, 0), "")
