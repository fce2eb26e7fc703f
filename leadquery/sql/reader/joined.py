"""Conditions of a statement that AND and OR join."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from sqlglot import exp

from leadquery.expr.predicate import Predicate, equality_values, join, membership
from leadquery.expr.user_field import MAX_CONDITIONS, UserPredicate, combine
from leadquery.sql import patterns
from leadquery.sql.reader.literals import is_empty_text, unfold, unwrap
from leadquery.wire.enums import ONE_OF, LogicalOperator, Operator

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition

AND, OR = LogicalOperator


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
        first, rest = join_users(joiner, users), parts[len(users) :]
    elif joiner is OR and isinstance(first, Predicate) and equality_values(first):
        field = next(iter(first._conditions.values()))
        same = list(takewhile(lambda part: _is_equality(part, field), parts))
        if same:
            values = [value for part in same for value in equality_values(part)]  # type: ignore[arg-type]
            first, rest = membership(field, values), parts[len(same) :]
    return join(joiner, first, *rest)


def _is_on_users(part: Condition) -> bool:
    return isinstance(part, UserPredicate)


def join_users(joiner: LogicalOperator, users: list[Any]) -> UserPredicate:
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


def filled_fields(condition: Condition) -> set[str]:
    """The fields in which all leads that meet a condition have data."""
    if not isinstance(condition, Predicate):
        return set()
    return {one.name for one in condition.filters if one.operator is not Operator.HAS_NO_DATA}


# Conditions that belong together


def merged(
    kind: type[exp.Expr], parts: list[exp.Expr], second: Callable[..., bool]
) -> list[exp.Expr]:
    """The operands of AND or of OR, with those that belong together as one.

    `second` says whether a moment is one second before another.
    """
    rules = _AND_RULES if kind is exp.And else _OR_RULES
    found: list[exp.Expr] = []
    for part in parts:
        for rule in rules if found else ():
            one = rule(found[-1], part, second)
            if one is not None:
                found[-1] = one
                break
        else:
            found.append(part)
    return found


Rule = Callable[[exp.Expr, exp.Expr, Callable[..., bool]], exp.Expr | None]


def _with_data(left: exp.Expr, right: exp.Expr, _: object) -> exp.Expr | None:
    """`x <> 'web' AND x <> ''`: the second says that empty text is no data."""
    compared = left.this if isinstance(left, exp.Not) else left
    compared = compared.this if isinstance(compared, exp.Escape) else compared
    is_kind = isinstance(compared, (exp.NEQ, exp.LT, exp.LTE, exp.Like))
    if not is_kind and _ONE_SECOND not in left.meta:
        return None
    if compared is left and isinstance(left, exp.Like) and not left.args.get("negate"):
        return None
    x = unfold(compared.this)
    if unwrap(compared.this) != x and right == patterns.has_value(x):
        # Where empty text is NULL.
        return left
    is_other = not is_empty_text(compared.expression)
    return left if is_other and is_test_of_text(right, x) else None


def is_test_of_text(node: exp.Expr, x: exp.Expr) -> bool:
    """Whether a node is `x <> ''`."""
    node = unwrap(node)
    return isinstance(node, exp.NEQ) and is_empty_text(node.expression) and unwrap(node.this) == x


def _same_second(left: exp.Expr, right: exp.Expr, second: Callable[..., bool]) -> exp.Expr | None:
    """`x >= t AND x < t + 1 second`: the dates in a second."""
    if type(left) is not exp.GTE or type(right) is not exp.LT or left.this != right.this:
        return None
    if not second(left.expression, right.expression):
        return None
    found = exp.EQ(this=left.this, expression=left.expression)
    found.meta[_ONE_SECOND] = True
    return found


_ONE_SECOND: Final = "one second"
"""Marks the equality of dates, which may be text."""


def _other_second(left: exp.Expr, right: exp.Expr, second: Callable[..., bool]) -> exp.Expr | None:
    """`x < t OR x >= t + 1 second`: the dates in other seconds."""
    if isinstance(left, exp.And) and is_test_of_text(left.expression, unwrap(left.this.this)):
        # As text, which may be empty.
        left = left.this
    if type(left) is not exp.LT or type(right) is not exp.GTE or left.this != right.this:
        return None
    is_one = second(left.expression, right.expression)
    return exp.NEQ(this=left.this, expression=left.expression) if is_one else None


def _no_data(left: exp.Expr, right: exp.Expr, _: object) -> exp.Expr | None:
    """`x IS NULL OR x = ''`: no data."""
    is_null = isinstance(left, exp.Is) and isinstance(left.expression, exp.Null)
    is_empty = isinstance(right, exp.EQ) and is_empty_text(unwrap(right.expression))
    return left if is_null and is_empty and left.this == right.this else None


OR_NO_OWNER: Final = "or no owner"
"""Marks `NOT OwnerId IN (...)` that finds leads without an owner, too."""


def _other_owners(left: exp.Expr, right: exp.Expr, _: object) -> exp.Expr | None:
    """`OwnerId IS NULL OR NOT OwnerId IN (...)`: all leads but those of some users."""
    is_null = isinstance(left, exp.Is) and isinstance(left.expression, exp.Null)
    found = unwrap(right.this) if isinstance(right, exp.Not) else None
    if not is_null or not isinstance(found, exp.In) or not found.args.get("query"):
        return None
    if left.this != found.this:
        return None
    right.meta[OR_NO_OWNER] = True
    return right


_AND_RULES: Final[tuple[Rule, ...]] = (_with_data, _same_second)


_OR_RULES: Final[tuple[Rule, ...]] = (_no_data, _other_second, _other_owners)
