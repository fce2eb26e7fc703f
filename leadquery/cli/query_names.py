"""The names of queries in a Python file that must not be run, because only a Tab was pressed.

The file is parsed. An expression is a query if the methods that it calls return one, by their own
annotations. Names that other files define, or that code makes, are not found.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable
from typing import Final

import leadquery
from leadquery.query.base import BaseQuery
from leadquery.query.leads import GroupedLeads
from leadquery.query.query import Query

MAX_SOURCE: Final = 70
"""How much of the source of a query describes it."""


def query_names(content: bytes) -> dict[str, str]:
    """The complete queries of a file by name, each with its source."""
    reader = _NameReader()
    reader.read(parse(content).body)
    return {
        name: _first_part(source)
        for name, source in reader.sources.items()
        if reader.classes.get(name) is Query and not name.startswith("_")
    }


def parse(content: bytes) -> ast.Module:
    """The statements of a file; none if it is not Python."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(content)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.Module([], [])


def _first_part(source: ast.expr) -> str:
    text = " ".join(ast.unparse(source).split())
    return text if len(text) <= MAX_SOURCE else f"{text[:MAX_SOURCE]}…"


class _NameReader:
    """Reads the names of a module: `classes` has those of queries, also unfinished ones.

    A function without arguments has the class of what it returns.
    """

    def __init__(self) -> None:
        self.classes: dict[str, type[BaseQuery]] = {}
        self.sources: dict[str, ast.expr] = {}
        self.packages: set[str] = set()

    def read(self, statements: Iterable[ast.stmt]) -> None:
        for statement in statements:
            self._read(statement)

    def _read(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Import() | ast.ImportFrom():
                self._import(statement)
            case ast.Assign(targets, value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target, value=ast.expr() as value):
                self._assign(target, value)
            case ast.FunctionDef(name, arguments) if not _required(arguments):
                returned = [one.value for one in ast.walk(statement) if isinstance(one, ast.Return)]
                classes = {self._class_of(value): value for value in returned if value is not None}
                self._define(name, Query if Query in classes else None, classes.get(Query))
            case ast.If(test, body, other):
                # What is run as a script only is not there when the file is loaded.
                is_script = "__main__" in ast.unparse(test)
                self.read([*([] if is_script else body), *other])
            case ast.With(body=body) | ast.Try(body=body):
                self.read(body)

    def _import(self, statement: ast.Import | ast.ImportFrom) -> None:
        if isinstance(statement, ast.Import):
            packages = [one for one in statement.names if one.name == _PACKAGE]
            self.packages |= {one.asname or one.name for one in packages}
            return
        for one in statement.names:
            for name in _PUBLIC if one.name == "*" else [one.name]:
                is_public = statement.module == _PACKAGE
                self._define(one.asname or name, _class_of_public(name) if is_public else None)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._define(target.id, self._class_of(value), value)

    def _define(
        self, name: str, found: type[BaseQuery] | None, source: ast.expr | None = None
    ) -> None:
        self.sources.pop(name, None)
        self.classes.pop(name, None)
        if found is not None:
            self.classes[name] = found
        if source is not None:
            self.sources[name] = source

    def _class_of(self, value: ast.expr) -> type[BaseQuery] | None:
        """The class of an expression that is a query, finished or not."""
        match value:
            case ast.Name(name) | ast.Call(ast.Name(name)):
                return self.classes.get(name)
            case ast.Call(ast.Attribute(owner, method)) if found := self._class_of(owner):
                return _class_returned(found, method)
            case ast.Attribute(ast.Name(package), name) | ast.Call(
                ast.Attribute(ast.Name(package), name)
            ) if package in self.packages:
                return _class_of_public(name)
        return None


_PACKAGE: Final = leadquery.__name__

_PUBLIC: Final = frozenset(
    name for name, module in leadquery._LAZY.items() if module.startswith("query.")
)
"""The public names that are queries, or make them. The others are slow to load."""


def _class_of_public(name: str) -> type[BaseQuery] | None:
    """The class of a public name of the package, or of what it returns."""
    if name not in _PUBLIC:
        return None
    value = getattr(leadquery, name)
    if isinstance(value, BaseQuery):
        return type(value)
    return Query if _returned(value).startswith(Query.__name__) else None


def _class_returned(owner: type[BaseQuery], method: str) -> type[BaseQuery] | None:
    """The class of what a method of a query returns."""
    returned = _returned(getattr(owner, method, None))
    for cls in (Query, GroupedLeads):
        if returned.startswith(cls.__name__):
            return cls
    # A type variable stands for the class itself.
    return owner if len(returned) == 1 else None


def _returned(function: object) -> str:
    return str(getattr(function, "__annotations__", {}).get("return", ""))


def _required(arguments: ast.arguments) -> bool:
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return bool(positional) or None in arguments.kw_defaults
