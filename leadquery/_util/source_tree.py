"""Python source as a tree, so that it can be written on one line or laid out on several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from leadquery._util.python_literals import quote
from leadquery._util.text import display_width

if TYPE_CHECKING:
    from collections.abc import Iterable


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
WIDTH: Final = 88


def statement(calls: list[Node]) -> str:
    chain = MethodChain(("Leads", *calls))
    start = len("query = ")
    if len(calls) < 3 or _fits(chain, start):
        return _layout(chain, start, 0, 0)
    if _fits(chain, 4):
        return f"(\n    {render_flat(chain)}\n)"
    first = MethodChain(("Leads", calls[0]))
    lines = [f"    {_layout(node, 4, 4, 0)}\n" for node in (first, *calls[1:])]
    return f"(\n{''.join(lines)})"


def _layout(node: Node, column: int, indent: int, tail: int) -> str:
    """A node from a column on; `tail` is the width of what follows it on its last line."""
    if _fits(node, column + tail):
        return render_flat(node)
    match node:
        case CallNode(head, args, close):
            return f"{head}\n{_arguments(args, indent + 4, close)}{' ' * indent}{close}"
        case BinaryNode(sign, (first, *rest)):
            begin = f"\n{' ' * indent}{sign} "
            after = min(indent, column)
            lines = [_layout(side, after + len(sign) + 1, indent, 0) for side in rest]
            return begin.join([_layout(first, column, indent, 0), *lines])
        case MethodChain(links):
            return _linked(links, column, indent, tail)
    return render_flat(node)


def _arguments(args: tuple[Node, ...], indent: int, close: str) -> str:
    pad = " " * indent
    together = ", ".join(map(render_flat, args))
    if close == ")" and _fits(together, indent):
        return f"{pad}{together}\n"
    comma = "," if len(args) > 1 or close == "]" else ""
    lines = [_layout(arg, indent, indent, len(comma)) for arg in args]
    return "".join(f"{pad}{line}{comma}\n" for line in lines)


def _linked(links: tuple[Node, ...], column: int, indent: int, tail: int) -> str:
    """Links one behind the other; each is broken when it does not fit with the next one's head."""
    said = ""
    for index, link in enumerate(links):
        following = (*links, "")[index + 1]
        head = following.head if isinstance(following, CallNode) else render_flat(following)
        after = display_width(head) + (0 if isinstance(following, CallNode) else tail)
        here = display_width(said.rpartition("\n")[2]) + (0 if "\n" in said else column)
        said += _layout(link, here, indent, after)
    return said


def _fits(node: Node, column: int) -> bool:
    return column + display_width(render_flat(node)) <= WIDTH
