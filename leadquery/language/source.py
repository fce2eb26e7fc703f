"""A question as the Python that builds it: one expression, or a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from unicodedata import category, east_asian_width

from leadquery import users
from leadquery.errors import QueryError
from leadquery.spec.forms import timestamp
from leadquery.spec.model import Aggregate, DateRange, Listing, Paging
from leadquery.spec.vocabulary import SEPARATOR, DateField, Function, Joiner
from leadquery.users import Attribute, UserCondition
from leadquery.words.kinds import Column, Number
from leadquery.words.said import (
    Call,
    Chain,
    Joined,
    Node,
    bracketed,
    condition_nodes,
    flat,
    listed,
    quoted,
)
from leadquery.words.word import Word, schema_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadquery.language.query import Query, Question
    from leadquery.spec import model

# What ruff and black are set to.
WIDTH: Final = 88
_SIGNS: Final = {Joiner.AND: "&", Joiner.OR: "|"}
_BETWEEN: Final = {DateField.CREATED: "created_between", DateField.MODIFIED: "modified_between"}
_COMPUTED: Final = {Function.AVERAGE: "average", Function.SUM: "sum"}


def expression(question: Question) -> str:
    """The question on one line."""
    return flat(Chain(("Leads", *_calls(question))))


def module(query: Query) -> str:
    """A file that builds the query, as ruff sorts and formats it."""
    calls = list(_calls(query))
    names = _names(calls)
    own = "Leads, users" if "users" in names else "Leads"
    fields = sorted(names - {"users"}, key=lambda name: (name[0].islower(), name.lower()))
    imports = f"from leadquery import {own}\n{_imported(fields)}"
    return f"{imports}\nquery = {_statement(calls)}\n"


def _imported(fields: list[str]) -> str:
    if not fields:
        return ""
    line = f"from leadquery.fields import {', '.join(fields)}\n"
    if len(line) <= WIDTH + 1:
        return line
    rows = "".join(f"    {name},\n" for name in fields)
    return f"from leadquery.fields import (\n{rows})\n"


def _names(nodes: list[Node]) -> set[str]:
    """The names that an expression begins its parts with."""
    found = set()
    for node in nodes:
        match node:
            case Call(head, args):
                found |= {_first_name(head)} | _names(list(args))
            case Joined(_, parts) | Chain(parts):
                found |= _names(list(parts))
            case text:
                found.add(_first_name(text))
    return found - {""}


def _first_name(text: str) -> str:
    name = text.partition("(")[0].partition(".")[0]
    return name if name.isidentifier() and name not in ("True", "False", "None") else ""


def _calls(question: Question) -> Iterator[Node]:
    from leadquery.language.query import Grouped, Query

    if question.filters:
        yield Call(".where(", tuple(condition_nodes(question.filters, question.words)))
    for one in question.dates:
        yield _dated(one)
    if question.users is not None:
        yield Call(".owned_by(", _owners(question.users))
    if isinstance(question, Grouped):
        yield Call(".group_by(", (_field(question.group, unless=Column),))
    if isinstance(question, Query):
        yield from _shown(question.output)
    if question.paging != Paging(1, 100):
        yield Call(".page(", _page(question.paging))


def _dated(one: DateRange) -> Node:
    moments = quoted(timestamp(one.start)), quoted(timestamp(one.end))
    return Call(f".{_BETWEEN[one.field]}(", moments)


def _page(paging: Paging | None) -> tuple[Node, ...]:
    if paging is None:
        return ("None",)
    return (str(paging.index),) if paging.size == 100 else (str(paging.index), str(paging.size))


def _shown(output: Listing | Aggregate) -> Iterator[Node]:
    if isinstance(output, Listing):
        yield Call(".select(", tuple(map(_field, output.columns)))
        return
    yield Call(".group_by(", (_field(output.group, unless=Column),))
    if output.function in _COMPUTED:
        yield Call(f".{_COMPUTED[output.function]}(", (_field(output.field, kind=Number),))
    elif output.field == output.group:
        yield ".count()"
    else:
        yield Call(".count(", (_field(output.field, unless=Column),))


def _field(name: str, *, unless: type[Word[Any]] | None = None, kind: Any = Word) -> Node:
    """A standard field of a kind by its bare name, anything else as text."""
    from leadquery.fields import STANDARD

    word = STANDARD.get(name)
    bare = isinstance(word, kind) and type(word) is not unless
    return name if bare else _text(name)


def _text(name: str) -> Node:
    """A schema name as text, or as a word where a text would be refused."""
    try:
        return quoted(schema_name(name))
    except QueryError:
        return Call("Field(", (quoted(name),))


def _owners(condition: UserCondition) -> tuple[Node, ...]:
    from leadquery.language.query import Leads

    texts = [
        text for group in condition.groups for one in group for text in one.value.split(SEPARATOR)
    ]
    try:
        if Leads.owned_by(*texts).users == condition:
            return tuple(map(quoted, texts))
    except QueryError:
        pass
    return (_users(condition),)


def _users(condition: UserCondition) -> Node:
    groups = [
        _joined(condition.joiner.other, list(map(_user, group))) for group in condition.groups
    ]
    return _joined(condition.joiner, groups)


def _joined(joiner: Joiner, nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Joined(_SIGNS[joiner], tuple(map(bracketed, nodes)))


def _user(one: model.UserCondition) -> Node:
    """One condition, said with the method that its own expression says it with."""
    attribute = Attribute(one.name)
    said = repr(UserCondition(((one,),), Joiner.AND))[len(repr(attribute)) :]
    name: Node = repr(attribute)
    if one.name not in users.STANDARD:
        name = Call("users.Attribute(", (quoted(one.name),))
    if said.startswith(" == "):
        return Joined("==", (name, quoted(one.value)))
    method = said.partition("(")[0]
    values: dict[str, tuple[Node, ...]] = {
        ".is_in": (listed(one.value.split(SEPARATOR)),),
        ".contains": (quoted(one.value),),
        ".matches": (quoted(one.operator), quoted(one.value)),
    }
    return Chain((name, Call(f"{method}(", values[method])))


def _statement(calls: list[Node]) -> str:
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
        after = _width(head) + (0 if isinstance(following, Call) else tail)
        here = _width(said.rpartition("\n")[2]) + (0 if "\n" in said else column)
        said += _layout(link, here, indent, after)
    return said


def _fits(node: Node, column: int) -> bool:
    return column + _width(flat(node)) <= WIDTH


def _width(text: str) -> int:
    """Columns on a screen; most East Asian letters and emoji take two."""
    if text.isascii():
        return len(text)
    return sum(
        0 if category(one) in ("Mn", "Me") else 2 if east_asian_width(one) in "WF" else 1
        for one in text
    )
