"""Conditions on the owners of leads: subqueries of users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs
from sqlglot import exp

from leadquery.errors import QueryError
from leadquery.expr.predicate import OtherOwners, join
from leadquery.expr.user_field import MAX_CONDITIONS, UserPredicate
from leadquery.fields import OwnerId
from leadquery.sql.reader.joined import join_users, operands
from leadquery.sql.reader.literals import Kind, is_empty_text, read_literal, unfold, unwrap
from leadquery.sql.reader.names import attribute, table_name
from leadquery.sql.reader.statement import UnreadableError, unreadable
from leadquery.sql.reader.text_predicates import searched
from leadquery.users import UserID
from leadquery.wire.enums import LogicalOperator

if TYPE_CHECKING:
    from leadquery.expr.predicate import Condition
    from leadquery.expr.user_field import Attribute
    from leadquery.sql.reader.predicates import Reader

AND, OR = LogicalOperator


USERS_HINT: Final = "OwnerId IN (SELECT UserID FROM users WHERE Role = 'Sales_User')"


def read_owners(reader: Reader, node: exp.In, negated: bool) -> Condition:
    """`OwnerId IN (SELECT UserID FROM users WHERE ...)`: the leads of some users."""
    users = read_users_of(reader, node)
    # NOT IN leaves out leads without an owner; `~` of users does not.
    return join(AND, OtherOwners(users), OwnerId.has_data()) if negated else users


def read_users_of(reader: Reader, node: exp.In) -> UserPredicate:
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
            return join_users(joiner, parts)
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
        return column.contains(searched(self.reader, column.name, pattern, None))

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
