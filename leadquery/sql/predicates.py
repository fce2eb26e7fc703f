"""The conditions of a statement as conditions of a query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import reduce
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp
from sqlglot.dialects import TSQL

from leadquery.errors import QueryError
from leadquery.expr.field_types import Boolean, DerivedColumn, Field, Identifier, Text, Time
from leadquery.expr.group_key import NamedPeriods
from leadquery.expr.predicate import OtherOwners, Predicate, equality_values, join, membership
from leadquery.expr.user_field import MAX_CONDITIONS, UserPredicate, combine
from leadquery.fields import OwnerId
from leadquery.sql.dialects import Dialect
from leadquery.sql.literals import (
    Comparison,
    Kind,
    Literal,
    Notes,
    derived_column_error,
    is_empty_text,
    moment,
    quoted,
    read_literal,
    unfold,
    unwrap,
)
from leadquery.sql.names import Names, attribute, table_name
from leadquery.sql.statement import Source, UnreadableError, unreadable
from leadquery.sql.written import OR_NO_OWNER, merged
from leadquery.users import UserID
from leadquery.wire.enums import (
    ABOVE,
    AT_LEAST,
    AT_MOST,
    BELOW,
    EQUAL,
    NOT_EQUAL,
    ONE_OF,
    LogicalOperator,
    Operator,
)

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition
    from leadquery.expr.user_field import Attribute

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

USERS_HINT: Final = "OwnerId IN (SELECT UserID FROM users WHERE Role = 'Sales_User')"


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
            users = _users(self, node)
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


def operands(node: exp.Expr, kind: type[exp.Expr] | None = None) -> list[exp.Expr]:
    """The operands of a chain of AND, or of OR; the parser makes a tree as deep as it is long."""
    kind, found, rest = kind or type(node), [], [node]
    while rest:
        one = unwrap(rest.pop())
        if type(one) is kind:
            rest += [one.expression, one.this]
        else:
            found.append(one)
    return found


def fold(joiner: LogicalOperator, parts: Sequence[Condition]) -> Condition:
    """Conditions joined one after the other, as `&` and `|` join them, but in linear time."""
    first, rest = parts[0], parts[1:]
    if isinstance(first, UserPredicate):
        users = list(takewhile(_is_on_users, parts))
        first, rest = _join_users(joiner, users), parts[len(users) :]
    elif joiner is OR and isinstance(first, Predicate) and equality_values(first):
        field = next(iter(first._conditions.values()))
        same = list(takewhile(lambda part: _is_equality(part, field), parts))
        if same:
            values = [value for part in same for value in equality_values(part)]  # type: ignore[arg-type]
            first, rest = membership(field, values), parts[len(same) :]
    return join(joiner, first, *rest)


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


def filled_fields(condition: Condition) -> set[str]:
    """The fields in which all leads that meet a condition have data."""
    if not isinstance(condition, Predicate):
        return set()
    return {one.name for one in condition.filters if one.operator is not Operator.HAS_NO_DATA}


def _is_on_users(part: Condition) -> bool:
    return isinstance(part, UserPredicate)


def _join_users(joiner: LogicalOperator, users: list[Any]) -> UserPredicate:
    if len(users) > MAX_CONDITIONS:
        # One after the other, that takes quadratic time.
        return combine(joiner, *users)
    joined: UserPredicate = reduce(lambda left, right: combine(joiner, left, right), users)
    return joined


def _is_equality(part: object, field: BaseField[Any]) -> bool:
    """Whether a condition is `==` or `is_in` of a field that has both."""
    return (
        isinstance(part, Predicate)
        and bool(equality_values(part))
        and part.filters[0].name == field.name
        and hasattr(type(field), ONE_OF.python)
    )


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
        return _compare_folded(reader, node, operator, left, right)
    field = reader.column(left)
    if operator is NOT_EQUAL and is_empty_text(right) and not isinstance(field, DerivedColumn):
        return field.has_data()
    literal = read_literal(right)
    if literal is None:
        raise UnreadableError(right, _value_message(reader.source, field, right))
    return Comparison(field, operator, literal, node, reader.notes).condition()


def _compare_folded(
    reader: Reader, node: exp.Expr, operator: Operator, left: exp.Func, right: exp.Expr
) -> Condition:
    """`LOWER(Source) = 'web'`: a comparison without regard to case, as the API compares."""
    field = _folded_column(reader, left)
    is_folded = isinstance(right, type(left))
    literal = read_literal(right.this if is_folded else right)
    if literal is None or literal.kind is not Kind.TEXT:
        raise UnreadableError(right, f"{field.name} is compared with text; write 'text'")
    _check_folded(left, literal, is_folded=is_folded)
    return Comparison(field, operator, literal, node).condition()


def _folded_column(reader: Reader, function: exp.Func) -> BaseField[Any]:
    """The text field of LOWER or UPPER."""
    field = reader.column(unwrap(function.this))
    if not isinstance(field, (Text, Identifier, Time, Field)):
        name = function.sql_name()
        raise UnreadableError(function, f"{field.name} is no text; write it without {name}")
    return field


def _check_folded(function: exp.Func, literal: Literal, *, is_folded: bool = False) -> None:
    """Raise UnreadableError for `LOWER(Source) = 'Web'`, which no lead meets."""
    text = literal.value
    folded = text.lower() if isinstance(function, exp.Lower) else text.upper()
    if not is_folded and text not in (folded, text.casefold()):
        name = function.sql_name()
        raise UnreadableError(
            literal.node, f"{quoted(text)} is never a value of {name}; write {quoted(folded)}"
        )


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
        return _read_owners(reader, node, negated)
    if not node.expressions:
        raise UnreadableError(node, "IN is read with a list of values; write IN ('one', 'two')")
    operator = NOT_EQUAL if negated else EQUAL
    left = unwrap(node.this)
    function = left if isinstance(left, (exp.Lower, exp.Upper)) else None
    field = reader.column(left) if function is None else _folded_column(reader, function)
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
            _check_folded(function, literal)
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
    if isinstance(value, exp.Not):
        value, negated = value.this, not negated
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


def _read_like(reader: Reader, node: exp.Expr, negated: bool) -> Condition:
    like, escape = _escape(node)
    left = unwrap(like.this)
    function = left if isinstance(left, (exp.Lower, exp.Upper)) else None
    field: Any = reader.column(left) if function is None else _folded_column(reader, function)
    if not isinstance(field, (Text, Field)):
        message = f"{field.name} is no text, which LIKE searches; compare it by ="
        raise UnreadableError(node, message)
    pattern = read_literal(like.expression)
    if pattern is None or pattern.kind is not Kind.TEXT:
        raise UnreadableError(like.expression, "LIKE takes text; write LIKE '%text%'")
    part = _searched(reader, field.name, pattern, escape)
    if function is not None:
        _check_folded(function, attrs.evolve(pattern, value=part))
    elif not isinstance(like, exp.ILike):
        reader.notes.case.append(node)
    found: Condition = field.does_not_contain(part) if negated else field.contains(part)
    return found


def _escape(node: exp.Expr) -> tuple[exp.Expr, str | None]:
    """The LIKE of a node, and its escape character."""
    if not isinstance(node, exp.Escape):
        return node, None
    literal = read_literal(node.expression)
    is_like = isinstance(node.this, (exp.Like, exp.ILike))
    if not is_like or literal is None or literal.kind is not Kind.TEXT:
        raise UnreadableError(node, f"ESCAPE takes one character; write {_ESCAPED}")
    return node.this, literal.value


_ESCAPED: Final = "LIKE '%100!%%' ESCAPE '!'"


def _searched(reader: Reader, column: str, pattern: Literal, escape: str | None) -> str:
    """The text that a pattern such as '%text%' looks for anywhere.

    Raises UnreadableError for other patterns.
    """
    # Wildcards as they are, and None in place of other characters.
    wildcards: list[str | None] = []
    text, searched = pattern.value, ""
    characters = iter(text)
    for character in characters:
        is_wildcard = character in "%_" and character != escape
        if escape is None and (character == "\\" or (character == "[" and reader.has_sets)):
            message = f"{character} may have a meaning of its own in LIKE; write {_ESCAPED}"
            raise UnreadableError(pattern.node, message)
        if not is_wildcard:
            searched += next(characters, "") if character == escape else character
        wildcards.append(character if is_wildcard else None)
    found = [one for one in wildcards if one is not None]
    if found == ["%", "%"] == [wildcards[0], wildcards[-1]] and searched:
        return searched
    if not searched:
        hint = f"{quoted(text)} finds any text; write {column} IS NOT NULL"
    elif not found:
        hint = f"{quoted(text)} has no wildcard; write {column} = {quoted(searched)}"
    else:
        hint = (
            f"{quoted(text)} is not read, because the API finds text anywhere in a value; write "
            "LIKE '%text%', which may find more leads"
        )
    raise UnreadableError(pattern.node, hint)


def _read_alone(reader: Reader, node: exp.Column, negated: bool) -> Condition:
    """A checkbox as a condition of its own."""
    field = reader.column(node)
    if not isinstance(field, Boolean):
        raise reader.not_a_condition(node)
    return field == (not negated)


def _refuse_constant(reader: Reader, node: exp.Expr, _: bool) -> Condition:
    raise UnreadableError(
        node, f"{reader.source.sql(node)} is the same for every lead; leave it out"
    )


def _read_owners(reader: Reader, node: exp.In, negated: bool) -> Condition:
    """`OwnerId IN (SELECT UserID FROM users WHERE ...)`: the leads of some users."""
    users = _users(reader, node)
    # NOT IN leaves out leads without an owner; `~` of users does not.
    return join(AND, OtherOwners(users), OwnerId.has_data()) if negated else users


def _users(reader: Reader, node: exp.In) -> UserPredicate:
    """The condition on users of IN."""
    query = node.args["query"]
    select = query.this if isinstance(query, exp.Subquery) else query
    if reader.column(unfold(node.this)).name != OwnerId.name:
        message = f"a subquery is read for OwnerId only; write {USERS_HINT}"
        raise UnreadableError(node, message)
    return read_users(reader, select)


_USER_CLAUSES: Final = ("expressions", "from_", "where", "distinct")


def read_users(reader: Reader, select: exp.Expr) -> UserPredicate:
    """The condition on users of `SELECT UserID FROM users WHERE ...`."""
    other = [value for key, value in select.args.items() if value and key not in _USER_CLAUSES]
    if not isinstance(select, exp.Select) or other or len(select.expressions) != 1:
        raise UnreadableError(select, f"this subquery is not read; write {USERS_HINT}")
    source, where = select.args.get("from_"), select.args.get("where")
    column = unfold(select.expressions[0].unalias())
    if source is None or not isinstance(source.this, exp.Table):
        raise UnreadableError(column, f"the subquery has no table of users; write {USERS_HINT}")
    table = table_name(source.this)
    if not isinstance(column, exp.Column) or attribute(column, table).name != UserID.name:
        raise UnreadableError(column, f"the subquery gives ids of users; write {USERS_HINT}")
    if where is None:
        message = "the subquery finds every user; write OwnerId IS NOT NULL, or add WHERE"
        raise UnreadableError(source.this, message)
    users = _UserReader(reader, table)
    # Users have ids.
    parts = [one for one in operands(where.this, exp.And) if not users.is_test_of_id(one)]
    if not parts:
        raise UnreadableError(source.this, f"the subquery finds every user; write {USERS_HINT}")
    return users.joined(AND, where.this, [users.condition(one) for one in parts])


@attrs.frozen(eq=False)
class _UserReader:
    """Reads the conditions of a subquery of users."""

    reader: Reader
    table: str

    def condition(self, node: exp.Expr) -> UserPredicate:
        node = unwrap(node)
        if isinstance(node, (exp.And, exp.Or)):
            parts = [self.condition(part) for part in operands(node)]
            return self.joined(AND if isinstance(node, exp.And) else OR, node, parts)
        try:
            if isinstance(node, exp.EQ):
                return self._equal(node)
            if isinstance(node, exp.In) and node.expressions:
                values = [self._text(value) for value in node.expressions]
                return self._attribute(node.this).is_in(values)
            if isinstance(node, (exp.Like, exp.ILike)):
                return self._like(node)
        except QueryError as error:
            raise unreadable(node, error) from None
        raise UnreadableError(
            node,
            f"{self.reader.source.sql(node)} is no condition that the API has for users; write "
            "column = 'text', IN or LIKE '%text%', or OwnerId NOT IN (...) for all others",
        )

    def joined(
        self, joiner: LogicalOperator, node: exp.Expr, parts: list[UserPredicate]
    ) -> UserPredicate:
        """Conditions joined by AND or OR."""
        try:
            return _join_users(joiner, parts)
        except QueryError:
            message = (
                f"the API takes at most {MAX_CONDITIONS} conditions on users, joined in two "
                "levels; write fewer"
            )
            raise UnreadableError(node, message) from None

    def is_test_of_id(self, node: exp.Expr) -> bool:
        """Whether a node says that users have ids."""
        node = unwrap(node)
        negated = isinstance(node, exp.Not)
        inner = unwrap(node.this) if negated else node
        is_null = negated and isinstance(inner, exp.Is) and isinstance(inner.expression, exp.Null)
        is_empty = isinstance(inner, exp.NEQ) and not negated and is_empty_text(inner.expression)
        column = unfold(inner.this) if is_null or is_empty else None
        is_column = isinstance(column, exp.Column)
        return is_column and attribute(column, self.table).name == UserID.name  # type: ignore[arg-type]

    def _equal(self, node: exp.EQ) -> UserPredicate:
        left, right = unwrap(node.this), unwrap(node.expression)
        if not left.find(exp.Column):
            left, right = right, left
        return self._attribute(left) == self._text(right)

    def _like(self, node: exp.Binary) -> UserPredicate:
        column = self._attribute(node.this)
        pattern = read_literal(node.expression)
        if pattern is None or pattern.kind is not Kind.TEXT:
            raise UnreadableError(node.expression, "LIKE takes text; write LIKE '%text%'")
        self.reader.notes.case.append(node)
        return column.contains(_searched(self.reader, column.name, pattern, None))

    def _attribute(self, node: exp.Expr) -> Attribute:
        column = unfold(node)
        if not isinstance(column, exp.Column):
            sql = self.reader.source.sql(node)
            raise UnreadableError(node, f"{sql} is no column of users; write one such as Role")
        return attribute(column, self.table)

    def _text(self, node: exp.Expr) -> str:
        literal = read_literal(node)
        if literal is None or literal.kind is Kind.NULL:
            raise UnreadableError(node, "users are compared with text; write 'text'")
        if not literal.value:
            raise UnreadableError(
                node, "the API has no condition for users without data; write 'text'"
            )
        if "," in str(literal.value):
            message = "a comma separates values in the API; write IN with each of them"
            raise UnreadableError(node, message)
        return str(literal.value)


_READERS: Final[tuple[tuple[Any, Callable[[Reader, Any, bool], Condition]], ...]] = (
    (tuple(COMPARISONS), _read_comparison),
    (exp.In, _read_in),
    (exp.Between, _read_between),
    (exp.Is, _read_is),
    ((exp.Like, exp.ILike, exp.Escape), _read_like),
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
