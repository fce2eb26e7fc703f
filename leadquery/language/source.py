"""A question as the Python that builds it: one expression, or a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadquery.errors import QueryError
from leadquery.language.doubts import is_doubtful
from leadquery.language.layout import WIDTH, statement
from leadquery.spec.forms import timestamp
from leadquery.spec.model import FIRST_PAGE, Aggregate, DateRange, Listing, Paging
from leadquery.spec.vocabulary import SEPARATOR, DateField, Function
from leadquery.words.kinds import Column, Number
from leadquery.words.literals import quoted
from leadquery.words.nodes import Call, Chain, Joined, Node, flat
from leadquery.words.said import condition_nodes, user_node
from leadquery.words.word import Word, schema_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadquery.language.question import Question
    from leadquery.words.owners import UserCondition

_BETWEEN: Final = {DateField.CREATED: "created_between", DateField.MODIFIED: "modified_between"}
_COMPUTED: Final = {Function.AVERAGE: "average", Function.SUM: "sum"}


def expression(question: Question) -> str:
    """The question on one line."""
    return flat(Chain(("Leads", *_calls(question))))


def module(question: Question) -> str:
    """A file that builds the question, as ruff sorts and formats it."""
    calls = list(_calls(question))
    names = _names(calls)
    own = "Leads, users" if "users" in names else "Leads"
    fields = sorted(names - {"users"}, key=lambda name: (name[0].islower(), name.lower()))
    imports = f"from leadquery import {own}\n{_imported(fields)}"
    return f"{imports}\nquery = {statement(calls)}\n"


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

    if question.conditions:
        yield Call(".where(", tuple(condition_nodes(question.conditions)))
    for one in question.dates:
        yield _dated(one)
    if question.users is not None:
        yield Call(".owned_by(", _owners(question.users))
    if isinstance(question, Grouped):
        yield Call(".group_by(", (_field(question.group, unless=Column),))
    if isinstance(question, Query):
        yield from _shown(question.output)
    if question.paging != FIRST_PAGE:
        yield Call(".page(", _page(question.paging))


def _dated(one: DateRange) -> Node:
    moments = quoted(timestamp(one.start)), quoted(timestamp(one.end))
    return Call(f".{_BETWEEN[one.field]}(", moments)


def _page(paging: Paging | None) -> tuple[Node, ...]:
    if paging is None:
        return ("None",)
    index, size = str(paging.index), str(paging.size)
    return (index,) if paging.size == FIRST_PAGE.size else (index, size)


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
    if word is None:
        return _text(name)
    # A text that names a standard field of another kind is refused as its word is.
    bare = isinstance(word, kind) and type(word) is not unless
    return name if bare else Call("Field(", (quoted(name),))


def _text(name: str) -> Node:
    """A schema name as text, or as a word where a text would be refused or doubted."""
    try:
        text = quoted(schema_name(name))
    except QueryError:
        text = ""
    return text if text and not is_doubtful(name) else Call("Field(", (quoted(name),))


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
    return (user_node(condition),)
