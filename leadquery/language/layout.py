"""Source laid out on lines, as ruff and black lay it out."""

from __future__ import annotations

from typing import Final

from leadquery.slips.screen import columns
from leadquery.words.nodes import Call, Chain, Joined, Node, flat

# What ruff and black are set to.
WIDTH: Final = 88


def statement(calls: list[Node]) -> str:
    chain = Chain(("Leads", *calls))
    start = len("query = ")
    if len(calls) < 3 or _fits(chain, start):
        return _layout(chain, start, 0, 0)
    if _fits(chain, 4):
        return f"(\n    {flat(chain)}\n)"
    first = Chain(("Leads", calls[0]))
    lines = [f"    {_layout(node, 4, 4, 0)}\n" for node in (first, *calls[1:])]
    return f"(\n{''.join(lines)})"


def _layout(node: Node, column: int, indent: int, tail: int) -> str:
    """A node from a column on; `tail` is the width of what follows it on its last line."""
    if _fits(node, column + tail):
        return flat(node)
    match node:
        case Call(head, args, close):
            return f"{head}\n{_arguments(args, indent + 4, close)}{' ' * indent}{close}"
        case Joined(sign, (first, *rest)):
            begin = f"\n{' ' * indent}{sign} "
            after = min(indent, column)
            lines = [_layout(side, after + len(sign) + 1, indent, 0) for side in rest]
            return begin.join([_layout(first, column, indent, 0), *lines])
        case Chain(links):
            return _linked(links, column, indent, tail)
    return flat(node)


def _arguments(args: tuple[Node, ...], indent: int, close: str) -> str:
    pad = " " * indent
    together = ", ".join(map(flat, args))
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
        head = following.head if isinstance(following, Call) else flat(following)
        after = columns(head) + (0 if isinstance(following, Call) else tail)
        here = columns(said.rpartition("\n")[2]) + (0 if "\n" in said else column)
        said += _layout(link, here, indent, after)
    return said


def _fits(node: Node, column: int) -> bool:
    return column + columns(flat(node)) <= WIDTH
