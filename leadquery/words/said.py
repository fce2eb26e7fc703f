"""Words and conditions as the Python that builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadquery.errors import QueryError
from leadquery.spec.model import Comparison, LeadFilter, Presence
from leadquery.spec.vocabulary import FALSE, SEPARATOR, TRUE, Joiner, Operator
from leadquery.words.literals import quoted
from leadquery.words.nodes import Call, Chain, Joined, Node, flat, joined, listed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from leadquery.spec import model
    from leadquery.words.attribute import Attribute
    from leadquery.words.condition import Condition
    from leadquery.words.owners import UserCondition
    from leadquery.words.word import Word

SIGNS = {Joiner.AND: "&", Joiner.OR: "|"}


def word_source(word: Word[Any]) -> str:
    """A word as an expression."""
    return flat(word_node(word))


def word_node(word: Word[Any]) -> Node:
    """A standard field by its name, another by its kind and name."""
    from leadquery.fields import STANDARD

    if type(STANDARD.get(word.name)) is type(word):
        return word.name
    return Call(f"{type(word).__name__}(", (quoted(word.name),))


def condition_source(condition: Condition) -> str:
    """A condition as an expression."""
    return flat(joined("&", condition_nodes(condition.conditions)))


def condition_nodes(conditions: Mapping[LeadFilter, Word[Any]]) -> list[Node]:
    """Each filter as an expression, with the word that was used if it says the same."""
    return [_filter_node(one, word) for one, word in conditions.items()]


def _filter_node(one: LeadFilter, word: Word[Any]) -> Node:
    from leadquery.words.kinds import Field

    plain = type(word)(word.name)
    return _said_by(one, plain) or _said_by(one, Field(one.name)) or ""


def _said_by(one: LeadFilter, word: Word[Any]) -> Node | None:
    """The filter in terms of a word, or None where it would send something else."""
    from leadquery.words.word import offers

    if not offers(word, one.operator):
        return None
    name = word_node(word)
    match one:
        case Presence():
            return Chain((name, f".{one.operator.python}()"))
        case Comparison(_, value, operator):
            literal = _literal(word, value, operator)
            if literal is None:
                return None
            if operator.python.isidentifier():
                return Chain((name, Call(f".{operator.python}(", (literal,))))
            return Joined(operator.python, (name, literal))
    literals = [_literal(word, value, one.operator) for value in one.values]
    if None in literals:
        return None
    listed = Call("[", tuple(filter(None, literals)), "]")
    return Chain((name, Call(f".{one.operator.python}(", (listed,))))


def _literal(word: Word[Any], text: str, operator: Operator) -> str | None:
    """The Python value that the word writes as this text."""
    from leadquery.words.kinds import Boolean, Number

    if isinstance(word, Boolean):
        return {TRUE: "True", FALSE: "False"}.get(text)
    try:
        if not isinstance(word, Number):
            return quoted(text) if word.text(text, operator) == text else None
        value = int(text) if "." not in text else float(text)
        return text if word.text(value) == text else None
    except (ValueError, OverflowError, QueryError):
        return None


def attribute_node(attribute: Attribute) -> Node:
    """An attribute of users: a standard one by its name, another in words."""
    from leadquery.users import STANDARD

    if attribute.name in STANDARD:
        return f"users.{attribute.name}"
    return Call("users.Attribute(", (quoted(attribute.name),))


def user_node(condition: UserCondition) -> Node:
    """A condition on users as an expression."""
    inner, outer = SIGNS[condition.joiner.other], SIGNS[condition.joiner]
    groups = [joined(inner, list(map(_one_user_node, group))) for group in condition.groups]
    return joined(outer, groups)


def _one_user_node(one: model.UserCondition) -> Node:
    """One condition as the plainest expression that builds it."""
    from leadquery.words.attribute import Attribute

    word = Attribute(one.name)
    name, value = attribute_node(word), quoted(one.value)
    values = one.value.split(SEPARATOR)
    ways: tuple[tuple[Callable[[], UserCondition], Node], ...] = (
        (lambda: word == one.value, Joined("==", (name, value))),
        (lambda: word.is_in(values), Chain((name, Call(".is_in(", (listed(values),))))),
        (lambda: word.contains(one.value), Chain((name, Call(".contains(", (value,))))),
    )
    for build, node in ways:
        try:
            if build().groups == ((one,),):
                return node
        except QueryError:
            continue
    return Chain((name, Call(".matches(", (quoted(one.operator), value))))
