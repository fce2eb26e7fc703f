"""Requests in documents of JSON: collections of Postman, HAR files, workflows of n8n, Insomnia."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, NamedTuple

from leadquery.lint.diagnostics import Path
from leadquery.wire.types import Json

JsonObject = dict[str, Json]


class Request(NamedTuple):
    """A request in a document: its name, its URL, and the path of its body.

    `note` says why there is no body to check. `templates` matches what the client replaces in it.
    """

    name: str
    url: str
    body: Path | None = None
    note: str = ""
    templates: re.Pattern[str] | None = None


class DocumentFormat(NamedTuple):
    """A format: what messages call it, and its requests; None if a document is in another one."""

    label: str
    requests: Callable[[Json], Iterable[Request] | None]


NO_BODY: Final = "it has no body"

BRACES: Final = re.compile(r"\{\{.*?\}\}")

_INSOMNIA: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _objects(value: Json) -> Iterator[tuple[int, JsonObject]]:
    """The objects in a list, with their indexes; nothing if it is no list."""
    if isinstance(value, list):
        yield from ((index, item) for index, item in enumerate(value) if isinstance(item, dict))


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}


# Postman


def _postman(raw: Json) -> Iterator[Request] | None:
    root: Path = ("collection",) if isinstance(_object(raw).get("collection"), dict) else ()
    collection = _object(raw["collection"] if root else raw)
    if isinstance(collection.get("item"), list):
        return _postman_items(collection, root)
    if any("rawModeData" in one for _, one in _objects(collection.get("requests"))):
        return _postman_1(collection, root)
    return None


def _postman_items(collection: JsonObject, root: Path) -> Iterator[Request]:
    """The requests in the folders of a collection, which are folders or requests again."""
    waiting: list[tuple[Path, JsonObject, str]] = [(root, collection, "")]
    while waiting:
        path, item, name = waiting.pop()
        request = item.get("request")
        if isinstance(request, dict):
            yield _postman_request((*path, "request"), request, name)
        inside = [
            (
                (*path, "item", index),
                child,
                " / ".join(filter(None, (name, _text(child.get("name"))))),
            )
            for index, child in _objects(item.get("item"))
        ]
        waiting += reversed(inside)


def _postman_request(path: Path, request: JsonObject, name: str) -> Request:
    url = request.get("url")
    parts = _object(url).get("path")
    joined = "/".join(map(_text, parts)) if isinstance(parts, list) else _text(parts)
    address = _text(url) or _text(_object(url).get("raw")) or f"/{joined}"
    body = _object(request.get("body"))
    mode = body.get("mode")
    if body.get("disabled") is True:
        return Request(name, address, note="its body is disabled")
    if mode not in (None, "raw"):
        return Request(name, address, note=f"its body is in the mode {_text(mode)!r}, not 'raw'")
    if not _text(body.get("raw")).strip():
        return Request(name, address, note=NO_BODY)
    return Request(name, address, (*path, "body", "raw"), templates=BRACES)


def _postman_1(collection: JsonObject, root: Path) -> Iterator[Request]:
    for index, request in _objects(collection.get("requests")):
        name, url = _text(request.get("name")), _text(request.get("url"))
        if _text(request.get("rawModeData")).strip():
            path = (*root, "requests", index, "rawModeData")
            yield Request(name, url, path, templates=BRACES)
        else:
            yield Request(name, url, note=NO_BODY)


# HAR


def _har(raw: Json) -> Iterator[Request] | None:
    entries = _object(_object(raw).get("log")).get("entries")
    return _har_entries(entries) if isinstance(entries, list) else None


def _har_entries(entries: Json) -> Iterator[Request]:
    for index, entry in _objects(entries):
        request = _object(entry.get("request"))
        posted = _object(request.get("postData"))
        name, url = f"entry {index + 1}", _text(request.get("url"))
        if _text(posted.get("encoding")).casefold() == "base64":
            yield Request(name, url, note="its body is in Base64; write it as text")
        elif _text(posted.get("text")).strip():
            yield Request(name, url, ("log", "entries", index, "request", "postData", "text"))
        elif request.get("method") != "OPTIONS":
            yield Request(name, url, note=NO_BODY)


# n8n

_N8N_BODIES: Final = ("jsonBody", "bodyParametersJson", "body")
"""The keys of a body, in the versions of the node that sends requests."""


def _n8n(raw: Json) -> Iterator[Request] | None:
    workflows: list[tuple[Path, JsonObject]] = [((), _object(raw))]
    if isinstance(raw, list):
        workflows = [((index,), one) for index, one in _objects(raw)]
    nodes = [
        ((*path, "nodes", index), node)
        for path, workflow in workflows
        for index, node in _objects(workflow.get("nodes"))
        if isinstance(node.get("parameters"), dict)
    ]
    return _n8n_nodes(nodes) if nodes else None


def _n8n_nodes(nodes: Iterable[tuple[Path, JsonObject]]) -> Iterator[Request]:
    for path, node in nodes:
        parameters = _object(node["parameters"])
        name, url = _text(node.get("name")), _text(parameters.get("url"))
        key = next((key for key in _N8N_BODIES if parameters.get(key)), None)
        if not url:
            continue
        if parameters.get("sendBody") is False:
            yield Request(name, url, note="its body is not sent: 'sendBody' is false")
        elif key is not None and parameters.get("specifyBody") != "keypair":
            body = _text(parameters[key])
            templates = BRACES if body.startswith(EXPRESSION) else None
            yield Request(name, url, (*path, "parameters", key), templates=templates)
        elif parameters.get("bodyParameters") or parameters.get("bodyParametersUi"):
            note = "its body is given field by field; give it as JSON"
            yield Request(name, url, note=note)
        else:
            yield Request(name, url, note=NO_BODY)


EXPRESSION: Final = "="
"""A parameter of n8n that begins with it is an expression."""


# Insomnia


def _insomnia(raw: Json) -> Iterator[Request] | None:
    resources = _object(raw).get("resources")
    if not isinstance(resources, list) or "_type" not in raw:
        return None
    return _insomnia_resources(resources)


def _insomnia_resources(resources: Json) -> Iterator[Request]:
    for index, resource in _objects(resources):
        if resource.get("_type") != "request":
            continue
        name, url = _text(resource.get("name")), _text(resource.get("url"))
        if _text(_object(resource.get("body")).get("text")).strip():
            path = ("resources", index, "body", "text")
            yield Request(name, url, path, templates=_INSOMNIA)
        else:
            yield Request(name, url, note=NO_BODY)


FORMATS: Final = (
    DocumentFormat("a Postman collection", _postman),
    DocumentFormat("a HAR file", _har),
    DocumentFormat("an n8n workflow", _n8n),
    DocumentFormat("an Insomnia export", _insomnia),
)
