"""The conditions of a statement as conditions of a query."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp
from sqlglot.dialects import TSQL

from leadquery.expr.field_types import Boolean, DerivedColumn, Field
from leadquery.expr.group_key import NamedPeriods
from leadquery.expr.predicate import OtherOwners, join
from leadquery.fields import OwnerId
from leadquery.sql.dialects import Dialect
from leadquery.sql.reader.comparisons import Comparison, Notes, derived_column_error
from leadquery.sql.reader.joined import OR_NO_OWNER, fold, merged, operands
from leadquery.sql.reader.literals import (
    Kind,
    is_empty_text,
    moment,
    quoted,
    read_literal,
    unfold,
    unwrap,
)
from leadquery.sql.reader.names import Names
from leadquery.sql.reader.statement import Source, UnreadableError
from leadquery.sql.reader.text_predicates import (
    check_folded,
    compare_folded,
    folded_column,
    read_like,
)
from leadquery.sql.reader.user_predicates import USERS_HINT, read_owners, read_users_of
from leadquery.wire.enums import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EQUAL,
    NOT_EQUAL,
    LogicalOperator,
    Operator,
)

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition

AND, OR = LogicalOperator


COMPARISONS: Final[dict[type[exp.Expr], Operator]] = {
    exp.EQ: EQUAL,
    exp.NEQ: NOT_EQUAL,
    exp.LT: BELOW,
    exp.LTE: AT_MOST,
    exp.GT: ABOVE,
    exp.GTE: AT_LEAST,
}


FLIPPED: Final = {BELOW: ABOVE, ABOVE: BELOW, AT_MOST: AT_LEAST, AT_LEAST: AT_MOST}
"""The operators with their operands exchanged."""


@attrs.frozen(eq=False)
class Reader:
    """Reads the conditions of one statement."""

    source: Source
    names: Names
    engine: Dialect
    notes: Notes = attrs.field(factory=Notes)
    periods: dict[str, NamedPeriods] = attrs.field(factory=dict)
    """Named periods that leads are joined to, by the column of their names."""

    def condition(self, node: exp.Expr, *, negated: bool = False) -> Condition:
        """The condition of a node, or its opposite by SQL's rule for NULL."""
        node = unwrap(node)
        finds_no_owner = node.meta.get(OR_NO_OWNER, False)
        while isinstance(node, exp.Not):
            node, negated = unwrap(node.this), not negated
        if finds_no_owner and isinstance(node, exp.In):
            users = read_users_of(self, node)
            return OtherOwners(users) if negated else join(AND, users, OwnerId.has_data())
        like = node.this if isinstance(node, exp.Escape) else node
        if like.args.get("negate"):
            negated = not negated
        if isinstance(node, (exp.And, exp.Or)):
            parts = [self.condition(part, negated=negated) for part in self.operands(node)]
            return fold(AND if isinstance(node, exp.And) is not negated else OR, parts)
        for types, read in _READERS:
            if isinstance(node, types) and not [
                key for key, value in node.args.items() if value and key not in _PARTS
            ]:
                return read(self, node, negated)
        raise self.not_a_condition(node)

    def operands(self, node: exp.Expr, kind: type[exp.Expr] | None = None) -> list[exp.Expr]:
        """The operands of AND or OR, those that make one condition as one."""
        return merged(kind or type(node), operands(node, kind), _is_second)

    def fold(self, node: exp.Expr, value: exp.Expr) -> None:
        """Note that a value is grouped, counted or sorted without regard to case."""
        if unwrap(value) is unfold(value):
            self.notes.folded.append(node)

    @property
    def has_sets(self) -> bool:
        """Whether LIKE reads `[a-z]` as one of several characters."""
        return isinstance(self.source.dialect, TSQL)

    def column(self, node: exp.Expr) -> BaseField[Any]:
        """The field of a column. Raises UnreadableError for anything else."""
        is_plain = isinstance(node, exp.Column) and not node.args.get("join_mark")
        if isinstance(node, exp.Column) and is_plain and isinstance(node.this, exp.Identifier):
            return self.names.field(node)
        raise UnreadableError(node, _column_message(self.source, node))

    def not_a_condition(self, node: exp.Expr) -> UnreadableError:
        """The refusal of a node that is no condition."""
        if isinstance(node, exp.Column):
            field = self.column(node)
            return UnreadableError(
                node, f"{field.name} alone is no condition; write {field.name} = TRUE"
            )
        for types, hint in _HINTS:
            if isinstance(node, types):
                return UnreadableError(node, f"{self.source.sql(node)} is not read; {hint}")
        return UnreadableError(
            node, f"{self.source.sql(node)} is no condition on a column; {_CONDITIONS_HINT}"
        )


_PARTS: Final = frozenset(
    ("this", "expression", "expressions", "query", "low", "high", "symmetric", "negate", "table")
) | {"db", "catalog", "is_string"}
"""The parts of conditions that are read."""


_CONDITIONS_HINT: Final = (
    "write column = value, <>, <, <=, >, >=, IN, BETWEEN, IS NULL or LIKE '%text%'"
)


def _is_second(start: exp.Expr, end: exp.Expr) -> bool:
    """Whether two values are dates, one second apart."""
    try:
        first, last = read_literal(start), read_literal(end)
        if first is None or last is None:
            return False
        return moment(last)[0] - moment(first)[0] == _SECOND
    except UnreadableError:
        return False


_SECOND: Final = timedelta(seconds=1)


def _read_comparison(reader: Reader, node: exp.Binary, negated: bool) -> Condition:
    operator = COMPARISONS[type(node)]
    left, right = unwrap(node.this), unwrap(node.expression)
    if not left.find(exp.Column) and right.find(exp.Column):
        left, right, operator = right, left, FLIPPED.get(operator, operator)
    if negated:
        operator = operator.opposite or operator
    if not left.find(exp.Column, exp.AggFunc):
        return _refuse_constant(reader, node, negated)
    if isinstance(left, (exp.Lower, exp.Upper)):
        return compare_folded(reader, node, operator, left, right)
    field = reader.column(left)
    if operator is NOT_EQUAL and is_empty_text(right) and not isinstance(field, DerivedColumn):
        return field.has_data()
    literal = read_literal(right)
    if literal is None:
        raise UnreadableError(right, _value_message(reader.source, field, right))
    return Comparison(field, operator, literal, node, reader.notes).condition()


def _value_message(source: Source, field: BaseField[Any], node: exp.Expr) -> str:
    """Why something that is compared with a column is no value."""
    if isinstance(node, exp.Column):
        if isinstance(node.this, exp.Identifier) and node.this.quoted and not node.table:
            return f"double quotes are for names of columns; write {quoted(node.name)}"
        return (
            f"{source.sql(node)} is a column, and the API compares {field.name} with values only; "
            "write the value"
        )
    if isinstance(node, (exp.Subquery, exp.Select, exp.Any, exp.All)):
        return f"a subquery is read in {USERS_HINT} only; write the value"
    return f"{source.sql(node)} is no value; compute it, and write the value"


def _column_message(source: Source, node: exp.Expr) -> str:
    """Why something that stands where a column does is none, and what to write."""
    column = node.find(exp.Column)
    name = "a column" if column is None else column.name
    sql = source.sql(node)
    if isinstance(node, exp.Column):
        return f"{sql} is no column; write its name"
    if isinstance(node, exp.AggFunc):
        return f"{sql} is known of groups only; write the condition in HAVING"
    for types, hint in _FUNCTION_HINTS:
        if isinstance(node, types):
            return f"{sql} is no column; {hint.format(name)}"
    return f"{sql} is no column; write a condition on {name} itself"


_DAY_HINT: Final = "write a range: {0} >= '2026-01-31' AND {0} < '2026-02-01'"


_FUNCTION_HINTS: Final[tuple[tuple[tuple[type[exp.Expr], ...], str], ...]] = (
    (
        (exp.Cast, exp.TryCast, exp.Date, exp.TsOrDsToDate, exp.TimestampTrunc, exp.DateTrunc),
        _DAY_HINT,
    ),
    ((exp.Extract, exp.Year, exp.Month, exp.Day, exp.TimeToStr, exp.ToChar), _DAY_HINT),
    ((exp.Coalesce, exp.Nullif), "write {0} itself, and {0} IS NULL for no data"),
    (
        (exp.StrPosition, exp.Contains, exp.Substring, exp.Left, exp.Right),
        "write {0} LIKE '%text%'",
    ),
    ((exp.Trim, exp.Collate), "write {0} itself; the API compares without regard to case"),
    ((exp.Binary, exp.Neg, exp.Abs, exp.Round), "compute the value, and compare {0} with it"),
)


def _read_in(reader: Reader, node: exp.In, negated: bool) -> Condition:
    if node.args.get("query"):
        return read_owners(reader, node, negated)
    if not node.expressions:
        raise UnreadableError(node, "IN is read with a list of values; write IN ('one', 'two')")
    operator = NOT_EQUAL if negated else EQUAL
    left = unwrap(node.this)
    function = left if isinstance(left, (exp.Lower, exp.Upper)) else None
    field = reader.column(left) if function is None else folded_column(reader, function)
    notes = reader.notes if function is None else Notes()
    parts = []
    for value in node.expressions:
        literal = read_literal(value)
        if literal is None:
            raise UnreadableError(value, _value_message(reader.source, field, value))
        if literal.kind is Kind.NULL:
            hint = f"write {field.name} IS NULL beside it" if not negated else "leave it out"
            raise UnreadableError(value, f"NULL in a list is never found; {hint}")
        if function is not None and literal.kind is Kind.TEXT:
            check_folded(function, literal)
        parts.append(Comparison(field, operator, literal, node, notes).condition())
    return fold(AND if negated else OR, parts)


def _read_between(reader: Reader, node: exp.Between, negated: bool) -> Condition:
    field = reader.column(unwrap(node.this))
    ends = [(node.args["low"], AT_LEAST), (node.args["high"], AT_MOST)]
    literals = []
    for end, _ in ends:
        literal = read_literal(end)
        if literal is None:
            raise UnreadableError(end, _value_message(reader.source, field, end))
        literals.append(literal)
    if node.args.get("symmetric"):
        raise UnreadableError(
            node, "SYMMETRIC is not read; write the lower value first, without it"
        )
    low, high = literals
    if low.kind is high.kind is Kind.NUMBER and low.value > high.value:
        first, second = reader.source.sql(high.node), reader.source.sql(low.node)
        raise UnreadableError(node, f"BETWEEN finds nothing; write BETWEEN {first} AND {second}")
    operators = [operator.opposite if negated else operator for _, operator in ends]
    parts = [
        Comparison(field, operator or EQUAL, literal, node, reader.notes).condition()
        for operator, literal in zip(operators, literals, strict=True)
    ]
    return fold(OR if negated else AND, parts)


def _read_is(reader: Reader, node: exp.Is, negated: bool) -> Condition:
    field = reader.column(unwrap(node.this))
    if isinstance(field, DerivedColumn):
        raise derived_column_error(field, node)
    value = unwrap(node.expression)
    if isinstance(value, exp.Null):
        return field.has_data() if negated else field.has_no_data()
    if isinstance(value, exp.Boolean) and isinstance(field, (Boolean, Field)):
        equal: Condition = field == value.this
        # IS NOT TRUE is true for NULL, too.
        return (field != value.this) | field.has_no_data() if negated else equal
    found = reader.source.sql(node)
    raise UnreadableError(
        node, f"{found} is not read; write {field.name} IS NULL, or compare it by ="
    )


def _read_alone(reader: Reader, node: exp.Column, negated: bool) -> Condition:
    """A checkbox as a condition of its own."""
    field = reader.column(node)
    if not isinstance(field, Boolean):
        raise reader.not_a_condition(node)
    return field == (not negated)


def _refuse_constant(reader: Reader, node: exp.Expr, _: bool) -> Condition:
    # Without it, WHERE FALSE would find all leads.
    found = reader.source.sql(node)
    raise UnreadableError(
        node, f"{found} is the same for every lead; write a condition on a column in its place"
    )


_READERS: Final[tuple[tuple[Any, Callable[[Reader, Any, bool], Condition]], ...]] = (
    (tuple(COMPARISONS), _read_comparison),
    (exp.In, _read_in),
    (exp.Between, _read_between),
    (exp.Is, _read_is),
    ((exp.Like, exp.ILike, exp.Escape), read_like),
    (exp.Column, _read_alone),
    ((exp.Boolean, exp.Literal, exp.Null), _refuse_constant),
)


_HINTS: Final[tuple[tuple[Any, str], ...]] = (
    (exp.Exists, f"write {USERS_HINT}"),
    ((exp.RegexpLike, exp.RegexpILike, exp.SimilarTo, exp.Glob), "write LIKE '%text%'"),
    ((exp.NullSafeEQ, exp.NullSafeNEQ), "write =, <> and IS NULL"),
    (exp.Xor, "write it with AND, OR and NOT"),
    ((exp.Case, exp.If), "write the conditions themselves, joined by AND and OR"),
    (exp.StartsWith, "write LIKE '%text%', which may find more leads"),
    ((exp.Contains, exp.StrPosition), "write LIKE '%text%'"),
)
