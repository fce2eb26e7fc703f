"""Keys and tokens of the API occur only in leadquery/wire."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import leadquery
from leadquery.wire import enums
from leadquery.wire.model import Request
from leadquery.wire.schema import Object, Union, keys_of
from leadquery.wire.sibling_apis import SIBLING_APIS

if TYPE_CHECKING:
    from collections.abc import Iterator

HOME = Path(leadquery.__file__).parent
# These are English words too, or names of fields: they are no proof of a stray.
COMMON = {"Type", "Operator", "Condition", "Output", "Paging"}
# Python itself says `def`, so only a whole text can be the operator.
WHOLE = {"def"}


def _tokens(cls: Any, seen: set[Any]) -> set[str]:
    if cls in seen:
        return set()
    seen.add(cls)
    found = set()
    for key in keys_of(cls).values():
        found.add(key.name)
        form = key.type
        while hasattr(form, "of") and not isinstance(form, (Object, Union)):
            form = form.of
        inner = form.of if isinstance(form, Union) else (getattr(form, "of", None),)
        for one in filter(None, inner):
            found |= _tokens(one, seen)
    return found


def _wire() -> set[str]:
    named = {
        enums.TOTAL, enums.ROWS, enums.EXCEPTION_TYPE, enums.EXCEPTION_MESSAGE,
        enums.ACCESS_KEY, enums.SECRET_KEY, enums.RESPONSE_FORMAT,
        *(row.token for row in enums.DateField), "lik", "nlik", "def", "ndef",
        enums.PATH, enums.TIMESTAMP, enums.ACCESS_KEY_HEADER, enums.SECRET_KEY_HEADER,
        *(one.value for one in enums.ExceptionType),
        enums.SCHEMA_NAME, enums.DISPLAY_NAME, enums.DATA_TYPE, enums.RENDERED_TYPE,
        *(key for api in SIBLING_APIS for key in api.signature_keys),
    }  # fmt: skip
    return (_tokens(Request, set()) | named) - COMMON - WHOLE


def _texts(tree: ast.AST) -> Iterator[ast.Constant]:
    # The examples of a rule are payloads.
    examples = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Rule"
        for keyword in node.keywords
        if keyword.arg in ("bad", "good")
        for part in ast.walk(keyword.value)
    }
    docstrings = examples | {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str):
            yield node


def test_keys_and_tokens_occur_only_in_wire() -> None:
    misplaced = re.compile(r"(?<!\w)(" + "|".join(sorted(map(re.escape, _wire()))) + r")(?!\w)")
    misplaced_texts = [
        f"{path.relative_to(HOME)}:{text.lineno}: {text.value!r}"
        for path in sorted(HOME.rglob("*.py"))
        if "wire" not in path.relative_to(HOME).parts and path.name != "examples.py"
        for text in _texts(ast.parse(path.read_text("utf-8")))
        if text.value in WHOLE or misplaced.search(str(text.value))
    ]

    assert misplaced_texts == []


def test_keys_occur_only_in_the_model() -> None:
    """Within leadquery/wire, except in examples."""
    keys = _tokens(Request, set()) - COMMON
    again = [
        f"{path.name}:{text.lineno}: {text.value!r}"
        for path in sorted((HOME / "wire").rglob("*.py"))
        if path.name not in ("model.py", "descriptions.py")
        for text in _texts(ast.parse(path.read_text("utf-8")))
        if any(re.search(rf"\b{key}\b", str(text.value)) for key in keys)
    ]

    assert again == []
