"""Values that a field refuses, in a line that is written right."""

from __future__ import annotations

import ast
import operator
import warnings
from collections.abc import Callable
from typing import Any, Final

from leadquery.errors import QueryError
from leadquery.slips.held import MISSING, is_a
from leadquery.slips.scope import Meant
from leadquery.slips.switches import literal
from leadquery.slips.texts import ATTRIBUTE, FIELD
from leadquery.slips.things import Asked
from leadquery.slips.written import Writer

_WORDS: Final = (FIELD, ATTRIBUTE)
_LISTS: Final = (list, tuple, set, frozenset)
_PLAIN: Final = (str, int, float, bool, bytes)
_COMPARED: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


def comparable(writer: Writer, node: ast.AST) -> None:
    """Refuse a comparison that a field refuses, in the field's own words."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        _tried(writer, _COMPARED.get(type(node.ops[0])), [node.left, *node.comparators])
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.keywords:
        owner, name = node.func.value, node.func.attr
        if writer.scope.is_a(owner, *_WORDS) and writer.scope.offers(owner, name):
            _tried(writer, lambda word, *given: getattr(word, name)(*given), [owner, *node.args])


def _tried(writer: Writer, ask: Callable[..., Any] | None, nodes: list[ast.expr]) -> None:
    """Have a field compared with plain values, which runs nothing of the user's."""
    held = [_held(writer, one) for one in nodes]
    words = [one for one in held if is_a(one, Asked)]
    if ask is None or len(words) != 1 or any(one is MISSING for one in held):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ask(*held)
        except QueryError as refused:
            writer.unsure(str(refused))


def _word(writer: Writer, node: ast.expr, meant: Meant) -> Any:
    """A field that has a name, or one that the line makes."""
    kind = meant.kind
    if meant.texts not in _WORDS or kind is None or not kind.__module__.startswith("leadquery."):
        return MISSING
    if meant.known or not (isinstance(node, ast.Call) and node.args):
        return meant.value
    name = _held(writer, node.args[0])
    return kind(name) if type(name) is str else MISSING


def _held(writer: Writer, node: ast.expr) -> Any:
    """The field or the plain value that a part of the line is; of a list, what is known of it."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        held = [_held(writer, one) for one in node.elts]
        return [one for one in held if one is not MISSING] or MISSING
    if isinstance(node, ast.UnaryOp):
        return MISSING if literal(node) is None else ast.literal_eval(node)
    meant = writer.scope.meant(node)
    if meant is None:
        return MISSING
    if meant.texts is not None:
        return _word(writer, node, meant)
    value = meant.value
    if type(value) in _LISTS:
        return [one for one in value if type(one) in _PLAIN] or MISSING
    # A comparison with nothing is told elsewhere.
    return value if type(value) in _PLAIN and (type(value) is not str or value) else MISSING
