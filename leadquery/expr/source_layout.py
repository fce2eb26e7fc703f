"""Python source as a tree of nodes, written on one line or laid out on several.

`render_flat` writes a node on one line, `format_statement` a query as ruff would format it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from leadquery._util.layout import display_width
from leadquery._util.text import quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from leadquery.wire.types import Json


class CallNode(NamedTuple):
    """Source that can be wrapped between arguments: `head(a, b)`."""

    head: str
    args: tuple[Node, ...]
    close: str = ")"


class BinaryNode(NamedTuple):
    """Source that can be wrapped before each operator: `a & b & c`."""

    operator: str
    operands: tuple[Node, ...]


class MethodChain(NamedTuple):
    """Source whose links can be wrapped each: `Field("a")`, `.contains("b")`."""

    links: tuple[Node, ...]


class PairNode(NamedTuple):
    """A keyword argument, or an item of a dict: `name=value`."""

    name: str
    value: Node
    separator: str = "="


Node = str | CallNode | BinaryNode | MethodChain | PairNode


def render_flat(node: Node) -> str:
    """The source on one line."""
    match node:
        case CallNode(head, args, close):
            return f"{head}{', '.join(map(render_flat, args))}{close}"
        case BinaryNode(operator, operands):
            return f" {operator} ".join(map(render_flat, operands))
        case MethodChain(links):
            return "".join(map(render_flat, links))
        case PairNode(name, value, separator):
            return f"{name}{separator}{render_flat(value)}"
    return node


def parenthesize(node: Node) -> Node:
    """The node as an operand of `&` or `|`."""
    return CallNode("(", (node,)) if isinstance(node, BinaryNode) else node


def chain_node(node: Node, link: Node) -> Node:
    """A node with one more link."""
    return MethodChain((*(node.links if isinstance(node, MethodChain) else (node,)), link))


def list_node(items: Iterable[str]) -> Node:
    """A list of string literals."""
    return CallNode("[", tuple(map(quote, items)), "]")


def json_node(value: Json) -> Node:
    """A JSON value as a literal."""
    if isinstance(value, dict):
        items = (PairNode(quote(name), json_node(entry), ": ") for name, entry in value.items())
        return CallNode("{", tuple(items), "}")
    if isinstance(value, list):
        return CallNode("[", tuple(map(json_node, value)), "]")
    return quote(value) if isinstance(value, str) else repr(value)


def binary_node(operator: str, nodes: list[Node]) -> Node:
    """Nodes joined by `&` or `|`; a single node as it is."""
    return nodes[0] if len(nodes) == 1 else BinaryNode(operator, tuple(map(parenthesize, nodes)))


# The default of ruff and black.
LINE_WIDTH: Final = 88


def format_statement(start: str, calls: list[Node]) -> str:
    """The value of `query = `: the calls on `start`, laid out as ruff formats them."""
    chain = MethodChain((start, *calls))
    column = len("query = ")
    if len(calls) < 3 or _fits_line(chain, column):
        return _layout(chain, column, 0, 0)
    if _fits_line(chain, 4):
        return f"(\n    {render_flat(chain)}\n)"
    first = MethodChain((start, calls[0]))
    lines = [f"    {_layout(node, 4, 4, 0)}\n" for node in (first, *calls[1:])]
    return f"(\n{''.join(lines)})"


def format_assignment(name: str, value: Node, indent: int = 0) -> str:
    """The lines that assign a value to a variable, laid out as ruff formats them."""
    pad = " " * indent
    start = f"{pad}{name} = "
    column, inside = display_width(start), indent + 4
    if isinstance(value, CallNode):
        is_long = "\n" not in value.head and not _fits_line(value.head, column)
        needs_brackets = is_long and _fits_line("(", column)
    else:
        needs_brackets = not _fits_line(value, column) and _fits_line(value, inside)
    if needs_brackets:
        return f"{start}(\n{pad}    {_layout(value, inside, inside, 0)}\n{pad})\n"
    return f"{start}{_layout(value, column, indent, 0)}\n"


def _layout(node: Node, column: int, indent: int, tail: int) -> str:
    """The node, starting at `column`; `tail` is the width of what follows on its last line."""
    if _fits_line(node, column + tail):
        return render_flat(node)
    match node:
        case CallNode(head, args, close):
            inside = _layout_arguments(args, indent + 4, is_list=head == "[" or close == "}")
            return f"{head}\n{inside}{' ' * indent}{close}"
        case BinaryNode(operator, (first, *rest)):
            begin = f"\n{' ' * indent}{operator} "
            after = min(indent, column) + len(operator) + 1
            tails = [*(0 for _ in rest[1:]), tail]
            lines = [_layout(one, after, indent, end) for one, end in zip(rest, tails, strict=True)]
            return begin.join([_layout(first, column, indent, 0), *lines])
        case MethodChain(links):
            return _layout_chain(links, column, indent, tail)
        case PairNode(name, value, separator):
            start = f"{name}{separator}"
            return start + _layout(value, column + display_width(start), indent, tail)
    return render_flat(node)


def _layout_arguments(args: tuple[Node, ...], indent: int, *, is_list: bool) -> str:
    pad = " " * indent
    together = ", ".join(map(render_flat, args))
    if not is_list and _fits_line(together, indent):
        return f"{pad}{together}\n"
    comma = "," if len(args) > 1 or is_list else ""
    lines = [_layout(arg, indent, indent, len(comma)) for arg in args]
    return "".join(f"{pad}{line}{comma}\n" for line in lines)


def _layout_chain(links: tuple[Node, ...], column: int, indent: int, tail: int) -> str:
    """Links one after the other; each is wrapped if the start of the next does not fit."""
    after_calls = [place for place in range(1, len(links)) if _is_call(links[place - 1])]
    if len(after_calls) > 1:
        # As ruff does: a line for each attribute of a call.
        parts = [links[a:b] for a, b in pairwise((0, *after_calls, len(links)))]
        tails = [*(0 for _ in parts[1:]), tail]
        columns = [column, *(indent for _ in parts[1:])]
        lines = [
            _layout_chain(part, start, indent, end)
            for part, start, end in zip(parts, columns, tails, strict=True)
        ]
        return f"\n{' ' * indent}".join(lines)
    source = ""
    for index, link in enumerate(links):
        following = (*links, "")[index + 1]
        head = following.head if isinstance(following, CallNode) else render_flat(following)
        after = display_width(head) + (0 if isinstance(following, CallNode) else tail)
        here = display_width(source.rpartition("\n")[2]) + (0 if "\n" in source else column)
        source += _layout(link, here, indent, after)
    return source


def _is_call(node: Node) -> bool:
    return render_flat(node).endswith(")")


def _fits_line(node: Node, column: int) -> bool:
    return column + display_width(render_flat(node)) <= LINE_WIDTH
