"""Queries as Python source: an expression, or a whole file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import attrs

from leadquery._util.text import quote
from leadquery.errors import QueryError
from leadquery.expr.codegen import (
    aggregate_node,
    condition_node,
    having_node,
    key_node,
    named_arguments,
    period_node,
    predicate_nodes,
    sort_node,
    user_node,
)
from leadquery.expr.field import BaseField, schema_name
from leadquery.expr.field_types import Date, DerivedColumn, Field, Number
from leadquery.expr.registry import FIELDS
from leadquery.expr.source_layout import (
    LINE_WIDTH,
    BinaryNode,
    CallNode,
    MethodChain,
    Node,
    PairNode,
    chain_node,
    format_statement,
    json_node,
    render_flat,
)
from leadquery.lint.rules.names import is_suspicious
from leadquery.query.base import replace
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.enums import SEPARATOR, AggregateFunction, DateField
from leadquery.wire.model import FIRST_PAGE, AggregateOutput, DateRange, ListOutput, Paging
from leadquery.wire.types import format_timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from leadquery.expr.aggregate import SortKey
    from leadquery.expr.group_key import GroupKey
    from leadquery.expr.user_field import UserPredicate
    from leadquery.query.aggregation import Aggregation, Column, Comparison, LocalSteps
    from leadquery.query.base import BaseQuery
    from leadquery.query.query import Query
    from leadquery.wire.endpoints import ReportNode


_DATE_METHODS: Final = {
    DateField.CREATED: "created_between",
    DateField.MODIFIED: "modified_between",
}

_AGGREGATE_METHODS: Final = {AggregateFunction.AVERAGE: "average", AggregateFunction.SUM: "sum"}


def to_expression(query: BaseQuery) -> str:
    """The query as an expression on one line."""
    return render_flat(MethodChain((query._node.endpoint.start, *_method_calls(query))))


@attrs.frozen
class FieldModule:
    """A module that declares fields: its name, and the fields by the names of its variables."""

    name: str
    fields: Mapping[str, BaseField[Any]]


def to_module(query: BaseQuery, module: FieldModule | None = None) -> str:
    """A Python file that builds the query, formatted as by ruff; it imports fields of a module."""
    calls = list(_method_calls(query))
    variables: set[str] = set()
    if module is not None:
        replacer = _FieldReplacer(module.fields)
        calls = list(map(replacer.replace, calls))
        variables = _collect_names(calls) & {*replacer.variables}
    names = _collect_names(calls) - variables
    own, offsets = names & {"count", "periods", "users"}, names & {"timedelta", "timezone"}
    imports = import_statement("datetime", offsets)
    imports += "\n" if offsets else ""
    start = query._node.endpoint.start
    imports += import_statement("leadquery", {start, *own})
    imports += import_statement("leadquery.fields", names - own - offsets)
    if module is not None and variables:
        imports += "\n" + import_statement(module.name, variables)
    return f"{imports}\nquery = {format_statement(start, calls)}\n"


OWN_NAMES: Final = {
    *("count", "periods", "query", "timedelta", "timezone", "users"),
    *(endpoint.start for endpoint in Endpoint),
}
"""Names that a file of `to_module` has beside fields."""

_ANY_FIELD: Final = (".select(", ".group_by(", ".count(")
_NUMBERS: Final = (".sum(", ".average(")


class _FieldReplacer:
    """Replaces fields by the variables that declare them."""

    def __init__(self, fields: Mapping[str, BaseField[Any]]) -> None:
        bare = {
            variable: type(field)(field.name)
            for variable, field in fields.items()
            if variable not in OWN_NAMES
        }
        self.variables = frozenset(bare)
        self._conditions: dict[str, Node] = {repr(one): name for name, one in bare.items()}
        self._columns: dict[str, Node] = {}
        self._numbers: dict[str, Node] = {}
        for variable in bare:
            self._shadow(variable)
        for variable, field in bare.items():
            text = quote(field.name)
            sources = dict.fromkeys((field.name, text, f"Field({text})"), variable)
            self._columns |= sources
            # Another field is not averaged; its name, if it is that of a standard number, is.
            is_number = isinstance(field, (Number, Field))
            self._numbers |= sources if is_number else {field.name: text}

    def _shadow(self, variable: str) -> None:
        """Write the standard field with the name of a variable, if it is another, by its type."""
        standard = FIELDS.get(variable)
        if standard is not None and variable not in self._conditions:
            text = quote(variable)
            self._conditions[variable] = CallNode(f"{type(standard).__name__}(", (text,))
            self._columns[variable] = self._numbers[variable] = text

    def replace(self, node: Node, sources: Mapping[str, Node] | None = None) -> Node:
        """The node with variables; `sources` are what they replace, by default in conditions."""
        sources = self._conditions if sources is None else sources
        if isinstance(node, (str, CallNode)) and render_flat(node) in sources:
            return sources[render_flat(node)]
        match node:
            case CallNode(head, args, close):
                inside = self._columns if head in _ANY_FIELD else None
                inside = self._numbers if head in _NUMBERS else inside
                return CallNode(head, tuple(self.replace(one, inside) for one in args), close)
            case BinaryNode(operator, operands):
                return BinaryNode(operator, tuple(map(self.replace, operands)))
            case MethodChain(links):
                return MethodChain(tuple(map(self.replace, links)))
            case PairNode(name, value, separator):
                return PairNode(name, self.replace(value), separator)
        return node


def with_declared_types(query: Query, fields: Mapping[str, BaseField[Any]]) -> Query:
    """The query with the fields of an account in place of those that nobody has declared."""
    conditions = {
        one: fields.get(one.name, field)
        if type(field) is Field or FIELDS.get(one.name) is field
        else field
        for one, field in query._conditions.items()
    }
    return replace(query, "_joined", conditions)


def import_statement(module: str, names: set[str]) -> str:
    """The import of names from a module, formatted as by ruff."""
    if not names:
        return ""
    ordered = sorted(names, key=lambda name: (name[0].islower(), name.lower()))
    line = f"from {module} import {', '.join(ordered)}\n"
    if len(line) <= LINE_WIDTH + 1:
        return line
    rows = "".join(f"    {name},\n" for name in ordered)
    return f"from {module} import (\n{rows})\n"


def _collect_names(nodes: list[Node]) -> set[str]:
    """The names that the source refers to."""
    found = set()
    for node in nodes:
        match node:
            case CallNode(head, args):
                found |= {_first_name(head)} | _collect_names(list(args))
            case BinaryNode(_, parts) | MethodChain(parts):
                found |= _collect_names(list(parts))
            case PairNode(_, value):
                found |= _collect_names([value])
            case text:
                found.add(_first_name(text))
    return found - {""}


def _first_name(text: str) -> str:
    name = text.partition("(")[0].partition(".")[0]
    return name if name.isidentifier() and name not in ("True", "False", "None") else ""


def _method_calls(query: BaseQuery) -> Iterator[Node]:
    from leadquery.query.leads import GroupedLeads
    from leadquery.query.query import Query

    yield from _node_calls(query._node)
    if query._conditions or query._compounds:
        compounds = map(condition_node, query._compounds)
        yield CallNode(".where(", (*predicate_nodes(query._conditions), *compounds))
    for one in query.dates:
        yield _date_call(one)
    if query.users is not None:
        yield CallNode(".owned_by(", _owner_arguments(query.users))
    if isinstance(query, GroupedLeads):
        yield CallNode(".group_by(", tuple(map(_key_argument, query.keys)))
    if isinstance(query, Query):
        yield from _output_calls(query)
        if query._local is not None:
            yield from _local_calls(query, query._local)
    if query.paging != FIRST_PAGE:
        yield CallNode(".page(", _page_arguments(query.paging))


def _node_calls(node: ReportNode) -> Iterator[Node]:
    """The calls that make the node of a sibling report."""
    from leadquery.query.reports import calls_of, node_method

    if node.endpoint.node is None:
        return
    if (calls := calls_of(node)) is None:
        value = json_node(json.loads(str(node.text)))
        yield CallNode(f".{node_method(node.endpoint)}(", (value,))
        return
    for method, args in calls:
        is_code = node.endpoint is Endpoint.NOT_CONTACTED
        yield CallNode(f".{method}(", args if is_code else tuple(map(quote, args)))


def _date_call(dates: DateRange) -> Node:
    moments = quote(format_timestamp(dates.start)), quote(format_timestamp(dates.end))
    return CallNode(f".{_DATE_METHODS[dates.field]}(", moments)


def _page_arguments(paging: Paging | None) -> tuple[Node, ...]:
    if paging is None:
        return ("None",)
    index, size = str(paging.index), str(paging.size)
    return (index,) if paging.size == FIRST_PAGE.size else (index, size)


def _output_calls(query: Query) -> Iterator[Node]:
    output = query.output
    if isinstance(output, ListOutput):
        yield CallNode(".select(", tuple(map(_field_argument, output.columns)))
        return
    if not isinstance(output, AggregateOutput):
        yield from _aggregation_calls(query, output)
        return
    yield CallNode(".group_by(", (_key_argument(output.group),))
    if output.function in _AGGREGATE_METHODS:
        yield CallNode(
            f".{_AGGREGATE_METHODS[output.function]}(",
            (_field_argument(output.field, kind=Number),),
        )
    elif output.field == output.group:
        yield ".count()"
    else:
        yield CallNode(".count(", (_field_argument(output.field, unless=DerivedColumn),))


def _aggregation_calls(query: Query, output: Aggregation) -> Iterator[Node]:
    if output.keys:
        yield CallNode(".group_by(", tuple(map(_key_argument, output.keys)))
    pairs = [(column.name, _measure_node(query, column)) for column in output.measures]
    api_names = {column.name for column in output.measures if column.name == column.measure.name}
    arguments = named_arguments(pairs, api_names)
    if list(map(render_flat, arguments)) == ["count()"]:
        yield ".count()"
    else:
        yield CallNode(".aggregate(", arguments)


def _measure_node(query: Query, column: Column) -> Node:
    from leadquery.expr.aggregate import Aggregate, Function
    from leadquery.query.query import fields_of

    measure, field = column.measure, None
    if measure.function is not Function.COUNT:
        # Any type has the column; an untyped field has every aggregate.
        field = fields_of(query).get(measure.field, Field(measure.field))
    return aggregate_node(Aggregate(measure, field))


def _key_argument(key: GroupKey) -> Node:
    return _field_argument(key, unless=DerivedColumn) if isinstance(key, str) else key_node(key)


def _local_calls(query: Query, steps: LocalSteps) -> Iterator[Node]:
    """The steps in an order in which each may refer to the columns of those before."""
    if steps.comparison is not None:
        yield CallNode(".compare(", _comparison_arguments(steps.comparison))
    if steps.having:
        yield CallNode(".having(", tuple(map(having_node, steps.having)))
    if steps.owner_names:
        yield ".with_owner_names()"
    if steps.order:
        yield CallNode(".order_by(", tuple(_sort_argument(query, key) for key in steps.order))
    if steps.limit is not None:
        yield CallNode(".limit(", (str(steps.limit),))


def _comparison_arguments(comparison: Comparison) -> tuple[Node, ...]:
    field = _field_argument(comparison.on, kind=Date)
    to_date = (PairNode("to_date", "True"),) if comparison.to_date else ()
    periods = period_node(comparison.before), period_node(comparison.after)
    return (*periods, PairNode("on", field), *to_date)


def _sort_argument(query: Query, key: SortKey) -> Node:
    """A sort key; one by the column of a group key as a method of this key."""
    from leadquery.expr.group_key import key_name

    keys = getattr(query.output, "keys", ())
    known = {key_name(one): one for one in keys if not isinstance(one, str)}
    if isinstance(key.by, str) and key.by in known:
        node = key_node(known[key.by])
        return chain_node(node, ".desc()") if key.descending else node
    if isinstance(key.by, str) and isinstance(query.output, ListOutput) and not key.descending:
        return _field_argument(key.by)
    return sort_node(key)


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
    from leadquery.query.leads import Leads

    texts = [
        text for group in condition.groups for one in group for text in one.value.split(SEPARATOR)
    ]
    try:
        if Leads.owned_by(*texts).users == condition:
            return tuple(map(quote, texts))
    except QueryError:
        pass
    return (user_node(condition),)
