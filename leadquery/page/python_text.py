"""Read a query that is written in Python, without running it.

The text is parsed, and only expressions that build queries are evaluated: names of leadquery, their
public methods, operators and plain values. So a text from anywhere can be read.
"""

from __future__ import annotations

import ast
import datetime as dt
import operator
import re
from collections.abc import Callable, Mapping
from itertools import accumulate
from types import ModuleType
from typing import Any, Final, NamedTuple

import leadquery
from leadquery import fields, periods, users
from leadquery.errors import LeadQueryError
from leadquery.expr._guards import NotBoolean
from leadquery.expr.aggregate import SortKey
from leadquery.expr.group_key import Bins, DateBucket, NamedPeriods
from leadquery.periods import Period
from leadquery.query.base import MISSING_OUTPUT, BaseQuery
from leadquery.query.query import Query

MAX_CHARACTERS: Final = 50_000

MAX_BRACKETS: Final = 300

_MAX_DEPTH: Final = 20

_EXAMPLE: Final = "write a query, such as Leads.where(Score > 50).select(Phone)"

_OBJECTS: Final = (NotBoolean, Period, SortKey, DateBucket, Bins, NamedPeriods)
"""The types whose public attributes are read."""

_NOT_BUILDING: Final = ("describe", "plan")
"""Methods of queries that the page calls by itself, beside those that begin with `to_`."""

_MODULES: Final[Mapping[str, ModuleType]] = {
    "leadquery": leadquery,
    "leadquery.fields": fields,
    "leadquery.periods": periods,
    "leadquery.users": users,
    "datetime": dt,
}

_PUBLIC: Final[Mapping[ModuleType, tuple[str, ...]]] = {
    leadquery: (
        *("Leads", "LeadsNotContacted", "LeadsWithNoActiveTasks", "LeadsWithPendingTasks"),
        *("count", "fields", "periods", "users"),
    ),
    dt: ("UTC", "date", "datetime", "time", "timedelta", "timezone"),
}
"""The names of modules that are read, where those are not all public names."""

_CLASS_METHODS: Final = {
    dt.date: ("fromisoformat", "today"),
    dt.datetime: ("fromisoformat", "now"),
    dt.timezone: ("utc",),
}

_MOMENTS: Final = (dt.date, dt.timedelta)

_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}

_JOINS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
}

_SHIFTS: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
}

_INVERSIONS: Final[Mapping[type[ast.unaryop], Callable[[Any], Any]]] = {
    ast.Invert: operator.invert,
    ast.Not: operator.not_,
    ast.USub: operator.neg,
}


class PythonIssue(NamedTuple):
    """A part of a text that is not read as a query. `line` and `column` count from 1."""

    line: int
    column: int
    width: int
    message: str


class PythonTextError(Exception):
    """A text that is not read as a query, with the place."""

    def __init__(self, issue: PythonIssue) -> None:
        super().__init__(issue.message)
        self.issue = issue


class _RefusedError(Exception):
    """A node that is not read, and why."""

    def __init__(self, node: ast.AST, message: str) -> None:
        super().__init__(message)
        self.node, self.message = node, message


def read_python(text: str) -> Query:
    """The last query of a Python text. Raises PythonTextError for anything but queries.

    >>> read_python("Leads.where(Score > 50).select(Phone)")
    Leads.where(Score > 50).select(Phone)
    """
    lines = text.split("\n")
    if too_long := _too_long(text):
        raise PythonTextError(
            PythonIssue(1, 1, 1, f"the text has more than {too_long}; {_EXAMPLE}")
        )
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        line = min(error.lineno or 1, len(lines))
        column = min(error.offset or 1, len(lines[line - 1]) + 1)
        message = f"the Python cannot be read: {error.msg}; correct this line"
        raise PythonTextError(PythonIssue(line, max(1, column), 1, message)) from None
    except (ValueError, RecursionError, MemoryError) as error:
        message = f"the Python cannot be read: {error}; {_EXAMPLE}"
        raise PythonTextError(PythonIssue(1, 1, 1, message)) from None
    try:
        return _Reader().read(tree)
    except _RefusedError as error:
        raise PythonTextError(_issue(error, lines)) from None
    except RecursionError:
        message = f"the query is nested too deeply; {_EXAMPLE}"
        raise PythonTextError(PythonIssue(1, 1, 1, message)) from None


def _too_long(text: str) -> str:
    """What a text has too much of: the parser would overflow the stack of a browser."""
    if len(text) > MAX_CHARACTERS:
        return f"{MAX_CHARACTERS:,} characters"
    brackets = re.findall(r"[()\[\]{}]", text)
    if len(brackets) > MAX_BRACKETS:
        return f"{MAX_BRACKETS} brackets"
    depths = accumulate(1 if one in "([{" else -1 for one in brackets)
    return f"{_MAX_DEPTH} brackets inside each other" if max(depths, default=0) > _MAX_DEPTH else ""


def _issue(error: _RefusedError, lines: list[str]) -> PythonIssue:
    """The place of a node in characters, up to the end of its first line."""
    node: Any = error.node
    if not hasattr(node, "lineno"):
        return PythonIssue(1, 1, 1, error.message)
    line = lines[node.lineno - 1].encode()
    end = node.end_col_offset if node.end_lineno == node.lineno else len(line)
    column = len(line[: node.col_offset].decode()) + 1
    return PythonIssue(
        node.lineno, column, max(1, len(line[node.col_offset : end].decode())), error.message
    )


class _Reader:
    """Evaluates the expressions of one text. `_names` are the variables that it assigns."""

    def __init__(self) -> None:
        self._names: dict[str, Any] = {}

    def read(self, tree: ast.Module) -> Query:
        query: BaseQuery | None = None
        place: ast.AST = tree
        for statement in tree.body:
            value = self._run(statement)
            if isinstance(value, BaseQuery):
                query, place = value, statement
        if query is None:
            raise _RefusedError(place, f"there is no query; {_EXAMPLE}")
        if not isinstance(query, Query):
            message = f"the query is not complete; end it with {MISSING_OUTPUT}"
            raise _RefusedError(place, message)
        return query

    def _run(self, statement: ast.stmt) -> Any:
        """The value of a statement that has one."""
        match statement:
            case ast.Import(names):
                for alias in names:
                    self._import(alias)
            case ast.ImportFrom(module, names, 0):
                for alias in names:
                    self._import_from(module or "", alias)
            case ast.Assign([ast.Name(name)], value):
                return self._assign(name, value)
            case ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
                return self._assign(name, value)
            case ast.Expr(ast.Constant(str())) | ast.Pass():
                pass  # A docstring.
            case ast.Expr(value):
                return self._value(value)
            case _:
                raise _RefusedError(
                    statement, f"only imports and queries are read, nothing is run; {_EXAMPLE}"
                )
        return None

    def _assign(self, name: str, value: ast.expr) -> Any:
        self._names[name] = self._value(value)
        return self._names[name]

    def _import(self, alias: ast.alias) -> None:
        if alias.name not in _MODULES:
            raise _not_imported(alias, alias.name)
        name = alias.asname or alias.name.partition(".")[0]
        self._names[name] = _MODULES[alias.name if alias.asname else name]

    def _import_from(self, module: str, alias: ast.alias) -> None:
        if module == "__future__":
            return
        if module not in _MODULES:
            raise _not_imported(alias, module)
        if alias.name == "*":
            return
        self._names[alias.asname or alias.name] = _member(_MODULES[module], alias.name, alias)

    def _value(self, node: ast.expr) -> Any:
        """The value of an expression."""
        match node:
            case ast.Constant(value) if value is None or isinstance(value, (str, int, float)):
                return value
            case ast.Name(name):
                return self._names[name] if name in self._names else _named(name, node)
            case ast.Attribute(base, name):
                return self._attribute(node, self._value(base), name)
            case ast.Call(function, arguments, keywords):
                return self._call(node, function, arguments, keywords)
            case ast.List(items):
                return self._items(items)
            case ast.Tuple(items):
                return tuple(self._items(items))
            case ast.Dict(keys, values) if None not in keys:
                names = [self._value(key) for key in keys if key is not None]
                items = self._items(values)
                return _at(node, dict, zip(names, items, strict=True))
            case ast.Set(items):
                members = self._items(items)
                return _at(node, set, members)
            case _:
                return self._operation(node)

    def _operation(self, node: ast.expr) -> Any:
        """The value of an operation, as Python would compute it."""
        match node:
            case ast.BinOp(left, join, right) if type(join) in _JOINS:
                operands = self._value(left), self._value(right)
                return _at(node, _JOINS[type(join)], *operands)
            case ast.BinOp(left, shift, right) if type(shift) in _SHIFTS:
                operands = self._value(left), self._value(right)
                if all(isinstance(one, _MOMENTS) for one in operands):
                    return _at(node, _SHIFTS[type(shift)], *operands)
            case ast.UnaryOp(inversion, operand) if type(inversion) in _INVERSIONS:
                value = self._value(operand)
                return _at(node, _INVERSIONS[type(inversion)], value)
            case ast.BoolOp(ast.And(), values):
                return self._joined(node, values, operator.not_)
            case ast.BoolOp(ast.Or(), values):
                return self._joined(node, values, operator.truth)
            case ast.Compare():
                return self._comparison(node)
        raise _RefusedError(node, f"this part of Python is not read here; {_EXAMPLE}")

    def _joined(
        self, node: ast.expr, values: list[ast.expr], is_final: Callable[[Any], bool]
    ) -> Any:
        """The value of `and` and `or`; a condition raises an error that says what to write."""
        value = None
        for number, operand in enumerate(values, 1):
            value = self._value(operand)
            if number < len(values) and _at(node, is_final, value):
                break
        return value

    def _comparison(self, node: ast.Compare) -> Any:
        left, result = self._value(node.left), None
        for number, (comparison, operand) in enumerate(
            zip(node.ops, node.comparators, strict=True)
        ):
            if number and not _at(node, bool, result):
                break
            right = self._value(operand)
            result = _at(node, _COMPARISONS[type(comparison)], left, right)
            left = right
        return result

    def _items(self, nodes: list[ast.expr]) -> list[Any]:
        """The values of items; those of starred lists are items themselves."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                starred = self._value(node.value)
                values += _at(node, list, starred)
            else:
                values.append(self._value(node))
        return values

    def _attribute(self, node: ast.Attribute, base: Any, name: str) -> Any:
        if name.startswith("_"):
            raise _RefusedError(node, f"{name!r} is not public; {_EXAMPLE}")
        if isinstance(base, ModuleType):
            return _member(base, name, node)
        if isinstance(base, type) and name in _CLASS_METHODS.get(base, ()):
            return getattr(base, name)
        if not isinstance(base, _OBJECTS):
            raise _RefusedError(node, f"the attribute {name!r} is not read here; {_EXAMPLE}")
        if isinstance(base, BaseQuery) and (name.startswith("to_") or name in _NOT_BUILDING):
            raise _RefusedError(node, f"the page calls .{name}() by itself; end with the query")
        return _at(node, getattr, base, name)

    def _call(
        self,
        node: ast.Call,
        function: ast.expr,
        arguments: list[ast.expr],
        keywords: list[ast.keyword],
    ) -> Any:
        called = self._value(function)
        if not callable(called) or isinstance(called, NotBoolean):
            raise _RefusedError(node, f"this cannot be called; {_EXAMPLE}")
        positional = self._items(arguments)
        if any(one.arg is None for one in keywords):
            raise _RefusedError(node, f"** is not read here; {_EXAMPLE}")
        named = {one.arg or "": self._value(one.value) for one in keywords}
        return _at(node, called, *positional, **named)


def _not_imported(node: ast.AST, module: str) -> _RefusedError:
    known = ", ".join(_MODULES)
    return _RefusedError(node, f"{module!r} is not imported here; the page reads {known}")


def _named(name: str, node: ast.expr) -> Any:
    """What a name means without an import."""
    for module in (leadquery, dt):
        if name in _PUBLIC[module]:
            return getattr(module, name)
    return _member(fields, name, node)


def _member(module: ModuleType, name: str, node: ast.AST) -> Any:
    """A public name of a module."""
    public = _PUBLIC.get(module)
    if public is not None and name not in public:
        names = ", ".join(public)
        raise _RefusedError(node, f"{module.__name__}.{name} is not read here; it reads {names}")
    if name.startswith("_") or (public is None and name in vars(module).keys() - module.__all__):
        raise _RefusedError(node, f"{name!r} is not public; {_EXAMPLE}")
    return _at(node, getattr, module, name)


def _at(node: ast.AST, function: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """The result of a function; its error is one of the node."""
    try:
        return function(*values, **named)
    except (LeadQueryError, TypeError, ValueError, ArithmeticError, AttributeError) as error:
        raise _RefusedError(node, str(error)) from None
