"""A line written right is tried, as far as all that it names is ours or plain: no line is offered
that would be refused in turn.
"""

from __future__ import annotations

import ast
import inspect
import operator
import warnings
from collections.abc import Callable
from types import FunctionType, MethodType, ModuleType
from typing import Any, Final

from leadquery._explain.rewriter import Rewriter
from leadquery._explain.safe_getattr import MISSING, is_a
from leadquery._explain.switches import literal
from leadquery.errors import QueryError
from leadquery.expr._guards import ATTRIBUTE, CONDITION, FIELD, QUERY, USER_CONDITION, NotBoolean

_WORDS: Final = (FIELD, ATTRIBUTE)

_CONDITIONS: Final = (CONDITION, USER_CONDITION)

_LISTS: Final = (list, tuple, set, frozenset)

_PLAIN: Final = (str, int, float, bool, bytes, type(None))

_ANY: Final = inspect.Parameter.VAR_POSITIONAL

_PERIODS: Final = "leadquery.periods"

_COMPARED: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

_SAMPLES: Final = {"select": ["Phone"], "group_by": ["OwnerId"], "average": ["Score"]}

_SAMPLES_OF_NONE: Final = ("count",)
"""What stands for arguments that nobody knows, where a query comes to another state by them."""


class Evaluator:
    """What the parts of a line make; being refused is final."""

    def __init__(self, writer: Rewriter) -> None:
        self._writer = writer
        self._made: dict[ast.AST, Any] = {}

    def made(self, node: ast.AST) -> Any:
        """What a part of the line makes, where that runs nothing of the user's, or MISSING."""
        if node not in self._made:
            rule = _RULES.get(type(node))
            self._made[node] = MISSING if rule is None else rule(self, node)
        return self._made[node]

    def _ask(self, ask: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return ask(*given, **named)
            except (QueryError, AttributeError, TypeError) as refused:
                self._writer.unsure(_said(refused))

    def _constant(self, node: ast.Constant) -> Any:
        return node.value if type(node.value) in _PLAIN else MISSING

    def _name(self, node: ast.AST) -> Any:
        value = self._writer.scope.value(node)
        if type(value) in _LISTS:
            return [one for one in value if _is_known(one)] or MISSING
        return value if _is_known(value) else MISSING

    def _attribute(self, node: ast.Attribute) -> Any:
        owner = self.made(node.value)
        if owner is MISSING:
            return self._name(node)
        return MISSING if node.attr.startswith("_") else self._ask(getattr, owner, node.attr)

    def _call(self, node: ast.Call) -> Any:
        method = self.made(node.func)
        if not _is_asked(method):
            return MISSING
        signature = inspect.signature(method)
        if any(isinstance(one, ast.Starred) for one in node.args):
            kinds = [one.kind for one in signature.parameters.values()]
            if _ANY not in kinds:
                # Nobody knows how many there are.
                self._writer.unsure()
            given = [one for part in node.args for one in self._each(part) if one is not MISSING]
            return self._ask(method, *given) if given else self._sampled(method)
        given = [self.made(one) for one in node.args]
        named = {one.arg: self.made(one.value) for one in node.keywords if one.arg is not None}
        spread = len(named) < len(node.keywords)
        if not spread and not any(one is MISSING for one in (*given, *named.values())):
            return self._ask(method, *given, **named)
        self._ask(signature.bind_partial if spread else signature.bind, *given, **named)
        return self._sampled(method)

    def _each(self, node: ast.expr) -> list[Any]:
        """What one argument holds, as far as it is known: several where it is a list of them."""
        held = self.made(node.value if isinstance(node, ast.Starred) else node)
        return held if isinstance(node, ast.Starred) and type(held) is list else [held]

    def _sampled(self, method: Any) -> Any:
        """The state that a query comes to, whatever its method is given."""
        owner: Any = getattr(method, "__self__", None)
        if not _is_one_of(owner, QUERY):
            return MISSING
        name = "average" if method.__name__ == "sum" else method.__name__
        if name in _SAMPLES or name in _SAMPLES_OF_NONE:
            return getattr(owner, name)(*_SAMPLES.get(name, ()))
        return owner if not name.startswith("to_") else MISSING

    def _compare(self, node: ast.Compare) -> Any:
        ask = _COMPARED.get(type(node.ops[0]))
        sides = [self.made(one) for one in (node.left, *node.comparators)]
        words = [one for one in sides if _is_one_of(one, *_WORDS)]
        if ask is None or len(sides) > 2 or len(words) != 1 or any(one is MISSING for one in sides):
            return MISSING
        return self._ask(ask, *sides)

    def _sign(self, node: ast.BinOp) -> Any:
        sides = [self.made(node.left), self.made(node.right)]
        if not all(_is_one_of(one, *_CONDITIONS) for one in sides):
            return MISSING
        signs = {ast.BitAnd: operator.and_, ast.BitOr: operator.or_}
        ask = signs.get(type(node.op))
        return MISSING if ask is None else self._ask(ask, *sides)

    def _turned(self, node: ast.UnaryOp) -> Any:
        return MISSING if literal(node) is None else ast.literal_eval(node)

    def _list(self, node: Any) -> Any:
        held = [self.made(one) for one in node.elts]
        return [one for one in held if one is not MISSING] or MISSING


def _said(error: Exception) -> str:
    """What is said of a value; what Python says of a call names our own methods."""
    return str(error).partition("\n")[0] if is_a(error, QueryError) else ""


def _is_one_of(value: Any, *texts: Any) -> bool:
    return is_a(value, NotBoolean) and any(value._messages is one for one in texts)


def _is_known(value: Any) -> bool:
    return type(value) in _PLAIN or _is_ours(value)


def _is_ours(value: Any) -> bool:
    """Whether a value is of leadquery, whose code runs nothing of the user's."""
    if is_a(value, ModuleType):
        return str(value.__name__).startswith("leadquery")
    module = type(value).__module__
    if is_a(value, NotBoolean):
        return module.startswith("leadquery.")
    return _is_asked(value) or module.startswith(_PERIODS)


def _is_asked(value: Any) -> bool:
    """Whether a value is a method of our things, a kind of field, or makes a period."""
    if type(value) is MethodType:
        return is_a(value.__self__, NotBoolean) and _is_ours(value.__self__)
    if is_a(value, type):
        return issubclass(value, NotBoolean) and str(value.__module__).startswith("leadquery.")
    return type(value) is FunctionType and str(value.__module__).startswith(_PERIODS)


_RULES: Final[dict[type[ast.AST], Callable[[Evaluator, Any], Any]]] = {
    ast.Attribute: Evaluator._attribute,
    ast.BinOp: Evaluator._sign,
    ast.Call: Evaluator._call,
    ast.Compare: Evaluator._compare,
    ast.Constant: Evaluator._constant,
    ast.List: Evaluator._list,
    ast.Name: Evaluator._name,
    ast.Set: Evaluator._list,
    ast.Tuple: Evaluator._list,
    ast.UnaryOp: Evaluator._turned,
}
