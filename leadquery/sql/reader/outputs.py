"""What a statement computes: the columns and aggregates of SELECT."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import attrs
from sqlglot import exp
from sqlglot.dialects import TSQL, Spark2

from leadquery.expr.aggregate import Aggregate, Side, count
from leadquery.expr.field import BaseField
from leadquery.expr.field_types import Date, DerivedColumn, Field, Text
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.fields import ProspectID
from leadquery.sql.reader.buckets import read_bucket, read_written_key
from leadquery.sql.reader.flatten import ComparedAggregate
from leadquery.sql.reader.literals import Kind, read_literal, unfold, unwrap
from leadquery.sql.reader.predicates import Reader
from leadquery.sql.reader.statement import UnreadableError

Output = BaseField[Any] | DateBucket | Bins | NamedPeriods | Aggregate
"""What an entry of SELECT stands for."""


def read_output(reader: Reader, node: exp.Expr, *, folds: bool = False) -> Output:
    """What an entry of SELECT, GROUP BY or ORDER BY stands for.

    `folds` says whether LOWER changes nothing, because values that differ in case are one.
    """
    node = unfold(node) if folds else unwrap(node)
    if isinstance(node, exp.Column) and isinstance(node.this, exp.Identifier):
        return reader.periods.get(node.name) or reader.column(node)
    aggregate = read_aggregate(reader, node)
    if aggregate is not None:
        return aggregate
    if isinstance(node, exp.Star) or (isinstance(node, exp.Column) and node.find(exp.Star)):
        message = "* is not read, because the API lists named columns only; name them"
        raise UnreadableError(node, message)
    key = read_written_key(reader, node) or read_bucket(reader, node)
    if key is not None:
        return key
    sql = reader.source.sql(node)
    if node.find(exp.AggFunc):
        hint = "compute it from the rows of the result, and select the aggregates themselves"
        raise UnreadableError(node, f"{sql} is not read; {hint}")
    raise UnreadableError(
        node,
        f"{sql} is no column, aggregate or DATE_TRUNC of a date; select the columns themselves",
    )


def read_aggregate(reader: Reader, node: exp.Expr) -> Aggregate | None:
    """The aggregate of a node; None if it is none.

    Raises UnreadableError for an aggregate that is not read.
    """
    node = unwrap(node)
    if isinstance(node, ComparedAggregate):
        aggregate = read_aggregate(reader, node.this)
        return None if aggregate is None else _side(aggregate, node.args["side"])
    if isinstance(node, exp.Count):
        return _count(reader, node)
    if isinstance(node, exp.PercentileCont) and node.expression is not None:
        return _quantile(reader, node, node.this, node.expression)
    share = node.args.get("quantile")
    if isinstance(node, exp.Quantile) and share and isinstance(reader.source.dialect, Spark2):
        return _quantile(reader, node, node.this, share)
    if isinstance(node, exp.WithinGroup):
        return _within_group(reader, node)
    if isinstance(node, exp.AggFunc) and type(node) in _FUNCTIONS:
        _check_argument(reader, node)
        return _aggregate(reader, node, node.this, _FUNCTIONS[type(node)])
    for types, hint in _NOT_COMPUTED:
        if isinstance(node, types):
            raise UnreadableError(node, f"{reader.source.sql(node)} is not read; {hint}")
    return None


def _side(aggregate: Aggregate, side: Side) -> Aggregate:
    """The column of a comparison."""
    return attrs.evolve(aggregate, measure=attrs.evolve(aggregate.measure, side=side))


_EXACT_QUANTILE: Final = "write PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY column), which is exact"


_NOT_COMPUTED: Final[tuple[tuple[Any, str], ...]] = (
    (exp.Filter, "write the condition in WHERE, and other aggregates in another query"),
    (exp.Window, "write the aggregate without OVER, and GROUP BY"),
    (exp.CountIf, "write COUNT(*), and the condition in WHERE"),
    (exp.ApproxDistinct, "write COUNT(DISTINCT column)"),
    ((exp.ApproxQuantile, exp.ApproxQuantiles, exp.Quantile), _EXACT_QUANTILE),
    ((exp.PercentileDisc, exp.PercentileCont), _EXACT_QUANTILE),
    (exp.AggFunc, "write COUNT, AVG, SUM, MIN, MAX, MEDIAN or PERCENTILE_CONT"),
)
"""Aggregates that are not read, and what to write instead."""


_FUNCTIONS: Final[dict[type[exp.AggFunc], str]] = {
    exp.Avg: "average",
    exp.Sum: "sum",
    exp.Min: "min",
    exp.Max: "max",
    exp.Median: "median",
}


def _check_argument(reader: Reader, node: exp.AggFunc) -> None:
    """Raise UnreadableError unless an aggregate is of one column."""
    is_whole = isinstance(node, exp.Avg) and isinstance(unwrap(node.this), exp.Column)
    if is_whole and isinstance(reader.source.dialect, TSQL):
        reader.notes.averages.append(node)
    if isinstance(node.this, exp.Distinct):
        name = node.sql_name()
        raise UnreadableError(node, f"{name}(DISTINCT ...) is not read; write {name} of the column")
    if node.expressions:
        raise UnreadableError(node, f"{reader.source.sql(node)} is read with one column; write one")


def _aggregate(
    reader: Reader, node: exp.Expr, argument: exp.Expr, method: str, *arguments: float
) -> Aggregate:
    """The aggregate of a column that a method of its field makes."""
    field: Any = _argument(reader, argument)
    if not hasattr(type(field), method):
        message = (
            f"{reader.source.sql(node)} is not computed, because {field.name} is {_noun(field)}"
        )
        raise UnreadableError(node, f"{message}; write {_possible(field)}")
    aggregate: Aggregate = getattr(field, method)(*arguments)
    return aggregate


def _argument(reader: Reader, node: exp.Expr) -> BaseField[Any]:
    """The field that is aggregated; a cast of numbers changes nothing."""
    node = unwrap(node)
    if isinstance(node, (exp.Cast, exp.TryCast)) and node.to.this in exp.DataType.NUMERIC_TYPES:
        node = unwrap(node.this)
    if isinstance(node, (exp.Case, exp.If)):
        raise UnreadableError(node, "CASE is not read in aggregates; write the condition in WHERE")
    if not isinstance(node, exp.Column):
        sql = reader.source.sql(node)
        raise UnreadableError(node, f"{sql} is no column; write the aggregate of a column alone")
    return reader.column(node)


def _noun(field: BaseField[Any]) -> str:
    if isinstance(field, DerivedColumn):
        return "made by the API for its result"
    return "a date" if isinstance(field, Date) else f"of the type {type(field).__name__}"


def _possible(field: BaseField[Any]) -> str:
    """What can be computed of a field."""
    if hasattr(type(field), "count_distinct"):
        return f"COUNT(DISTINCT {field.name})"
    if hasattr(type(field), "min"):
        return f"MIN({field.name}) or MAX({field.name})"
    return "COUNT(*)"


def _count(reader: Reader, node: exp.Count) -> Aggregate:
    argument = node.this
    if node.expressions:
        raise UnreadableError(node, "COUNT is read with one column; write COUNT(*)")
    if argument is None or isinstance(argument, (exp.Star, exp.Literal)):
        return count()
    if isinstance(argument, exp.Distinct):
        columns = argument.expressions
        if len(columns) != 1 or argument.args.get("on"):
            raise UnreadableError(
                node, "COUNT(DISTINCT ...) is read with one column; write GROUP BY of several"
            )
        if isinstance(reader.column(unfold(columns[0])), (Text, Field)):
            reader.fold(node, columns[0])
        return _aggregate(reader, node, unfold(columns[0]), "count_distinct")
    field = _argument(reader, argument)
    if field.name == ProspectID.name or field.name in reader.notes.filled:
        return count()
    raise UnreadableError(
        node,
        f"COUNT({field.name}) leaves out leads without {field.name}, which no request does beside "
        f"others; write COUNT(*), and {field.name} IS NOT NULL in WHERE",
    )


def _quantile(reader: Reader, node: exp.Expr, argument: exp.Expr, share: exp.Expr) -> Aggregate:
    literal = read_literal(share)
    if literal is None or literal.kind is not Kind.NUMBER or not 0 <= literal.value <= 1:
        raise UnreadableError(share, "a quantile is a number from 0 to 1; write one such as 0.5")
    if literal.value == Decimal("0.5"):
        return _aggregate(reader, node, argument, "median")
    return _aggregate(reader, node, argument, "quantile", float(literal.value))


def _within_group(reader: Reader, node: exp.WithinGroup) -> Aggregate:
    """`PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY Score)`."""
    inner, order = node.this, node.expression
    if not isinstance(inner, exp.PercentileCont) or not isinstance(order, exp.Order):
        raise UnreadableError(
            node,
            f"{reader.source.sql(inner)} is not read; write PERCENTILE_CONT, which interpolates",
        )
    if len(order.expressions) != 1 or order.expressions[0].args.get("desc"):
        raise UnreadableError(
            order, "a quantile has one column in its order, without DESC; write 1 minus the number"
        )
    return _quantile(reader, node, order.expressions[0].this, inner.this)
