"""Which slip a line holds: told from where Python stopped, and what it stopped at."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from leadquery._explain.aliases import QUERY_ALIASES
from leadquery._explain.detect_truth import detect_truth
from leadquery._explain.rewriter import LISTS, Detection, Rewriter, parents
from leadquery._explain.rules_boolop import as_condition
from leadquery._explain.safe_getattr import are_all, is_a
from leadquery._explain.source import Location
from leadquery.errors import Misuse
from leadquery.expr._guards import CONDITION, FIELD, QUERY, USER_CONDITION, NotBoolean, Operand

_JOINS: Final = (ast.BinOp, ast.AugAssign)


def detect(stop: Location, misuse: Misuse) -> Detection:
    """The slip of a line; LookupError where the line shows none."""
    return _DETECTORS[misuse.kind](stop, misuse)


def _iteration(stop: Location, misuse: Misuse) -> Detection:
    """A thing that was gone over: a query is sent, what else was meant is a condition."""
    node = stop.at(ast.expr, ast.stmt)
    thing = _thing(stop, node, misuse)
    mark = stop.statement.span(thing or node)
    if _is(misuse, QUERY):
        return _sent(stop, misuse, thing or node, "run", hasattr(misuse.target, "to_payload"))
    above = stop.statement.parents.get(thing) if thing else None
    if isinstance(above, ast.Starred) and _is(misuse, CONDITION, USER_CONDITION):
        instead = {above: lambda writer: writer.text(above.value)}
        return Detection(node, mark, live=misuse.target, instead=instead)
    return Detection(node, mark, live=misuse.target)


def _thing(stop: Location, node: ast.AST, misuse: Misuse) -> ast.expr | None:
    """The part of the line that is the thing, if there is one alone."""
    texts = misuse.target._messages  # type: ignore[attr-defined]  # One of our things.
    parts = [one for one in ast.walk(node) if isinstance(one, ast.expr)]
    found = [one for one in parts if stop.scope.is_a(one, texts)]
    starred = [one.value for one in parts if isinstance(one, ast.Starred) and one.value in found]
    return next(iter(starred or found), None)


def _sent(stop: Location, misuse: Misuse, node: ast.AST, method: str, able: bool) -> Detection:
    """A query that was taken for its rows: it is sent by a client, where there is one."""
    client = stop.scope.client()
    text = f"{client or 'client'}.{method}({stop.statement.segment(node)})"
    if client is None or not able:
        return Detection(node, stop.statement.span(node), live=misuse.target)
    above = stop.statement.parents.get(node)
    whole = above if method == "count" and isinstance(above, ast.Call) else node
    mark = stop.statement.span(node)
    return Detection(node, mark, live=misuse.target, instead={whole: lambda _: text})


def _length(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.Call)
    thing = _thing(stop, node, misuse)
    if _is(misuse, QUERY) and thing is not None:
        return _sent(stop, misuse, thing, "count", able=True)
    return Detection(node, stop.statement.span(node), live=misuse.target)


def _contains(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.Compare)
    start = stop.statement.span(node.left)[1]
    mark = stop.mark("in", start, stop.statement.span(node.comparators[0])[0])
    name = f"`in` looks for a value in {misuse.target._messages.noun}, which holds none"  # type: ignore[attr-defined]
    return Detection(node, mark, name, live=misuse.target)


def _given(stop: Location, misuse: Misuse) -> Detection:
    """What `where` or a sign was given in place of a condition."""
    node = stop.at(ast.Call, *_JOINS)
    if isinstance(node, ast.Call):
        part = _argument(node, misuse)
    else:
        part = node.right if isinstance(node, ast.BinOp) else node.value
    part = part if part is not None else node
    name = _by_python(part) or _what(misuse.value)
    return Detection(part, stop.statement.span(part), name, instead=_spread(node, part, misuse))


def _what(value: object) -> str:
    """What was given, where the line can be written right."""
    if type(value) is bool:
        return f"{value} is a bool of Python, and no condition"
    return "a text is no condition, whatever it says" if is_a(value, str) else ""


def _argument(node: ast.Call, misuse: Misuse) -> ast.expr | None:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    given = node.args[: misuse.position + 1]
    if QUERY_ALIASES.get(name.casefold(), name) not in LISTS or len(given) <= misuse.position:
        return None
    return None if any(isinstance(one, ast.Starred) for one in given) else given[-1]


def _by_python(part: ast.expr) -> str:
    """Who made a bool of what was meant as a condition."""
    if not isinstance(part, ast.Compare):
        return ""
    word = {ast.Is: "is", ast.IsNot: "is", ast.In: "in", ast.NotIn: "in"}.get(type(part.ops[0]))
    return f"`{word}` compares in Python, before the API is asked" if word else ""


def _spread(node: ast.AST, part: ast.expr, misuse: Misuse) -> dict[Any, Callable[[Rewriter], str]]:
    """Conditions that were given as one list."""
    live = misuse.value
    if is_a(live, NotBoolean) and live._messages is FIELD:  # type: ignore[attr-defined]
        return {part: lambda writer: as_condition(writer, part)}
    owners = _is_call_of(node, "owned_by")
    if not are_all(live, USER_CONDITION if owners else CONDITION) and not (
        owners and _are_texts(live)
    ):
        return {}
    if isinstance(part, (ast.List, ast.Tuple)):
        return {part: lambda writer: writer.inside(part)}
    if isinstance(part, (ast.Set, ast.Name, ast.Attribute, ast.Call, ast.ListComp)):
        return {part: lambda writer: f"*{writer.segment(part)}"}
    return {}


def _are_texts(live: Any) -> bool:
    return type(live) in (list, tuple, set, frozenset) and {*map(type, live)} == {str}


def _is_call_of(node: ast.AST, name: str) -> bool:
    func = node.func if isinstance(node, ast.Call) else None
    return isinstance(func, ast.Attribute) and QUERY_ALIASES.get(func.attr, func.attr) == name


def _beside(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(*_JOINS)
    left, right = (
        (node.left, node.right) if isinstance(node, ast.BinOp) else (node.target, node.value)
    )
    mark = stop.mark(misuse.name, stop.statement.span(left)[1], stop.statement.span(right)[0])
    name = _by_python(left) if type(misuse.value) is bool else ""
    return Detection(node, mark, name or _taken(stop, node, misuse), live=misuse.target)


def _taken(stop: Location, node: Any, misuse: Misuse) -> str:
    """What a sign took for its own."""
    if is_a(misuse.value, NotBoolean) and misuse.value._messages is QUERY:  # type: ignore[attr-defined]
        return f"`{misuse.name}` joins conditions, and a query takes them in where(...)"
    side = node.left if isinstance(node, ast.BinOp) else node.target
    tight = misuse.target._messages.operators  # type: ignore[attr-defined]
    taken = stop.statement.segment(side)
    return f"`{misuse.name}` binds tighter than {tight}, and takes {taken} for its left side"


def _inverted(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.UnaryOp)
    start = stop.statement.span(node)[0]
    around = (one for one in parents(stop.statement, node) if not isinstance(one, ast.BinOp))
    if isinstance(next(around, None), ast.Compare):
        name = f"`~` binds tighter than ==, and turns {misuse.target!r} alone round"
    else:
        name = f"`~` turns a condition round, and {misuse.target!r} alone is none"
    return Detection(node, (start, start + 1), name, live=misuse.target)


def _compared(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.Compare, ast.Call)
    return Detection(node, stop.statement.span(node), live=misuse.target)


def _named(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.Attribute)
    if node.attr != misuse.name:
        raise LookupError("the name stands elsewhere")
    end = stop.statement.span(node)[1]
    mark = (end - len(node.attr), end)
    name = f"{stop.statement.segment(node.value)} has no .{node.attr}"
    hint = _finished(stop, node, misuse) if _is(misuse, QUERY) else ""
    if isinstance(misuse.target, Operand):
        return Detection(node, mark, name, live=misuse.target, near=misuse.suggestion)
    return Detection(node, mark, "", hint, live=misuse.target, near=misuse.suggestion)


def _field(stop: Location, misuse: Misuse) -> Detection:
    """A field that was taken for a part of a query."""
    slip, field = _named(stop, misuse), misuse.suggestion

    def spelt(writer: Rewriter) -> str:
        found = None if field is None else writer.scope.spelt(field, FIELD)
        return writer.unsure() if found is None else found

    return slip._replace(instead={slip.node: spelt}, near=None)


def _finished(stop: Location, node: ast.Attribute, misuse: Misuse) -> str:
    """How a query comes to what is asked of it too early."""
    call = stop.statement.parents.get(node)
    query, whole = stop.statement.segment(node.value), stop.statement.segment(call or node)
    if "\n" in whole or not isinstance(call, ast.Call):
        return ""
    said = []
    if node.attr == "count" and not call.args and not call.keywords:
        said.append(f"{stop.scope.client() or 'client'}.count({query}) for the number of leads")
    if node.attr in ("average", "sum", "count") and hasattr(type(misuse.target), "group_by"):
        said.append(f"{query}.group_by(OwnerId){whole[len(query) :].strip()}")
    return f"such as {', or '.join(said)}" if said else ""


def _called(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.Call)
    return Detection(node, stop.statement.span(node), live=misuse.target)


def _keywords(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.Call)
    named = next((one for one in node.keywords if one.arg == misuse.name), None)
    if named is None:
        raise LookupError("the name stands elsewhere")
    name = f"conditions are comparisons, and {misuse.name}= is a keyword"
    return Detection(node, stop.statement.span(named), name, live=misuse.target)


def _uncalled(stop: Location, misuse: Misuse) -> Detection:
    """A method that was given in place of what it returns, or a query in place of its payload."""
    node = stop.at(ast.Call)
    part = node.args[0]
    mark = stop.statement.span(part)
    if misuse.kind == "uncalled method":
        right = {part: lambda writer: f"{writer.segment(part)}()"}
        return Detection(part, mark, instead=right if misuse.name else {})
    method = part.func if isinstance(part, ast.Call) else part
    if not isinstance(method, ast.Attribute) or not method.attr.startswith("to_"):
        return Detection(part, mark)
    return Detection(part, mark, instead={part: lambda writer: writer.segment(method.value)})


def _assigned(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.Attribute)
    return Detection(node, stop.statement.span(node), live=misuse.target)


def _anywhere(stop: Location, misuse: Misuse) -> Detection:
    node = stop.at(ast.expr)
    return Detection(node, stop.statement.span(node), live=misuse.target)


def _is(misuse: Misuse, *texts: Any) -> bool:
    return isinstance(misuse.target, NotBoolean) and any(
        misuse.target._messages is one for one in texts
    )


_DETECTORS: Final[dict[str, Callable[[Location, Misuse], Detection]]] = {
    "argument": _called,
    "assignment": _assigned,
    "attribute": _named,
    "call": _called,
    "comparison": _compared,
    "contains": _contains,
    "field as method": _field,
    "inverted": _inverted,
    "item": _anywhere,
    "iteration": _iteration,
    "keywords": _keywords,
    "later method": _named,
    "length": _length,
    "module attribute": _named,
    "not a condition": _given,
    "not an owner": _given,
    "order": _anywhere,
    "payload": _uncalled,
    "precedence": _beside,
    "query attribute": _named,
    "truth": detect_truth,
    "uncalled method": _uncalled,
}
"""The detector of each kind of misuse."""
