"""Python source as a tree, so that it can be written on one line or laid out on several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadquery._util.text import display_width, quote
from leadquery.errors import QueryError
from leadquery.expr.registry import ATTRIBUTES, FIELDS
from leadquery.wire.enums import LogicalOperator, Operator
from leadquery.wire.model import ComparisonFilter, LeadFilter, PresenceFilter
from leadquery.wire.protocol import FALSE, SEPARATOR, TRUE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from leadquery.expr.field import BaseField
    from leadquery.expr.predicate import Predicate
    from leadquery.expr.user_field import Attribute
    from leadquery.expr.user_predicate import UserPredicate
    from leadquery.wire import model


class CallNode(NamedTuple):
    """Source that can be broken between its arguments: `head(` arguments `)`."""

    head: str
    args: tuple[Node, ...]
    close: str = ")"


class BinaryNode(NamedTuple):
    """Source that can be broken before each sign: `side sign side sign side`."""

    sign: str
    sides: tuple[Node, ...]


class MethodChain(NamedTuple):
    """Sources one behind the other, each broken on its own: `Field("a")`, `.contains("b")`."""

    links: tuple[Node, ...]


Node = str | CallNode | BinaryNode | MethodChain


def render_flat(node: Node) -> str:
    """The source on one line."""
    match node:
        case CallNode(head, args, close):
            return f"{head}{', '.join(map(render_flat, args))}{close}"
        case BinaryNode(sign, sides):
            return f" {sign} ".join(map(render_flat, sides))
        case MethodChain(links):
            return "".join(map(render_flat, links))
    return node


def parenthesize(node: Node) -> Node:
    """A node that may stand beside `&` and `|`."""
    return CallNode("(", (node,)) if isinstance(node, BinaryNode) else node


def list_node(items: Iterable[str]) -> Node:
    """A list of texts."""
    return CallNode("[", tuple(map(quote, items)), "]")


def binary_node(sign: str, nodes: list[Node]) -> Node:
    """Nodes joined by `&` or `|`; a single one stands alone."""
    return nodes[0] if len(nodes) == 1 else BinaryNode(sign, tuple(map(parenthesize, nodes)))


# What ruff and black are set to.
LINE_WIDTH: Final = 88


def format_statement(calls: list[Node]) -> str:
    chain = MethodChain(("Leads", *calls))
    start = len("query = ")
    if len(calls) < 3 or _fits_line(chain, start):
        return _layout(chain, start, 0, 0)
    if _fits_line(chain, 4):
        return f"(\n    {render_flat(chain)}\n)"
    first = MethodChain(("Leads", calls[0]))
    lines = [f"    {_layout(node, 4, 4, 0)}\n" for node in (first, *calls[1:])]
    return f"(\n{''.join(lines)})"


def _layout(node: Node, column: int, indent: int, tail: int) -> str:
    """A node from a column on; `tail` is the width of what follows it on its last line."""
    if _fits_line(node, column + tail):
        return render_flat(node)
    match node:
        case CallNode(head, args, close):
            return f"{head}\n{_layout_arguments(args, indent + 4, close)}{' ' * indent}{close}"
        case BinaryNode(sign, (first, *rest)):
            begin = f"\n{' ' * indent}{sign} "
            after = min(indent, column)
            lines = [_layout(side, after + len(sign) + 1, indent, 0) for side in rest]
            return begin.join([_layout(first, column, indent, 0), *lines])
        case MethodChain(links):
            return _layout_chain(links, column, indent, tail)
    return render_flat(node)


def _layout_arguments(args: tuple[Node, ...], indent: int, close: str) -> str:
    pad = " " * indent
    together = ", ".join(map(render_flat, args))
    if close == ")" and _fits_line(together, indent):
        return f"{pad}{together}\n"
    comma = "," if len(args) > 1 or close == "]" else ""
    lines = [_layout(arg, indent, indent, len(comma)) for arg in args]
    return "".join(f"{pad}{line}{comma}\n" for line in lines)


def _layout_chain(links: tuple[Node, ...], column: int, indent: int, tail: int) -> str:
    """Links one behind the other; each is broken when it does not fit with the next one's head."""
    said = ""
    for index, link in enumerate(links):
        following = (*links, "")[index + 1]
        head = following.head if isinstance(following, CallNode) else render_flat(following)
        after = display_width(head) + (0 if isinstance(following, CallNode) else tail)
        here = display_width(said.rpartition("\n")[2]) + (0 if "\n" in said else column)
        said += _layout(link, here, indent, after)
    return said


def _fits_line(node: Node, column: int) -> bool:
    return column + display_width(render_flat(node)) <= LINE_WIDTH


OPERATORS = {LogicalOperator.AND: "&", LogicalOperator.OR: "|"}


def field_source(word: BaseField[Any]) -> str:
    """A word as an expression."""
    return render_flat(field_node(word))


def field_node(word: BaseField[Any]) -> Node:
    """A standard field by its name, another by its kind and name."""
    if type(FIELDS.get(word.name)) is type(word):
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
            literal = _value_source(word, value, operator)
            if literal is None:
                return None
            if operator.python.isidentifier():
                return MethodChain((name, CallNode(f".{operator.python}(", (literal,))))
            return BinaryNode(operator.python, (name, literal))
    literals = [_value_source(word, value, one.operator) for value in one.values]
    if None in literals:
        return None
    listed = CallNode("[", tuple(filter(None, literals)), "]")
    return MethodChain((name, CallNode(f".{one.operator.python}(", (listed,))))


def _value_source(word: BaseField[Any], text: str, operator: Operator) -> str | None:
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
    if attribute.name in ATTRIBUTES.all():
        return f"users.{attribute.name}"
    return CallNode("users.Attribute(", (quote(attribute.name),))


def user_node(condition: UserPredicate) -> Node:
    """A condition on users as an expression."""
    inner, outer = OPERATORS[condition.joiner.other], OPERATORS[condition.joiner]
    groups = [
        binary_node(inner, list(map(_user_condition_node, group))) for group in condition.groups
    ]
    return binary_node(outer, groups)


def _user_condition_node(one: model.UserCondition) -> Node:
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
