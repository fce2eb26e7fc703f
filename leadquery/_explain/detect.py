"""Classifies a misuse from where Python stopped: which node it is, and how to describe it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any, Final

from leadquery._explain.aliases import QUERY_ALIASES
from leadquery._explain.detect_truth import detect_truth, is_target, operator_span
from leadquery._explain.members import MEMBERS
from leadquery._explain.rewriter import (
    Detection,
    NoSuggestionError,
    Rewriter,
    ancestors,
    joins_arguments,
)
from leadquery._explain.rules_boolop import as_condition
from leadquery._explain.rules_calls import AGGREGATES
from leadquery._explain.source import Location
from leadquery._explain.type_inference import MISSING, are_all, is_a
from leadquery._util.text import normalize_name
from leadquery.errors import Misuse
from leadquery.expr._guards import CONDITION, FIELD, QUERY, USER_CONDITION, NotBoolean, Operand
from leadquery.expr.registry import FIELDS, name_index

_JOINS: Final = (ast.BinOp, ast.AugAssign)

_PYTHON_OPERATORS: Final[dict[type[ast.cmpop], str]] = {
    ast.Is: "is",
    ast.IsNot: "is",
    ast.In: "in",
    ast.NotIn: "in",
}

Replacements = Mapping[Any, Callable[[Rewriter], str]]


def detect(location: Location, misuse: Misuse) -> Detection:
    """The misuse at a location; LookupError if the line does not show it."""
    detection = _DETECTORS[misuse.kind](location, misuse)
    if misuse.kind == "truth" and _has_changed(location, detection.node, misuse.target):
        raise LookupError("a variable has another value than when the error was raised")
    return detection


def _has_changed(location: Location, node: ast.AST, target: object) -> bool:
    """Whether the variables that were tested now hold other objects than the one at fault."""
    if isinstance(node, ast.BoolOp):
        tested = node.values[:-1]
    else:
        tested = [node.operand] if isinstance(node, ast.UnaryOp) else []
    values = [location.types.value(operand) for operand in tested]
    return bool(values) and not any(value is MISSING or value is target for value in values)


def _iteration(location: Location, misuse: Misuse) -> Detection:
    """A query that was iterated over is to be sent; of the rest, a condition was intended."""
    node = location.smallest(ast.expr, ast.stmt)
    operand = _find_operand(location, node, misuse)
    span = location.statement.span(operand or node)
    built_in = _function_of_field(location, node, misuse)
    if built_in is not None:
        return built_in
    if is_target(misuse, QUERY):
        certain = hasattr(misuse.target, "to_payload")
        return _send(location, misuse, operand or node, "run", certain=certain)
    parent = location.statement.parents.get(operand) if operand else None
    if isinstance(parent, ast.Starred) and is_target(misuse, CONDITION, USER_CONDITION):
        replacements: Replacements = {parent: lambda rewriter: rewriter.rewrite(parent.value)}
        return Detection(node, span, target=misuse.target, replacements=replacements)
    return Detection(node, span, target=misuse.target)


def _function_of_field(location: Location, node: ast.AST, misuse: Misuse) -> Detection | None:
    """`sum`, `max` or `min` of Python, of a field: its aggregate."""
    if not isinstance(node, ast.Call) or len(node.args) != 1 or not is_target(misuse, FIELD):
        return None
    function: Any = location.types.value(node.func)
    if not any(function is one for one in AGGREGATES):
        return None
    heading = f"{function.__name__}() of Python reads values, and a field holds none"
    return Detection(node, location.statement.span(node), heading, target=misuse.target)


def _find_operand(location: Location, node: ast.AST, misuse: Misuse) -> ast.expr | None:
    """The expression of the same type as the target; unpacked ones first."""
    operand = misuse.target._messages  # type: ignore[attr-defined]  # A NotBoolean.
    expressions = [child for child in ast.walk(node) if isinstance(child, ast.expr)]
    found = [child for child in expressions if location.types.is_type(child, operand)]
    unpacked = [child.value for child in expressions if isinstance(child, ast.Starred)]
    return next(iter([child for child in unpacked if child in found] or found), None)


def _send(
    location: Location, misuse: Misuse, node: ast.AST, method: str, *, certain: bool
) -> Detection:
    """A query that was used in place of its rows: a client sends it, if the line sees one."""
    client, span = location.types.client_name(), location.statement.span(node)
    if client is None or not certain:
        return Detection(node, span, target=misuse.target)
    text = f"{client}.{method}({location.statement.segment(node)})"
    parent = location.statement.parents.get(node)
    replaced = parent if method == "count" and isinstance(parent, ast.Call) else node
    return Detection(node, span, target=misuse.target, replacements={replaced: lambda _: text})


def _length(location: Location, misuse: Misuse) -> Detection:
    node = location.smallest(ast.Call)
    query = _find_operand(location, node, misuse)
    if is_target(misuse, QUERY) and query is not None:
        return _send(location, misuse, query, "count", certain=True)
    return Detection(node, location.statement.span(node), target=misuse.target)


def _contains(location: Location, misuse: Misuse) -> Detection:
    node = location.smallest(ast.Compare)
    noun = misuse.target._messages.noun  # type: ignore[attr-defined]  # A NotBoolean.
    heading = f"`in` looks for a value in {noun}, which holds none"
    span = operator_span(location, "in", node.left, node.comparators[0])
    return Detection(node, span, heading, target=misuse.target)


def _not_a_condition(location: Location, misuse: Misuse) -> Detection:
    """An argument of `where` or `owned_by`, or an operand of `&` or `|`."""
    node = location.smallest(ast.Call, *_JOINS)
    if isinstance(node, ast.Call):
        value = _argument(node, misuse.position) or node
    else:
        value = node.right if isinstance(node, ast.BinOp) else node.value
    heading = _comparison_heading(value)
    if not heading and type(misuse.value) is bool:
        heading = f"{misuse.value} is a Python bool, not a condition"
    replacements = _unpack(node, value, misuse.value)
    return Detection(value, location.statement.span(value), heading, replacements=replacements)


def _argument(node: ast.Call, position: int) -> ast.expr | None:
    arguments = node.args[: position + 1]
    unpacked = any(isinstance(argument, ast.Starred) for argument in arguments)
    certain = joins_arguments(node) and len(arguments) > position and not unpacked
    return arguments[-1] if certain else None


def _comparison_heading(node: ast.expr) -> str:
    """What made a bool of an expression that was meant as a condition."""
    operator = _PYTHON_OPERATORS.get(type(node.ops[0])) if isinstance(node, ast.Compare) else None
    return f"`{operator}` compares in Python, before the API is asked" if operator else ""


def _unpack(node: ast.AST, argument: ast.expr, value: Any) -> Replacements:
    """Conditions that were passed as one list, or a field in place of a condition."""
    if is_a(value, NotBoolean) and value._messages is FIELD:
        return {argument: lambda rewriter: as_condition(rewriter, argument)}
    owners = _is_call_of(node, "owned_by")
    texts = owners and type(value) in (list, tuple, set, frozenset) and {*map(type, value)} == {str}
    if not texts and not are_all(value, USER_CONDITION if owners else CONDITION):
        return {}
    if isinstance(argument, (ast.List, ast.Tuple)):
        return {argument: lambda rewriter: rewriter.items_source(argument)}
    if isinstance(argument, (ast.Set, ast.Name, ast.Attribute, ast.Call, ast.ListComp)):
        return {argument: lambda rewriter: f"*{rewriter.segment(argument)}"}
    return {}


def _is_call_of(node: ast.AST, name: str) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(function, ast.Attribute)
        and QUERY_ALIASES.get(function.attr, function.attr) == name
    )


def _precedence(location: Location, misuse: Misuse) -> Detection:
    """`&` or `|` that took an operand of a comparison."""
    node = location.smallest(*_JOINS)
    is_binop = isinstance(node, ast.BinOp)
    left, right = (node.left, node.right) if is_binop else (node.target, node.value)
    span = operator_span(location, misuse.name, left, right)
    heading = _comparison_heading(left) if type(misuse.value) is bool else ""
    if not heading and is_a(misuse.value, NotBoolean) and misuse.value._messages is QUERY:  # type: ignore[attr-defined]
        heading = f"`{misuse.name}` joins conditions, and a query takes them in where(...)"
    if not heading:
        operators = misuse.target._messages.operators  # type: ignore[attr-defined]
        heading = (
            f"`{misuse.name}` binds tighter than {operators}, and takes "
            f"{location.statement.segment(left)} for its left side"
        )
    return Detection(node, span, heading, target=misuse.target)


def _inverted(location: Location, misuse: Misuse) -> Detection:
    node = location.smallest(ast.UnaryOp)
    start = location.statement.span(node)[0]
    outer = (one for one in ancestors(location.statement, node) if not isinstance(one, ast.BinOp))
    heading = f"`~` inverts a condition, and {misuse.target!r} is not one"
    if isinstance(next(outer, None), ast.Compare):
        heading = f"`~` binds tighter than ==, and inverts {misuse.target!r} alone"
    return Detection(node, (start, start + 1), heading, target=misuse.target)


def _negated(location: Location, misuse: Misuse) -> Detection:
    """A minus before what the rows are to be sorted by."""
    node = location.smallest(ast.UnaryOp)
    replacements: Replacements = {node: lambda rewriter: f"{rewriter.segment(node.operand)}.desc()"}
    span = location.statement.span(node)
    return Detection(node, span, target=misuse.target, replacements=replacements)


def _attribute(location: Location, misuse: Misuse) -> Detection:
    node = location.smallest(ast.Attribute)
    if node.attr != misuse.name:
        raise LookupError("the name is on another line")
    end = location.statement.span(node)[1]
    span = (end - len(node.attr), end)
    heading = f"{location.statement.segment(node.value)} has no .{node.attr}"
    if not isinstance(misuse.target, Operand):
        heading = ""
    return Detection(node, span, heading, "", misuse.target, misuse.suggestion)


def _member(location: Location, misuse: Misuse) -> Detection:
    """The attribute on the line, and what is written instead of it or of its call."""
    detection = _attribute(location, misuse)
    node: Any = detection.node
    parent = location.statement.parents.get(node)
    call = parent if isinstance(parent, ast.Call) and parent.func is node else None
    cls: Any = misuse.value
    parts = MEMBERS[cls.__name__].parts
    if misuse.name in parts:
        return _part(detection, node, call, parts[misuse.name])
    if misuse.suggestion is None:
        return detection
    if call is not None and misuse.suggestion == "run" and not call.args:
        fields = name_index(FIELDS.all())
        given = [
            f"{fields[normalize_name(one.arg)]} == {location.statement.segment(one.value)}"
            for one in call.keywords
            if one.arg is not None and normalize_name(one.arg) in fields
        ]
        noun = MEMBERS[cls.__name__].noun
        query = f"Leads.where({', '.join(given) or '...'}).select(...)"
        hint = f"{noun} takes queries: {noun.split()[-1]}.run({query})"
        return detection._replace(suggestion=None, hint=hint)
    is_method = callable(getattr(cls, misuse.suggestion, None))
    if call is not None and not is_method and (call.args or call.keywords):
        return detection._replace(suggestion=None)
    takes_text = cls.__name__ == "Result"
    if call is not None and is_method and not takes_text and _is_text(call):
        noun = MEMBERS[cls.__name__].noun
        call_with_query = f"{noun.split()[-1]}.run(from_sql(...))"
        hint = f"{noun} takes queries; a SQL statement is read as one: {call_with_query}"
        return detection._replace(suggestion=None, hint=hint)
    if (call is not None) == is_method or cls.__name__.endswith("Client"):
        return detection
    name = f"{misuse.suggestion}{'()' if is_method else ''}"

    def replace(rewriter: Rewriter) -> str:
        return f"{rewriter.rewrite(node.value)}.{name}"

    return detection._replace(replacements={call or node: replace}, suggestion=None)


def _is_text(call: ast.Call) -> bool:
    """Whether a call of a client or a report has a text as its first argument."""
    first = call.args[0] if call.args else None
    return isinstance(first, ast.JoinedStr) or (
        isinstance(first, ast.Constant) and isinstance(first.value, str)
    )


def _part(
    detection: Detection, node: ast.Attribute, call: ast.Call | None, part: tuple[str, str]
) -> Detection:
    """Rows of a result, which are items of it."""
    template, default = part
    if call is None or call.keywords or len(call.args) > 1:
        return detection

    def replace(rewriter: Rewriter) -> str:
        argument = rewriter.segment(call.args[0]) if call.args else default
        return template.format(rewriter.rewrite(node.value), argument)

    return detection._replace(replacements={call: replace})


def _field_as_method(location: Location, misuse: Misuse) -> Detection:
    detection, field = _attribute(location, misuse), misuse.suggestion

    def replace(rewriter: Rewriter) -> str:
        name = None if field is None else rewriter.types.name_for(field, FIELD)
        if name is None:
            raise NoSuggestionError
        return name

    return detection._replace(replacements={detection.node: replace}, suggestion=None)


def _keywords(location: Location, misuse: Misuse) -> Detection:
    node = location.smallest(ast.Call)
    keyword = next((keyword for keyword in node.keywords if keyword.arg == misuse.name), None)
    if keyword is None:
        raise LookupError("the keyword is on another line")
    heading = f"conditions are comparisons, and {misuse.name}= is a keyword"
    return Detection(node, location.statement.span(keyword), heading, target=misuse.target)


def _uncalled_method(location: Location, misuse: Misuse) -> Detection:
    argument = location.smallest(ast.Call).args[0]
    replacements: Replacements = {argument: lambda rewriter: f"{rewriter.segment(argument)}()"}
    span = location.statement.span(argument)
    return Detection(argument, span, replacements=replacements if misuse.name else {})


def _payload(location: Location, _misuse: Misuse) -> Detection:
    """A payload, or the method that makes one, in place of the query."""
    argument = location.smallest(ast.Call).args[0]
    span = location.statement.span(argument)
    method = argument.func if isinstance(argument, ast.Call) else argument
    if not isinstance(method, ast.Attribute) or not method.attr.startswith("to_"):
        return Detection(argument, span)
    replacements: Replacements = {argument: lambda rewriter: rewriter.segment(method.value)}
    return Detection(argument, span, replacements=replacements)


def _whole(*types: type[ast.AST]) -> Callable[[Location, Misuse], Detection]:
    """A detector that underlines the smallest node of some types."""

    def find(location: Location, misuse: Misuse) -> Detection:
        node = location.smallest(*types)
        return Detection(node, location.statement.span(node), target=misuse.target)

    return find


_DETECTORS: Final[dict[str, Callable[[Location, Misuse], Detection]]] = {
    "argument": _whole(ast.Call),
    "assignment": _whole(ast.Attribute),
    "attribute": _attribute,
    "call": _whole(ast.Call),
    "comparison": _whole(ast.Compare, ast.Call),
    "contains": _contains,
    "field as method": _field_as_method,
    "inverted": _inverted,
    "item": _whole(ast.expr),
    "iteration": _iteration,
    "keywords": _keywords,
    "later method": _attribute,
    "length": _length,
    "member": _member,
    "module attribute": _attribute,
    "negated": _negated,
    "not a condition": _not_a_condition,
    "not a group condition": _whole(ast.Call),
    "not a sort key": _whole(ast.Call),
    "not an aggregate": _whole(ast.Call),
    "not an owner": _not_a_condition,
    "order": _whole(ast.expr),
    "payload": _payload,
    "precedence": _precedence,
    "query attribute": _attribute,
    "truth": detect_truth,
    "uncalled method": _uncalled_method,
}
"""The detector of each kind of misuse."""
