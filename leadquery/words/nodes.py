"""Python source as a tree, so that it can be written on one line or laid out on several."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from leadquery.words.literals import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable


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


def bracketed(node: Node) -> Node:
    """A node that may stand beside `&` and `|`."""
    return Call("(", (node,)) if isinstance(node, Joined) else node


def listed(items: Iterable[str]) -> Node:
    """A list of texts."""
    return Call("[", tuple(map(quoted, items)), "]")


def joined(sign: str, nodes: list[Node]) -> Node:
    """Nodes joined by `&` or `|`; a single one stands alone."""
    return nodes[0] if len(nodes) == 1 else Joined(sign, tuple(map(bracketed, nodes)))
