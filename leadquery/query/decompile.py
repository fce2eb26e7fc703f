"""Queries as Python source: an expression, or a whole file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from leadquery._util.text import quote
from leadquery.errors import QueryError
from leadquery.expr.codegen import (
    LINE_WIDTH,
    BinaryNode,
    CallNode,
    MethodChain,
    Node,
    condition_node,
    format_statement,
    predicate_nodes,
    render_flat,
    user_node,
)
from leadquery.expr.field import BaseField, schema_name
from leadquery.expr.field_types import DerivedColumn, Number
from leadquery.expr.registry import FIELDS
from leadquery.lint.rules.names import is_suspicious
from leadquery.wire.enums import SEPARATOR, AggregateFunction, DateField
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, DateRange, ListOutput, Paging
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from leadquery.expr.user_field import UserPredicate
    from leadquery.query.base import BaseQuery


_DATE_METHODS: Final = {
    DateField.CREATED: "created_between",
    DateField.MODIFIED: "modified_between",
}

_AGGREGATE_METHODS: Final = {AggregateFunction.AVERAGE: "average", AggregateFunction.SUM: "sum"}


def to_expression(query: BaseQuery) -> str:
    """The query as an expression on one line."""
    return render_flat(MethodChain(("Leads", *_method_calls(query))))


def to_module(query: BaseQuery) -> str:
    """A Python file that builds the query, formatted as by ruff."""
    calls = list(_method_calls(query))
    names = _collect_names(calls)
    own = "Leads, users" if "users" in names else "Leads"
    fields = sorted(names - {"users"}, key=lambda name: (name[0].islower(), name.lower()))
    imports = f"from leadquery import {own}\n{_import_statement(fields)}"
    return f"{imports}\nquery = {format_statement(calls)}\n"


def _import_statement(fields: list[str]) -> str:
    if not fields:
        return ""
    line = f"from leadquery.fields import {', '.join(fields)}\n"
    if len(line) <= LINE_WIDTH + 1:
        return line
    rows = "".join(f"    {name},\n" for name in fields)
    return f"from leadquery.fields import (\n{rows})\n"


def _collect_names(nodes: list[Node]) -> set[str]:
    """The names that the source refers to."""
    found = set()
    for node in nodes:
        match node:
            case CallNode(head, args):
                found |= {_first_name(head)} | _collect_names(list(args))
            case BinaryNode(_, parts) | MethodChain(parts):
                found |= _collect_names(list(parts))
            case text:
                found.add(_first_name(text))
    return found - {""}


def _first_name(text: str) -> str:
    name = text.partition("(")[0].partition(".")[0]
    return name if name.isidentifier() and name not in ("True", "False", "None") else ""


def _method_calls(query: BaseQuery) -> Iterator[Node]:
    from leadquery.query.query import GroupedLeads, Query

    if query._conditions or query._compounds:
        compounds = map(condition_node, query._compounds)
        yield CallNode(".where(", (*predicate_nodes(query._conditions), *compounds))
    for one in query.dates:
        yield _date_call(one)
    if query.users is not None:
        yield CallNode(".owned_by(", _owner_arguments(query.users))
    if isinstance(query, GroupedLeads):
        yield CallNode(".group_by(", (_field_argument(query.group, unless=DerivedColumn),))
    if isinstance(query, Query):
        yield from _output_calls(query.output)
    if query.paging != FIRST_PAGE:
        yield CallNode(".page(", _page_arguments(query.paging))


def _date_call(dates: DateRange) -> Node:
    moments = quote(format_timestamp(dates.start)), quote(format_timestamp(dates.end))
    return CallNode(f".{_DATE_METHODS[dates.field]}(", moments)


def _page_arguments(paging: Paging | None) -> tuple[Node, ...]:
    if paging is None:
        return ("None",)
    index, size = str(paging.index), str(paging.size)
    return (index,) if paging.size == FIRST_PAGE.size else (index, size)


def _output_calls(output: ListOutput | AggregateOutput) -> Iterator[Node]:
    if isinstance(output, ListOutput):
        yield CallNode(".select(", tuple(map(_field_argument, output.columns)))
        return
    yield CallNode(".group_by(", (_field_argument(output.group, unless=DerivedColumn),))
    if output.function in _AGGREGATE_METHODS:
        yield CallNode(
            f".{_AGGREGATE_METHODS[output.function]}(",
            (_field_argument(output.field, kind=Number),),
        )
    elif output.field == output.group:
        yield ".count()"
    else:
        yield CallNode(".count(", (_field_argument(output.field, unless=DerivedColumn),))


def _field_argument(
    name: str, *, unless: type[BaseField[Any]] | None = None, kind: Any = BaseField
) -> Node:
    """A standard field by its name, any other as text or as Field(...)."""
    field = FIELDS.get(name)
    if field is None:
        return _name_argument(name)
    # A standard field of a type that the method rejects is rejected by its name, too.
    bare = isinstance(field, kind) and type(field) is not unless
    return name if bare else CallNode("Field(", (quote(name),))


def _name_argument(name: str) -> Node:
    """A schema name as text, or as Field(...) if text would be rejected or warned of."""
    try:
        text = quote(schema_name(name))
    except QueryError:
        text = ""
    return text if text and not is_suspicious(name) else CallNode("Field(", (quote(name),))


def _owner_arguments(condition: UserPredicate) -> tuple[Node, ...]:
    from leadquery.query.query import Leads

    texts = [
        text for group in condition.groups for one in group for text in one.value.split(SEPARATOR)
    ]
    try:
        if Leads.owned_by(*texts).users == condition:
            return tuple(map(quote, texts))
    except QueryError:
        pass
    return (user_node(condition),)
