"""Words and conditions as the Python that builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadquery._util.python_literals import quote
from leadquery._util.source_tree import (
    BinaryNode,
    CallNode,
    MethodChain,
    Node,
    binary_node,
    list_node,
    render_flat,
)
from leadquery.errors import QueryError
from leadquery.wire.enums import LogicalOperator, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, PresenceFilter
from leadquery.wire.protocol import FALSE, SEPARATOR, TRUE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Predicate
    from leadquery.expr.user_field import Attribute
    from leadquery.expr.user_predicate import UserPredicate
    from leadquery.wire import model


SIGNS = {LogicalOperator.AND: "&", LogicalOperator.OR: "|"}


def field_source(word: BaseField[Any]) -> str:
    """A word as an expression."""
    return render_flat(field_node(word))


def field_node(word: BaseField[Any]) -> Node:
    """A standard field by its name, another by its kind and name."""
    from leadquery.fields import STANDARD

    if type(STANDARD.get(word.name)) is type(word):
        return word.name
    return CallNode(f"{type(word).__name__}(", (quote(word.name),))


def predicate_source(condition: Predicate) -> str:
    """A condition as an expression."""
    return render_flat(binary_node("&", predicate_nodes(condition.conditions)))


def predicate_nodes(conditions: Mapping[LeadFilter, BaseField[Any]]) -> list[Node]:
    """Each filter as an expression, with the word that was used if it says the same."""
    return [_filter_node(one, word) for one, word in conditions.items()]


def _filter_node(one: LeadFilter, word: BaseField[Any]) -> Node:
    from leadquery.expr.field_types import Field

    plain = type(word)(word.name)
    return _try_render(one, plain) or _try_render(one, Field(one.name)) or ""


def _try_render(one: LeadFilter, word: BaseField[Any]) -> Node | None:
    """The filter in terms of a word, or None where it would send something else."""
    from leadquery.expr.field import supports

    if not supports(word, one.operator):
        return None
    name = field_node(word)
    match one:
        case PresenceFilter():
            return MethodChain((name, f".{one.operator.python}()"))
        case ComparisonFilter(_, value, operator):
            literal = _literal(word, value, operator)
            if literal is None:
                return None
            if operator.python.isidentifier():
                return MethodChain((name, CallNode(f".{operator.python}(", (literal,))))
            return BinaryNode(operator.python, (name, literal))
    literals = [_literal(word, value, one.operator) for value in one.values]
    if None in literals:
        return None
    listed = CallNode("[", tuple(filter(None, literals)), "]")
    return MethodChain((name, CallNode(f".{one.operator.python}(", (listed,))))


def _literal(word: BaseField[Any], text: str, operator: Operator) -> str | None:
    """The Python value that the word writes as this text."""
    from leadquery.expr.field_types import Boolean, Number

    if isinstance(word, Boolean):
        return {TRUE: "True", FALSE: "False"}.get(text)
    try:
        if not isinstance(word, Number):
            return quote(text) if word.text(text, operator) == text else None
        value = int(text) if "." not in text else float(text)
        return text if word.text(value) == text else None
    except (ValueError, OverflowError, QueryError):
        return None


def attribute_node(attribute: Attribute) -> Node:
    """An attribute of users: a standard one by its name, another in words."""
    from leadquery.users import STANDARD

    if attribute.name in STANDARD:
        return f"users.{attribute.name}"
    return CallNode("users.Attribute(", (quote(attribute.name),))


def user_node(condition: UserPredicate) -> Node:
    """A condition on users as an expression."""
    inner, outer = SIGNS[condition.joiner.other], SIGNS[condition.joiner]
    groups = [binary_node(inner, list(map(_one_user_node, group))) for group in condition.groups]
    return binary_node(outer, groups)


def _one_user_node(one: model.UserCondition) -> Node:
    """One condition as the plainest expression that builds it."""
    from leadquery.expr.user_field import Attribute

    word = Attribute(one.name)
    name, value = attribute_node(word), quote(one.value)
    values = one.value.split(SEPARATOR)
    ways: tuple[tuple[Callable[[], UserPredicate], Node], ...] = (
        (lambda: word == one.value, BinaryNode("==", (name, value))),
        (
            lambda: word.is_in(values),
            MethodChain((name, CallNode(".is_in(", (list_node(values),)))),
        ),
        (lambda: word.contains(one.value), MethodChain((name, CallNode(".contains(", (value,))))),
    )
    for build, node in ways:
        try:
            if build().groups == ((one,),):
                return node
        except QueryError:
            continue
    return MethodChain((name, CallNode(".matches(", (quote(one.operator), value))))
