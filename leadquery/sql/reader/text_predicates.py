"""Conditions on text: LIKE, and comparisons in lower or upper case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
from sqlglot import exp

from leadquery.expr.field_types import Field, Identifier, Text, Time
from leadquery.sql.reader.comparisons import Comparison
from leadquery.sql.reader.literals import Kind, Literal, quoted, read_literal, unwrap
from leadquery.sql.reader.statement import UnreadableError
from leadquery.wire.enums import LogicalOperator, Operator

if TYPE_CHECKING:
    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Condition
    from leadquery.sql.reader.predicates import Reader

AND, OR = LogicalOperator


def read_like(reader: Reader, node: exp.Expr, negated: bool) -> Condition:
    like, escape = _escape(node)
    left = unwrap(like.this)
    function = left if isinstance(left, (exp.Lower, exp.Upper)) else None
    field: Any = reader.column(left) if function is None else folded_column(reader, function)
    if not isinstance(field, (Text, Field)):
        message = f"{field.name} is no text, which LIKE searches; compare it by ="
        raise UnreadableError(node, message)
    pattern = read_literal(like.expression)
    if pattern is None or pattern.kind is not Kind.TEXT:
        raise UnreadableError(like.expression, "LIKE takes text; write LIKE '%text%'")
    part = searched(reader, field.name, pattern, escape)
    if function is not None:
        check_folded(function, attrs.evolve(pattern, value=part))
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


def searched(reader: Reader, column: str, pattern: Literal, escape: str | None) -> str:
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


def compare_folded(
    reader: Reader, node: exp.Expr, operator: Operator, left: exp.Func, right: exp.Expr
) -> Condition:
    """`LOWER(Source) = 'web'`: a comparison without regard to case, as the API compares."""
    field = folded_column(reader, left)
    is_folded = isinstance(right, type(left))
    literal = read_literal(right.this if is_folded else right)
    if literal is None or literal.kind is not Kind.TEXT:
        raise UnreadableError(right, f"{field.name} is compared with text; write 'text'")
    check_folded(left, literal, is_folded=is_folded)
    return Comparison(field, operator, literal, node).condition()


def folded_column(reader: Reader, function: exp.Func) -> BaseField[Any]:
    """The text field of LOWER or UPPER."""
    field = reader.column(unwrap(function.this))
    if not isinstance(field, (Text, Identifier, Time, Field)):
        name = function.sql_name()
        raise UnreadableError(function, f"{field.name} is no text; write it without {name}")
    return field


def check_folded(function: exp.Func, literal: Literal, *, is_folded: bool = False) -> None:
    """Raise UnreadableError for `LOWER(Source) = 'Web'`, which no lead meets."""
    text = literal.value
    folded = text.lower() if isinstance(function, exp.Lower) else text.upper()
    if not is_folded and text not in (folded, text.casefold()):
        name = function.sql_name()
        raise UnreadableError(
            literal.node, f"{quoted(text)} is never a value of {name}; write {quoted(folded)}"
        )
