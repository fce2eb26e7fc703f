"""Suggests a corrected statement, and verifies that the suggestion is not rejected in turn."""

from __future__ import annotations

import ast
import inspect
import operator
import warnings
from collections.abc import Callable
from types import FunctionType, MethodType, ModuleType
from typing import Any, Final, NamedTuple

from leadquery._explain import rules_boolop, rules_calls, rules_compare
from leadquery._explain.rewriter import Detection, NoSuggestionError, Rewriter, Rules, ancestors
from leadquery._explain.source import Span, Statement
from leadquery._explain.type_inference import MISSING, FrameTypes, is_a
from leadquery.errors import QueryError
from leadquery.expr import aggregate
from leadquery.expr._guards import (
    AGGREGATE,
    ATTRIBUTE,
    CONDITION,
    FIELD,
    GROUP_CONDITION,
    QUERY,
    USER_CONDITION,
    Messages,
    NotBoolean,
)

RULES: Final[Rules] = {
    ast.Attribute: rules_calls.rewrite_attribute,
    ast.AugAssign: rules_boolop.rewrite_assignment,
    ast.BinOp: rules_boolop.rewrite_binop,
    ast.BoolOp: rules_boolop.rewrite_boolop,
    ast.Call: rules_calls.rewrite_call,
    ast.Compare: rules_compare.rewrite_compare,
    ast.IfExp: rules_boolop.rewrite_ifexp,
    ast.UnaryOp: rules_boolop.rewrite_unary,
}

# Inside of these, names mean something else; outside of them, there is nothing to join.
_BOUNDARIES: Final = (
    *(ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.comprehension),
    *(ast.stmt, ast.mod, ast.arguments, ast.match_case, ast.ExceptHandler, ast.withitem),
)

_LISTS: Final = (list, tuple, set, frozenset)

_PLAIN: Final = (str, int, float, bool, bytes, type(None))

_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}

_SAMPLE_ARGUMENTS: Final[dict[str, list[Any]]] = {
    "aggregate": [aggregate.count()],
    "average": ["Score"],
    "count": [],
    "group_by": ["OwnerId"],
    "select": ["Phone"],
    "sum": ["Score"],
}
"""Arguments that stand for unknown ones in the methods that lead to another state."""


class Suggestion(NamedTuple):
    """The corrected statement, or None and a hint if it is not certain what was intended."""

    text: str | None
    hint: str = ""


def suggest_fix(statement: Statement, types: FrameTypes, detection: Detection) -> Suggestion:
    """The corrected statement."""
    around = [detection.node, *ancestors(statement, detection.node)]
    try:
        rewriter = Rewriter(statement, types, RULES, detection, set(around))
        text = _replace(rewriter, _root(around))
        # Some expressions have a type only once the first misuse is corrected.
        rewriter, root = _around_change(statement, text, types)
        text = _replace(rewriter, root)
        if text == statement.text:
            return Suggestion(None)
        rewriter, root = _around_change(statement, text, types)
        evaluator = Evaluator(rewriter)
        for node in ast.walk(root):
            evaluator.evaluate(node)
    except NoSuggestionError as uncertain:
        return Suggestion(None, str(uncertain))
    return Suggestion(text)


def _around_change(old: Statement, text: str, types: FrameTypes) -> tuple[Rewriter, ast.AST]:
    """A rewriter for a new text, and the outermost expression that was changed."""
    statement = Statement(old.file, text, old.first_line)
    start, end = _difference(old.text, text)
    spans = [(node, statement.span(node)) for node in statement.nodes]
    around = [node for node, span in spans if span[0] <= start and span[1] >= end][::-1]
    return Rewriter(statement, types, RULES, None, set(around)), _root(around)


def _root(around: list[ast.AST]) -> ast.AST:
    """The outermost of nested nodes, from the inside out, that sees the variables of the line."""
    root = around[0]
    for node in around[1:]:
        if isinstance(node, _BOUNDARIES):
            break
        root = node
    return root


def _replace(rewriter: Rewriter, root: ast.AST) -> str:
    start, end = rewriter.statement.span(root)
    text = rewriter.statement.text
    return f"{text[:start]}{rewriter.rewrite(root)}{text[end:]}"


def _difference(old: str, new: str) -> Span:
    """The part of a new text that differs from the old one."""
    length = min(len(old), len(new))
    start = next((at for at in range(length) if old[at] != new[at]), length)
    rest = length - start
    same = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    return start, len(new) - same


class Evaluator:
    """Evaluates expressions of leadquery objects and plain values; gives up if one is rejected."""

    def __init__(self, rewriter: Rewriter) -> None:
        self._rewriter = rewriter
        self._values: dict[ast.AST, Any] = {}

    def evaluate(self, node: ast.AST) -> Any:
        """The value of an expression, or MISSING if it would run the user's code."""
        if node not in self._values:
            rule = _RULES.get(type(node))
            self._values[node] = MISSING if rule is None else rule(self, node)
        return self._values[node]

    def _run(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                return function(*args, **kwargs)
            except QueryError as error:
                raise NoSuggestionError(str(error).partition("\n")[0]) from None
            except (AttributeError, TypeError):
                # Python's messages name leadquery's own methods, which does not help.
                raise NoSuggestionError from None

    def _constant(self, node: ast.Constant) -> Any:
        return node.value if type(node.value) in _PLAIN else MISSING

    def _name(self, node: ast.AST) -> Any:
        value = self._rewriter.types.value(node)
        if type(value) in _LISTS:
            return [item for item in value if _is_known(item)] or MISSING
        return value if _is_known(value) else MISSING

    def _attribute(self, node: ast.Attribute) -> Any:
        owner = self.evaluate(node.value)
        if owner is MISSING:
            return self._name(node)
        return MISSING if node.attr.startswith("_") else self._run(getattr, owner, node.attr)

    def _call(self, node: ast.Call) -> Any:
        method = self._rewriter.types.client_method(node.func)
        if method is not None:
            return self._sent(node, method)
        function = self.evaluate(node.func)
        if not _is_callable(function):
            return MISSING
        signature = inspect.signature(function)
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            kinds = [parameter.kind for parameter in signature.parameters.values()]
            if inspect.Parameter.VAR_POSITIONAL not in kinds:
                # It is unknown how many arguments there are.
                raise NoSuggestionError
            values = [item for part in node.args for item in self._arguments(part)]
            known = [value for value in values if value is not MISSING]
            return self._run(function, *known) if known else self._sample(function)
        args = [self.evaluate(argument) for argument in node.args]
        named = [keyword for keyword in node.keywords if keyword.arg is not None]
        kwargs = {str(keyword.arg): self.evaluate(keyword.value) for keyword in named}
        unpacked = len(named) < len(node.keywords)
        if not unpacked and not any(value is MISSING for value in (*args, *kwargs.values())):
            return self._run(function, *args, **kwargs)
        bind = signature.bind_partial if unpacked else signature.bind
        self._run(bind, *args, **kwargs)
        return self._sample(function)

    def _sent(self, node: ast.Call, method: Any) -> Any:
        """Give up on a call of a client that is refused before it sends anything."""
        if any(isinstance(one, ast.Starred) for one in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        ):
            return MISSING
        args = [MISSING, *(self.evaluate(argument) for argument in node.args)]
        kwargs = {str(one.arg): self.evaluate(one.value) for one in node.keywords}
        bound = self._run(inspect.signature(method).bind, *args, **kwargs)
        query = bound.arguments.get("query", MISSING)
        if _is_operand(query, QUERY) and method.__name__ != "count":
            from leadquery.client.client import check_arguments

            self._run(check_arguments, query, method.__name__)
        return MISSING

    def _arguments(self, node: ast.expr) -> list[Any]:
        """The values of one argument, several if it is an unpacked list."""
        if not isinstance(node, ast.Starred):
            return [self.evaluate(node)]
        value = self.evaluate(node.value)
        return value if type(value) is list else [MISSING]

    def _sample(self, method: Any) -> Any:
        """The state that a method of a query leads to, whatever its arguments."""
        query: Any = getattr(method, "__self__", None)
        if not _is_operand(query, QUERY):
            return MISSING
        name = method.__name__
        if name in _SAMPLE_ARGUMENTS:
            return getattr(query, name)(*_SAMPLE_ARGUMENTS[name])
        return query if not name.startswith("to_") else MISSING

    def _compare(self, node: ast.Compare) -> Any:
        function = _COMPARISONS.get(type(node.ops[0]))
        sides = [self.evaluate(side) for side in (node.left, *node.comparators)]
        fields = [side for side in sides if _is_operand(side, FIELD, ATTRIBUTE, AGGREGATE)]
        unknown = any(side is MISSING for side in sides)
        if function is None or len(sides) > 2 or len(fields) != 1 or unknown:
            return MISSING
        return self._run(function, *sides)

    def _binop(self, node: ast.BinOp) -> Any:
        sides = [self.evaluate(node.left), self.evaluate(node.right)]
        conditions = (CONDITION, USER_CONDITION, GROUP_CONDITION)
        if not all(_is_operand(side, *conditions) for side in sides):
            return MISSING
        functions: dict[type[ast.operator], Any] = {
            ast.BitAnd: operator.and_,
            ast.BitOr: operator.or_,
        }
        function = functions.get(type(node.op))
        return MISSING if function is None else self._run(function, *sides)

    def _unary(self, node: ast.UnaryOp) -> Any:
        return MISSING if rules_boolop.literal(node) is None else ast.literal_eval(node)

    def _list(self, node: Any) -> Any:
        values = [self.evaluate(item) for item in node.elts]
        return [value for value in values if value is not MISSING] or MISSING


_RULES: Final[dict[type[ast.AST], Callable[[Evaluator, Any], Any]]] = {
    ast.Attribute: Evaluator._attribute,
    ast.BinOp: Evaluator._binop,
    ast.Call: Evaluator._call,
    ast.Compare: Evaluator._compare,
    ast.Constant: Evaluator._constant,
    ast.List: Evaluator._list,
    ast.Name: Evaluator._name,
    ast.Set: Evaluator._list,
    ast.Tuple: Evaluator._list,
    ast.UnaryOp: Evaluator._unary,
}


def _is_operand(value: Any, *operands: Messages) -> bool:
    return is_a(value, NotBoolean) and any(value._messages is one for one in operands)


def _is_known(value: Any) -> bool:
    return type(value) in _PLAIN or _is_own(value)


def _is_own(value: Any) -> bool:
    """Whether a value is of leadquery itself, so that its code is not the user's."""
    if is_a(value, ModuleType):
        return str(value.__name__).startswith("leadquery")
    module = str(type(value).__module__)
    if is_a(value, NotBoolean):
        return module.startswith("leadquery.")
    return _is_callable(value) or module.startswith(("leadquery.periods", "leadquery.expr."))


def _is_callable(value: Any) -> bool:
    """Whether a value is a method of a leadquery object, a field type, `count`, or a period's."""
    if type(value) is MethodType:
        return is_a(value.__self__, NotBoolean) and _is_own(value.__self__)
    if is_a(value, type):
        return issubclass(value, NotBoolean) and str(value.__module__).startswith("leadquery.")
    own = ("leadquery.periods", "leadquery.expr.aggregate")
    return type(value) is FunctionType and str(value.__module__).startswith(own)
