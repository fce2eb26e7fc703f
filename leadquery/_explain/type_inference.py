"""What the parts of a line stand for: names are looked up, nothing of the line is run again."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable
from types import FrameType, ModuleType
from typing import Any, Final, NamedTuple

from leadquery._explain.safe_getattr import (
    MISSING,
    getattr_static,
    is_a,
    is_client,
    makes_clients,
    own_names,
)
from leadquery._util.suggest import normalize_name
from leadquery.expr._guards import (
    ATTRIBUTE,
    CONDITION,
    FIELD,
    QUERY,
    USER_CONDITION,
    Messages,
    NotBoolean,
)

_BUILT: Final = {id(FIELD): CONDITION, id(ATTRIBUTE): USER_CONDITION}

_JOINED: Final = (CONDITION, USER_CONDITION)

_PLAIN: Final = (
    *(ast.Constant, ast.JoinedStr, ast.Lambda, ast.List, ast.Tuple, ast.Set, ast.Dict),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)

_LISTS: Final = (ast.List, ast.Tuple, ast.Set)

_VALUES: Final = (
    *(len, isinstance, issubclass, hasattr, callable, str, int, float, abs, round, repr, ord),
)
"""Python's own functions that make values, whatever they are given."""


class Inferred(NamedTuple):
    """What a part of a line stands for.

    `texts` tell which of our things it is, None a value of Python's; `value` is there where a
    name or a literal has it.
    """

    texts: Messages | None
    kind: type | None = None
    value: Any = MISSING

    @property
    def known(self) -> bool:
        """Whether the value is there."""
        return self.value is not MISSING


class FrameTypes:
    """The names that a frame sees, and what expressions of them are."""

    def __init__(self, frame: FrameType) -> None:
        self._names = (frame.f_locals, frame.f_globals, vars(builtins))

    def meant(self, node: ast.AST | None) -> Inferred | None:
        """What a part of the line is, or is meant to be; None where nobody knows."""
        if isinstance(node, _PLAIN):
            return _stands_for(node.value) if isinstance(node, ast.Constant) else Inferred(None)
        rule = None if node is None else _RULES.get(type(node))
        return rule(self, node) if rule else None

    def is_a(self, node: ast.AST | None, *texts: Messages) -> bool:
        """Whether a part of the line is one of our things, or is meant to be."""
        meant = self.meant(node)
        return meant is not None and any(meant.texts is one for one in texts)

    def is_ours(self, node: ast.AST) -> bool:
        """Whether a part of the line is, or joins, one of our things."""
        if isinstance(node, ast.BinOp):
            return self.is_ours(node.left) or self.is_ours(node.right)
        meant = self.meant(node)
        return meant is not None and meant.texts is not None

    def offers(self, node: ast.AST, method: str) -> bool:
        """Whether a word has a method."""
        meant = self.meant(node)
        return meant is not None and meant.texts is not None and hasattr(meant.kind, method)

    def is_plain(self, node: ast.AST) -> bool:
        """Whether a part of the line is a value of Python's."""
        meant = self.meant(node)
        return meant is not None and meant.texts is None

    def is_true_or_false(self, node: ast.AST) -> bool | None:
        """Whether a field is one that is true or false; None where it may be, or is a number."""
        meant = self.meant(node)
        ours = meant is not None and meant.texts is not None
        return getattr(meant.kind, "_truth", None) if ours else None  # type: ignore[union-attr]

    def spelt(self, name: str, texts: Messages, *, loose: bool = False) -> str | None:
        """How the line may spell a word: by its name, or behind the name of a module.

        A `loose` name is one in other letters too, as role is of Role.
        """
        if self.is_a(ast.Name(name), texts):
            return name
        seen = [item for names in self._names[:2] for item in list(names.items())]
        for module, held in seen:
            if is_a(held, ModuleType) and _is_a_word(own_names(held).get(name), texts):
                return f"{module}.{name}"
        rooms = [(f"{at}.", own_names(held)) for at, held in seen if is_a(held, ModuleType)]
        letters = normalize_name(name)
        for before, held in (("", dict(seen)), *rooms) if loose else ():
            for word, value in list(held.items()):
                if normalize_name(word) == letters and _is_a_word(value, texts):
                    return f"{before}{word}"
        return None

    def room(self, name: str) -> str | None:
        """How the line may spell a module of this package, where it sees that or the package."""
        for module, before in ((f"leadquery.{name}", ""), ("leadquery", f".{name}")):
            for names in self._names[:2]:
                for spelt, held in list(names.items()):
                    if is_a(held, ModuleType) and own_names(held).get("__name__") == module:
                        return f"{spelt}{before}"
        return None

    def takes_keys(self, node: ast.AST) -> bool:
        """Whether a part of the line makes a client, with keys that no text may show."""
        if not isinstance(node, ast.Call):
            return False
        # The front door has no client before it is asked for one, which would run its code.
        named = isinstance(node.func, ast.Attribute) and node.func.attr == "Client"
        owner = self.value(node.func.value) if isinstance(node.func, ast.Attribute) else None
        return named or makes_clients(self.value(node.func)) or makes_clients(owner)

    def client(self) -> str | None:
        """The name of a client, where the line sees one."""
        for names in self._names[:2]:
            for name, held in list(names.items()):
                if is_client(held):
                    return name
        return None

    def value(self, node: ast.AST) -> Any:
        """What a name, or an attribute of a module or a plain object, holds."""
        if isinstance(node, ast.Name):
            held = (names[node.id] for names in self._names if node.id in names)
            return next(held, MISSING)
        if isinstance(node, ast.Attribute):
            owner = self.value(node.value)
            return MISSING if owner is MISSING else getattr_static(owner, node.attr)
        return node.value if isinstance(node, ast.Constant) else MISSING

    def _named(self, node: ast.AST) -> Inferred | None:
        value = self.value(node)
        return None if value is MISSING else _stands_for(value)

    def _called(self, node: ast.Call) -> Inferred | None:
        made = self.value(node.func)
        if any(made is one for one in _VALUES):
            return Inferred(None)
        several = node.args[0] if len(node.args) == 1 and (made is all or made is any) else None
        if isinstance(several, _LISTS):
            return self._either([self.meant(one) for one in several.elts])
        if is_a(made, type):
            return Inferred(made._messages if issubclass(made, NotBoolean) else None, made)
        if isinstance(node.func, ast.Attribute):
            owner = self.meant(node.func.value)
            if owner is not None and owner.texts is not None:
                return _made_by(owner, node.func.attr)
        return None

    def _compared(self, node: ast.Compare) -> Inferred | None:
        sides = [self.meant(side) for side in (node.left, *node.comparators)]
        for side in filter(None, sides):
            if side.texts is not None:
                is_asked = any(isinstance(op, (ast.Is, ast.IsNot)) for op in node.ops)
                stays = side.texts in _JOINED and not is_asked
                return Inferred(side.texts if stays else _BUILT.get(id(side.texts)))
        return Inferred(None) if all(sides) else None

    def _joined(self, node: ast.BoolOp) -> Inferred | None:
        return self._either([self.meant(side) for side in node.values])

    def _signed(self, node: ast.BinOp) -> Inferred | None:
        return self._either([self.meant(node.left), self.meant(node.right)])

    def _either(self, sides: list[Inferred | None]) -> Inferred | None:
        for side in filter(None, sides):
            if any(side.texts is one for one in _JOINED):
                return Inferred(side.texts)
        return Inferred(None) if all(side and side.texts is None for side in sides) else None

    def _turned(self, node: ast.UnaryOp) -> Inferred | None:
        side = self.meant(node.operand)
        if side is None or side.texts is None:
            return side and Inferred(None)
        return Inferred(_BUILT.get(id(side.texts), side.texts))


def _is_a_word(value: Any, texts: Messages) -> bool:
    return is_a(value, NotBoolean) and value._messages is texts


def _stands_for(value: Any) -> Inferred:
    kind = type(value)
    return Inferred(kind._messages if issubclass(kind, NotBoolean) else None, kind, value)


def _made_by(owner: Inferred, method: str) -> Inferred | None:
    """What a method of one of our things makes."""
    if owner.texts is QUERY:
        said = method.startswith("to_") or method == "describe"
        return Inferred(None) if said else Inferred(QUERY)
    built = _BUILT.get(id(owner.texts))
    return built and Inferred(built)


_RULES: Final[dict[type[ast.AST], Callable[[FrameTypes, Any], Inferred | None]]] = {
    ast.Name: FrameTypes._named,
    ast.Attribute: FrameTypes._named,
    ast.Call: FrameTypes._called,
    ast.Compare: FrameTypes._compared,
    ast.BoolOp: FrameTypes._joined,
    ast.BinOp: FrameTypes._signed,
    ast.UnaryOp: FrameTypes._turned,
    ast.NamedExpr: lambda scope, node: scope.meant(node.value),
}
