"""The types of expressions, from the variables that a frame sees.

Names are looked up; nothing of the line runs again, and no code of the user's runs.
"""

from __future__ import annotations

import ast
import builtins
import functools
import sys
from collections.abc import Callable, Iterator
from types import FrameType, GetSetDescriptorType, MemberDescriptorType, ModuleType
from typing import Any, Final, NamedTuple

from leadquery._util.text import normalize_name
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

MISSING: Final = object()
"""No value is known."""

_DICT: Final = type.__dict__["__dict__"]

_MRO: Final = type.__dict__["__mro__"]

_BUILT_BY: Final = {
    id(FIELD): CONDITION,
    id(ATTRIBUTE): USER_CONDITION,
    id(AGGREGATE): GROUP_CONDITION,
}
"""What a comparison or a method of an operand builds."""

_CONDITIONS: Final = (CONDITION, USER_CONDITION, GROUP_CONDITION)

_AGGREGATES: Final = frozenset(function.name.lower() for function in aggregate.Function)

_NO_OPERANDS: Final = frozenset(
    [*("asc", "desc", "bins", "in_periods"), *("day", "week", "month", "quarter", "year")]
)
"""Methods of fields that make neither a condition nor an aggregate."""

_LITERALS: Final = (
    *(ast.Constant, ast.JoinedStr, ast.Lambda, ast.List, ast.Tuple, ast.Set, ast.Dict),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)

_VALUE_FUNCTIONS: Final = (
    *(len, isinstance, issubclass, hasattr, callable, str, int, float, abs, round, repr, ord),
)
"""Built-in functions that return plain values for any argument."""


class Inferred(NamedTuple):
    """The type of an expression.

    `operand` says which of leadquery's types it is, None that it is a plain value. `value` is
    there if the expression is a name or a literal.
    """

    operand: Messages | None
    cls: type | None = None
    value: Any = MISSING


class FrameTypes:
    """The variables that a frame sees, and the types of expressions over them."""

    def __init__(self, frame: FrameType) -> None:
        self._scopes = (frame.f_locals, frame.f_globals, vars(builtins))

    def infer(self, node: ast.AST | None) -> Inferred | None:
        """The type that an expression has, or was meant to have; None if unknown."""
        if isinstance(node, _LITERALS):
            return _type_of(node.value) if isinstance(node, ast.Constant) else Inferred(None)
        rule = None if node is None else _RULES.get(type(node))
        return rule(self, node) if rule else None

    def is_type(self, node: ast.AST | None, *operands: Messages) -> bool:
        """Whether an expression is of one of these types."""
        inferred = self.infer(node)
        return inferred is not None and any(inferred.operand is one for one in operands)

    def is_operand(self, node: ast.AST) -> bool:
        """Whether an expression is of one of leadquery's types, or has an operand that is."""
        if isinstance(node, ast.BinOp):
            return self.is_operand(node.left) or self.is_operand(node.right)
        inferred = self.infer(node)
        return inferred is not None and inferred.operand is not None

    def is_plain(self, node: ast.AST) -> bool:
        """Whether an expression is a plain value."""
        inferred = self.infer(node)
        return inferred is not None and inferred.operand is None

    def supports(self, node: ast.AST, method: str) -> bool:
        """Whether a field or attribute has a method."""
        inferred = self.infer(node)
        known = inferred is not None and inferred.operand is not None
        return known and hasattr(inferred.cls, method)  # type: ignore[union-attr]

    def is_boolean(self, node: ast.AST) -> bool | None:
        """Whether a field holds True or False; None if that is unknown, or it holds numbers."""
        inferred = self.infer(node)
        known = inferred is not None and inferred.operand is not None
        return getattr(inferred.cls, "_is_flag", None) if known else None  # type: ignore[union-attr]

    def name_for(self, name: str, operand: Messages, *, loose: bool = False) -> str | None:
        """How the line can refer to a field or attribute: by its name, or as `module.name`.

        A `loose` name may differ in case, as `role` for `Role`.
        """
        if self.is_type(ast.Name(name), operand):
            return name
        modules = [(alias, own_names(module)) for alias, module in self._modules()]
        for alias, members in modules:
            if _is_operand(members.get(name), operand):
                return f"{alias}.{name}"
        if not loose:
            return None
        variables = {key: value for scope in self._scopes[1::-1] for key, value in [*scope.items()]}
        letters = normalize_name(name)
        prefixed = [("", variables), *((f"{alias}.", members) for alias, members in modules)]
        for prefix, members in prefixed:
            for key, value in [*members.items()]:
                if normalize_name(key) == letters and _is_operand(value, operand):
                    return f"{prefix}{key}"
        return None

    def module_alias(self, name: str) -> str | None:
        """How the line can refer to a submodule of leadquery, if it can."""
        for module, suffix in ((f"leadquery.{name}", ""), ("leadquery", f".{name}")):
            for alias, value in self._modules():
                if own_names(value).get("__name__") == module:
                    return f"{alias}{suffix}"
        return None

    def client_name(self) -> str | None:
        """The name of a client, if the line sees one."""
        clients = (name for name, value in self._variables() if _is_client(value))
        return next(clients, None)

    def client_method(self, node: ast.AST) -> Any:
        """The function that a method of a client is, or None for what is no method of one."""
        owner = self.value(node.value) if isinstance(node, ast.Attribute) else None
        return getattr(type(owner), node.attr, None) if _is_client(owner) else None  # type: ignore[attr-defined]

    def creates_client(self, node: ast.AST) -> bool:
        """Whether an expression creates a client, with keys that no text may show."""
        if not isinstance(node, ast.Call):
            return False
        owner = self.value(node.func.value) if isinstance(node.func, ast.Attribute) else None
        # `leadquery.Client` is loaded on first use, so looking it up would run code.
        named = isinstance(node.func, ast.Attribute) and node.func.attr in _CLIENTS
        return named or _is_client_class(self.value(node.func)) or _is_client_class(owner)

    def value(self, node: ast.AST) -> Any:
        """The value of a name, of an attribute of a module or plain object, or of a literal."""
        if isinstance(node, ast.Name):
            values = (scope[node.id] for scope in self._scopes if node.id in scope)
            return next(values, MISSING)
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            return MISSING if owner is MISSING else getattr_static(owner, node.attr)
        return node.value if isinstance(node, ast.Constant) else MISSING

    def _variables(self) -> Iterator[tuple[str, Any]]:
        for scope in self._scopes[:2]:
            yield from list(scope.items())

    def _modules(self) -> Iterator[tuple[str, ModuleType]]:
        return ((name, value) for name, value in self._variables() if is_a(value, ModuleType))

    def _infer_name(self, node: ast.AST) -> Inferred | None:
        value = self.value(node)
        return None if value is MISSING else _type_of(value)

    def _infer_call(self, node: ast.Call) -> Inferred | None:
        function = self.value(node.func)
        if any(function is one for one in _VALUE_FUNCTIONS):
            return Inferred(None)
        if function is aggregate.count:
            return Inferred(AGGREGATE, aggregate.Aggregate)
        if len(node.args) == 1 and (function is all or function is any):
            [items] = node.args
            if isinstance(items, (ast.List, ast.Tuple, ast.Set)):
                return self._infer_joined(items.elts)
        if is_a(function, type):
            operand = function._messages if issubclass(function, NotBoolean) else None
            return Inferred(operand, function)
        if isinstance(node.func, ast.Attribute):
            owner = self.infer(node.func.value)
            if owner is not None and owner.operand is not None:
                return _type_of_result(owner.operand, node.func.attr)
        return None

    def _infer_compare(self, node: ast.Compare) -> Inferred | None:
        sides = [self.infer(side) for side in (node.left, *node.comparators)]
        for side in filter(None, sides):
            if side.operand is not None:
                identity = any(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops)
                unchanged = side.operand in _CONDITIONS and not identity
                return Inferred(side.operand if unchanged else _BUILT_BY.get(id(side.operand)))
        return Inferred(None) if all(sides) else None

    def _infer_unary(self, node: ast.UnaryOp) -> Inferred | None:
        side = self.infer(node.operand)
        if side is None or side.operand is None:
            return side and Inferred(None)
        return Inferred(_BUILT_BY.get(id(side.operand), side.operand))

    def _infer_joined(self, nodes: list[ast.expr]) -> Inferred | None:
        """The type of what `&`, `|`, `and`, `or`, `all` or `any` join."""
        sides = [self.infer(node) for node in nodes]
        for side in filter(None, sides):
            if any(side.operand is condition for condition in _CONDITIONS):
                return Inferred(side.operand)
        return Inferred(None) if all(side and side.operand is None for side in sides) else None


_RULES: Final[dict[type[ast.AST], Callable[[FrameTypes, Any], Inferred | None]]] = {
    ast.Name: FrameTypes._infer_name,
    ast.Attribute: FrameTypes._infer_name,
    ast.Call: FrameTypes._infer_call,
    ast.Compare: FrameTypes._infer_compare,
    ast.BoolOp: lambda types, node: types._infer_joined(node.values),
    ast.BinOp: lambda types, node: types._infer_joined([node.left, node.right]),
    ast.UnaryOp: FrameTypes._infer_unary,
    ast.NamedExpr: lambda types, node: types.infer(node.value),
}


def _is_operand(value: Any, operand: Messages) -> bool:
    return is_a(value, NotBoolean) and value._messages is operand


def _type_of(value: Any) -> Inferred:
    cls = type(value)
    return Inferred(cls._messages if issubclass(cls, NotBoolean) else None, cls, value)


def _type_of_result(owner: Messages, method: str) -> Inferred | None:
    """What a method of a query, field or attribute returns."""
    if owner is QUERY:
        is_text = method.startswith("to_") or method == "describe"
        return Inferred(None) if is_text else Inferred(QUERY)
    if owner is FIELD and method in _AGGREGATES:
        return Inferred(AGGREGATE, aggregate.Aggregate)
    built = None if method in _NO_OPERANDS else _BUILT_BY.get(id(owner))
    return None if built is None else Inferred(built)


def is_a(value: object, *types: type) -> bool:
    """`isinstance` that does not ask the value for its class, which would run its code."""
    return issubclass(type(value), types)


def are_all(value: Any, operand: Messages) -> bool:
    """Whether a value is a list of operands of one type."""
    is_list = type(value) in (list, tuple, set, frozenset) and len(value) > 0
    return is_list and all(_is_operand(item, operand) for item in value)


def getattr_static(owner: Any, name: str) -> Any:
    """An attribute of a module, a class or a plain object, without running its code."""
    if is_a(owner, type):
        places = [_DICT.__get__(cls) for cls in _MRO.__get__(owner)]
    else:
        places = [own_names(owner), _DICT.__get__(type(owner))]
    for members in places:
        if name in members and _is_stored(owner, members[name]):
            return members[name]
    return MISSING


def own_names(owner: Any) -> dict[str, Any]:
    """The `__dict__` of a module or a plain object; empty if it has its own `__dict__`."""
    descriptor = _class_attribute(type(owner), "__dict__")
    is_standard = type(descriptor) in (GetSetDescriptorType, MemberDescriptorType)
    found = descriptor.__get__(owner) if is_standard else {}
    return found if type(found) is dict else {}


def _is_stored(owner: Any, member: Any) -> bool:
    """Whether looking up a member returns the member itself, which no descriptor computes."""
    plain = is_a(owner, ModuleType) or is_a(member, NotBoolean)
    return plain or _class_attribute(type(member), "__get__") is MISSING


def _class_attribute(cls: type, name: str) -> Any:
    places = (_DICT.__get__(base) for base in _MRO.__get__(cls))
    return next((place[name] for place in places if name in place), MISSING)


def _client_class() -> type | None:
    # No line can name a client before the module is loaded.
    module = sys.modules.get("leadquery.client.client")
    return None if module is None else own_names(module).get("Client")


def _is_client(value: object) -> bool:
    cls = _client_class()
    return cls is not None and is_a(value, cls)


def _is_client_class(value: Any) -> bool:
    """Whether calling a value creates a client: a class, or a `functools.partial` of one."""
    if is_a(value, functools.partial):
        value = functools.partial.__dict__["func"].__get__(value)
    modules = [sys.modules.get(f"leadquery.client.{name}") for name in ("client", "async_client")]
    names = [own_names(module) for module in modules if module is not None]
    classes = [found[one] for found in names for one in _CLIENTS if one in found]
    return is_a(value, type) and any(cls in _MRO.__get__(value) for cls in classes)


_CLIENTS: Final = ("Client", "AsyncClient")
