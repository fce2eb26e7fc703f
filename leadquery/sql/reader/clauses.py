"""FROM, WHERE, SELECT and GROUP BY of a statement, and the clauses that are not read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp

from leadquery.expr.aggregate import Aggregate, Function
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Date, DateTime, DerivedColumn, Field, Text
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.sql.patterns import nulls_of_joins
from leadquery.sql.reader.buckets import read_periods
from leadquery.sql.reader.flatten import Flat
from leadquery.sql.reader.joined import filled_fields
from leadquery.sql.reader.literals import unfold, unwrap
from leadquery.sql.reader.names import table_name
from leadquery.sql.reader.outputs import Output, read_output
from leadquery.sql.reader.predicates import Reader
from leadquery.sql.reader.statement import Place, Source, UnreadableError
from leadquery.sql.reader.written import text_of_column
from leadquery.sql.tables import identifier

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
    """Reads the parts of a statement; `refusals` are those that cannot be read."""

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

    def _read_items(self) -> None:
        group = self.select.args.get("group")
        grouped = [unwrap(node) for node in ([] if group is None else group.expressions)]
        folded = [unfold(node) for node in grouped if unfold(node) is not node]
        for node in self.select.expressions:
            with self._collect():
                inner = unwrap(node.unalias())
                if isinstance(inner, exp.Min) and text_of_column(inner.this) in folded:
                    # One of the spellings of a group.
                    inner = text_of_column(inner.this)
                value = read_output(self.reader, inner, folds=inner in grouped)
                alias = node.alias
                if isinstance(value, Aggregate):
                    value, alias = self._named_by(value, alias)
                self.items.append(Item(inner, alias, value))

    def _named_by(self, aggregate: Aggregate, alias: str) -> tuple[Aggregate, str]:
        """An aggregate and its alias, which may be the name that `to_sql` gives it."""
        for one in (aggregate, _as_quantile(aggregate)):
            if alias == identifier(one.name, self.reader.engine).name:
                return one, one.name
        return aggregate, alias

    def _read_keys(self) -> None:
        group, distinct = self.select.args.get("group"), self.select.args.get("distinct")
        with self._collect():
            if distinct is not None and distinct.args.get("on"):
                raise UnreadableError(
                    distinct, "DISTINCT ON is not read; write DISTINCT, or GROUP BY"
                )
            if group is not None:
                self._check_group(group)
        already = len(self.refusals)
        for node in () if group is None else group.expressions:
            with self._collect():
                self.keys.append(self._key(node))
        if distinct is not None and group is None and not self._aggregates:
            for item in self.items:
                with self._collect():
                    self.keys.append(self._check_key(item.node, item.value))
        self.keys = [
            attrs.evolve(key, fill=True)
            if isinstance(key, DateBucket) and key.name in self.flat.filled
            else key
            for key in self.keys
        ]
        # The columns of the result are in the order of SELECT.
        places = {self._name(item.value): index for index, item in enumerate(self.items)}
        self.keys = list({self._name(key): key for key in self.keys}.values())
        self.keys.sort(key=lambda key: places.get(self._name(key), len(places)))
        if self._is_grouped and len(self.refusals) == already:
            self._check_items()

    def _check_group(self, group: exp.Group) -> None:
        extra = [key for key, value in group.args.items() if value and key != "expressions"]
        if extra:
            keyword = extra[0].replace("_", " ").upper()
            place = self.source.keyword(None, keyword.split()[0])
            raise UnreadableError(place, f"GROUP BY with {keyword} is not read; write the columns")

    def _key(self, node: exp.Expr) -> Key:
        """The group key of an entry of GROUP BY: an expression, an alias or a position."""
        node = unwrap(node)
        item = self._item_at(node) or self._item_named(node, is_group=True)
        if item is not None:
            return self._check_key(node, item.value)
        if isinstance(node, (exp.Rollup, exp.Cube, exp.GroupingSets)):
            raise UnreadableError(node, f"{self.source.sql(node)} is not read; write the columns")
        return self._check_key(node, read_output(self.reader, node, folds=True))

    def _check_key(self, node: exp.Expr, value: Output) -> Key:
        if isinstance(value, Aggregate):
            raise UnreadableError(node, "an aggregate is no group; write it in SELECT only")
        if isinstance(value, DerivedColumn):
            hint = "group by the id, such as OwnerId"
            raise UnreadableError(node, f"{value.name} is made by the API for its result; {hint}")
        if isinstance(value, DateTime):
            raise UnreadableError(
                node,
                f"{value.name} has a group for each second; write DATE_TRUNC('day', {value.name})",
            )
        if isinstance(value, Date):
            return value.day()
        if isinstance(value, (Text, Field)):
            self.reader.fold(node, node)
        return value

    def _item_at(self, node: exp.Expr) -> Item | None:
        """The entry of SELECT at a position such as `GROUP BY 1`."""
        if not isinstance(node, exp.Literal) or node.is_string:
            return None
        number, most = node.this, len(self.select.expressions)
        if not number.isdigit() or not 1 <= int(number) <= most:
            raise UnreadableError(node, f"{number} is no position in SELECT; write 1 to {most}")
        wanted = unwrap(self.select.expressions[int(number) - 1].unalias())
        found = [item for item in self.items if item.node is wanted]
        if not found:
            raise AlreadyRefusedError
        return found[0]

    def _item_named(self, node: exp.Expr, *, is_group: bool = False) -> Item | None:
        """The entry of SELECT with an alias."""
        if not isinstance(node, exp.Column) or node.table:
            return None
        same = [one for one in self.items if one.alias.casefold() == node.name.casefold()]
        if not same or not node.name:
            return None
        field = self.reader.names.get(node.name)
        is_column = field is not None and field is same[0].value
        if is_group and field is not None and not is_column:
            place = self.items.index(same[0]) + 1
            raise UnreadableError(
                node,
                f"{node.name} is a column and an alias, which engines read differently; "
                f"write GROUP BY {place}, or another alias",
            )
        return same[0]

    @property
    def _aggregates(self) -> list[tuple[Item, Aggregate]]:
        return [(one, one.value) for one in self.items if isinstance(one.value, Aggregate)]

    @property
    def _is_grouped(self) -> bool:
        return bool(self.keys or self._aggregates)

    def _check_items(self) -> None:
        """Refuse two columns of one name, and columns neither grouped by nor aggregated."""
        known = set(map(self._name, self.keys))
        taken: set[str] = set()
        for item, aggregate in self._aggregates:
            name = item.alias or aggregate.name
            if name in taken or name in known:
                message = f"two columns are called {name}; write AS and another name"
                self.refusals.append(UnreadableError(item.node, message))
            taken.add(name)
        for item in self.items:
            value = item.value
            if isinstance(value, Date) and f"{value.name}_day" in known:
                continue
            if not isinstance(value, Aggregate) and self._name(value) not in known:
                sql = self.source.sql(item.node)
                hint = f"write GROUP BY {sql}, or an aggregate of it"
                message = f"{sql} is neither in GROUP BY nor in an aggregate; {hint}"
                self.refusals.append(UnreadableError(item.node, message))

    @staticmethod
    def _name(value: Output) -> str:
        """The name of the column of a result."""
        return value.name


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


def _as_quantile(aggregate: Aggregate) -> Aggregate:
    """A median as the quantile that it is."""
    if aggregate.measure.function is not Function.MEDIAN:
        return aggregate
    measure = attrs.evolve(aggregate.measure, function=Function.QUANTILE, q=0.5)
    return attrs.evolve(aggregate, measure=measure)
