"""Words and conditions as the Python that builds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from leadquery.errors import QueryError
from leadquery.spec.model import Comparison, LeadFilter, Presence
from leadquery.spec.vocabulary import FALSE, TRUE, Operator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from leadquery.words.word import Condition, Word

ORDERING = {Operator.ABOVE, Operator.BELOW, Operator.AT_LEAST, Operator.AT_MOST}


class Call(NamedTuple):
    """Source that can be broken between its arguments: `head(` arguments `)`."""

    head: str
    args: tuple[Node, ...]
    close: str = ")"


class Joined(NamedTuple):
    """Source that can be broken before each sign: `side sign side sign side`."""

    sign: str
    sides: tuple[Node, ...]


class Chain(NamedTuple):
    """Sources one behind the other, each broken on its own: `Field("a")`, `.contains("b")`."""

    links: tuple[Node, ...]


Node = str | Call | Joined | Chain


def flat(node: Node) -> str:
    """The source on one line."""
    match node:
        case Call(head, args, close):
            return f"{head}{', '.join(map(flat, args))}{close}"
        case Joined(sign, sides):
            return f" {sign} ".join(map(flat, sides))
        case Chain(links):
            return "".join(map(flat, links))
    return node


def quoted(text: str) -> str:
    """A text as a literal, in double quotes where that takes no more backslashes."""
    quote = '"' if text.count('"') <= text.count("'") else "'"
    return f"{quote}{''.join(_escaped(one, quote) for one in text)}{quote}"


def _escaped(one: str, quote: str) -> str:
    if one in (quote, "\\"):
        return f"\\{one}"
    return one if one.isprintable() else repr(one)[1:-1]


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
    nodes = condition_nodes(condition.filters, condition.words)
    if len(nodes) == 1:
        return flat(nodes[0])
    return flat(Joined("&", tuple(map(bracketed, nodes))))


def bracketed(node: Node) -> Node:
    """A node that may stand beside `&` and `|`."""
    return Call("(", (node,)) if isinstance(node, Joined) else node


def condition_nodes(filters: Iterable[LeadFilter], words: Iterable[Word[Any]]) -> list[Node]:
    """Each filter as an expression, with the word that was used if it says the same."""
    return [_filter_node(one, word) for one, word in zip(filters, words, strict=True)]


def _filter_node(one: LeadFilter, word: Word[Any]) -> Node:
    from leadquery.words.kinds import Field

    plain = type(word)(word.name)
    return _said_by(one, plain) or _said_by(one, Field(one.name)) or ""


def _said_by(one: LeadFilter, word: Word[Any]) -> Node | None:
    """The filter in terms of a word, or None where it would send something else."""
    if not _offers(word, one.operator):
        return None
    name = word_node(word)
    match one:
        case Presence():
            return Chain((name, f".{one.operator.python}()"))
        case Comparison(_, value, operator):
            literal = _literal(word, value, operator)
            if literal is None:
                return None
            if operator in (Operator.CONTAINS, Operator.DOES_NOT_CONTAIN):
                return Chain((name, Call(f".{operator.python}(", (literal,))))
            return Joined(operator.python, (name, literal))
    literals = [_literal(word, value, one.operator) for value in one.values]
    if None in literals:
        return None
    listed = Call("[", tuple(filter(None, literals)), "]")
    return Chain((name, Call(f".{one.operator.python}(", (listed,))))


def _offers(word: Word[Any], operator: Operator) -> bool:
    from leadquery.words.kinds import Column
    from leadquery.words.word import Ordered

    if isinstance(word, Column):
        return False
    if operator in ORDERING:
        return isinstance(word, Ordered)
    return not operator.python.isidentifier() or operator.python in dir(type(word))


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


def listed(items: Sequence[str]) -> Node:
    """A list of texts."""
    return Call("[", tuple(map(quoted, items)), "]")
