"""SELECT and GROUP BY of a statement."""

from __future__ import annotations

import attrs
from sqlglot import exp

from leadquery.expr.aggregate import Aggregate, Function
from leadquery.expr.field_types import Date, DateTime, DerivedColumn, Field, Text
from leadquery.expr.group_key import DateBucket
from leadquery.sql.clause_reader import AlreadyRefusedError, ClauseReader, Item, Key
from leadquery.sql.columns import identifier
from leadquery.sql.literals import unfold, unwrap
from leadquery.sql.outputs import Output, read_output
from leadquery.sql.statement import UnreadableError
from leadquery.sql.written import text_of_column


@attrs.define(eq=False)
class GroupReader(ClauseReader):
    """Reads the columns of SELECT, and the keys of groups."""

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


def _as_quantile(aggregate: Aggregate) -> Aggregate:
    """A median as the quantile that it is."""
    if aggregate.measure.function is not Function.MEDIAN:
        return aggregate
    measure = attrs.evolve(aggregate.measure, function=Function.QUANTILE, q=0.5)
    return attrs.evolve(aggregate, measure=measure)
