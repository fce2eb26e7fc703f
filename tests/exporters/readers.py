"""Parse the body out of an exported document, by the rules of its language."""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Callable
from typing import Any, Final

import tree_sitter_powershell
from tree_sitter import Language, Node, Parser

Json = Any


def of_json(text: str) -> Json:
    """The document is the body."""
    return json.loads(text)


def of_curl(text: str) -> Json:
    """The word after the option, as a shell splits words; a loop starts at page 1."""
    arguments = shlex.split(text, comments=True)
    return json.loads(arguments[arguments.index("--data-raw") + 1].replace(": $page,", ": 1,"))


def of_http(text: str) -> Json:
    """What follows the blank line after the headers."""
    _, _, request = text.partition("\n### ")
    _, _, body = request.partition("\n\n")
    return json.loads(without_variables(body))


def of_har(text: str) -> Json:
    """The posted text of the one entry."""
    [entry] = json.loads(text)["log"]["entries"]
    return json.loads(without_variables(entry["request"]["postData"]["text"]))


def of_postman(text: str) -> Json:
    """The raw body of the one item."""
    [item] = json.loads(text)["item"]
    return json.loads(without_variables(item["request"]["body"]["raw"]))


def of_insomnia(text: str) -> Json:
    """The text of the one request."""
    [body] = [one["body"] for one in json.loads(text)["resources"] if one["_type"] == "request"]
    assert not re.search("{[%#]", body["text"])
    return json.loads(without_variables(body["text"]))


def of_bruno(text: str) -> Json:
    """The lines of the block, two columns to the left."""
    [body] = re.findall(r"^body:json \{\n(.*?)\n\}", text, re.MULTILINE | re.DOTALL)
    return json.loads(without_variables(re.sub("(?m)^  ", "", body)))


def of_n8n(text: str) -> Json:
    """The text of the one node, which is no expression; a loop replaces its page."""
    [node] = json.loads(text)["nodes"]
    assert not node["parameters"]["jsonBody"].startswith("=")
    return json.loads(without_variables(node["parameters"]["jsonBody"]))


def without_variables(body: str) -> str:
    """The body, without anything that a client takes for a variable."""
    assert "{{" not in body
    assert "}}" not in body
    return body


def of_python(text: str) -> Json:
    """The literal assigned to `payload`."""
    [found] = [
        node.value
        for node in ast.parse(text).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "payload"
    ]
    return ast.literal_eval(found)


def of_javascript(text: str) -> Json:
    """JSON is JavaScript; no text in it ends an HTML script."""
    [found] = re.findall(r"^const payload = (.*?^\});$", text, re.MULTILINE | re.DOTALL)
    assert "</" not in found
    return json.loads(found)


def of_openapi(text: str) -> Json:
    """The value of the one example."""
    [operation] = json.loads(text)["paths"].values()
    [example] = operation["post"]["requestBody"]["content"]["application/json"]["examples"].values()
    return example["value"]


def of_schema(text: str) -> Json:
    """The one example."""
    [example] = json.loads(text)["examples"]
    return example


def of_powershell(text: str) -> Json:
    """What a PowerShell parser finds after `$payload =`."""
    assert text.isascii()
    root = Parser(Language(tree_sitter_powershell.language())).parse(text.encode()).root_node
    assert not root.has_error
    [found] = [node for node in _all(root, "assignment_expression") if _assigns_payload(node)]
    return _value(found.named_children[-1])


def _all(node: Node, node_type: str) -> list[Node]:
    own = [node] if node.type == node_type else []
    return own + [found for child in node.children for found in _all(child, node_type)]


def _assigns_payload(node: Node) -> bool:
    return node.named_children[0].text == b"$payload"


def _value(node: Node) -> Json:
    while node.type not in _VALUES:
        assert node.named_child_count == 1, (node.type, node.text)
        node = node.named_children[0]
    return _VALUES[node.type](node)


def _text(node: Node) -> str:
    return (node.text or b"").decode()


def _hash(node: Node) -> Json:
    entries = _outermost(node, "hash_entry")
    return {_value(entry.named_children[0]): _value(entry.named_children[1]) for entry in entries}


def _outermost(node: Node, node_type: str) -> list[Node]:
    """The outermost nodes of a type."""
    return [
        found
        for child in node.children
        for found in ([child] if child.type == node_type else _outermost(child, node_type))
    ]


def _array(node: Node) -> Json:
    return [
        _value(item)
        for array in _outermost(node, "array_literal_expression")
        for item in array.named_children
    ]


def _signed(node: Node) -> Json:
    """A negative number; or after a comma a list, which its list would unpack without it."""
    value = _value(node.named_children[0])
    return -value if _text(node).startswith("-") else value


def _unescaped(node: Node) -> str:
    """What .NET makes of regular expression escapes."""
    assert _text(node).startswith("[regex]::Unescape(")
    [argument] = _outermost(node, "string_literal")
    text = re.sub(r"\\(?:u([0-9a-f]{4})|(\\))", _escape, _value(argument))
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _escape(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]


_VALUES: Final[dict[str, Callable[[Node], Json]]] = {
    "array_expression": _array,
    "cast_expression": lambda node: _value(node.named_children[-1]),
    "expression_with_unary_operator": _signed,
    "variable": lambda node: {"$null": None, "$true": True, "$false": False}[_text(node)],
    "real_literal": lambda node: float(_text(node)),
    "decimal_integer_literal": lambda node: int(_text(node)),
    "hash_literal_expression": _hash,
    "invokation_expression": _unescaped,
    "simple_name": _text,
    "verbatim_string_characters": lambda node: _text(node)[1:-1].replace("''", "'"),
}

READERS: Final[dict[str, Callable[[str], Json]]] = {
    "json": of_json,
    "curl": of_curl,
    "http": of_http,
    "python": of_python,
    "httpx": of_python,
    "javascript": of_javascript,
    "powershell": of_powershell,
    "har": of_har,
    "postman": of_postman,
    "insomnia": of_insomnia,
    "bruno": of_bruno,
    "n8n": of_n8n,
    "openapi": of_openapi,
    "schema": of_schema,
}
"""By exporter; there is none for PHP, which has to be installed."""
