"""LQ113, LQ208: a payload inside something else: a program, a text, another object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from leadquery.lint.diagnostics import Fix, Path, RawDiagnostic
from leadquery.lint.json_parser.decoder import Parsed, parse
from leadquery.lint.json_parser.source_text import SourceText, SyntaxIssue, tokenize
from leadquery.lint.key_matching import normalize_key
from leadquery.lint.report import path_text
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import PAGE
from leadquery.wire.model import Request
from leadquery.wire.schema import key_name
from leadquery.wire.sibling_apis import SIBLING_APIS
from leadquery.wire.types import Json

EMBEDDED_JSON: Final = Rule(
    code="LQ113",
    name="embedded-json",
    severity=Severity.ERROR,
    title="a payload inside a program, a command or a text",
    rationale="The body of the call is the JSON alone.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad=f"payload = {PAGE}",
    good=PAGE,
)

WRAPPED_BODY: Final = Rule(
    code="LQ208",
    name="wrapped-body",
    severity=Severity.ERROR,
    title="a payload inside another object",
    rationale="The keys of the API are read in the outermost object only.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad=f'{{"body": {PAGE}}}',
    good=PAGE,
)


class Unwrapped(NamedTuple):
    """What is around a payload, as a diagnostic; the payload and its path, if there is one."""

    diagnostic: RawDiagnostic
    payload: Json = None
    path: Path = ()


_BODY_KEYS: Final = frozenset(
    normalize_key(key)
    for key in (
        *(key_name(Request, attribute) for attribute in ("report", "dates", "output")),
        *(key for api in SIBLING_APIS if api.parent is None for key in api.signature_keys),
    )
)

_MAX_NODES: Final = 1_000
"""How many values of an object are searched for a payload."""


def is_body(value: Json) -> bool:
    """Whether a value looks like a payload of this API or of a sibling API."""
    return isinstance(value, dict) and not _BODY_KEYS.isdisjoint(map(normalize_key, value))


def unwrap(raw: Json) -> Unwrapped | None:
    """What is around a payload in a JSON value; None if there is no payload inside."""
    if isinstance(raw, str) and (body := _parse_body(raw)) is not None:
        message = "the text holds JSON as a text"
        hint = "write the object itself, without the quotes around it"
        fix = Fix.write((), body, safe=True)
        return Unwrapped(RawDiagnostic(EMBEDDED_JSON, (), message, hint, fix), body)
    if not isinstance(raw, dict) or is_body(raw):
        return None
    bodies = list(_bodies(raw))
    if not bodies:
        return None
    path, body = bodies[0]
    place = f"the body of the call is at {path_text(path)!r}"
    hint, message = "write that object alone", f"{place}, inside another object"
    if {"info", "item"} <= {*raw}:
        message = f"this is a Postman collection; {place}"
    if len(bodies) > 1:
        message = message.replace("the body of the call is", "the body of the first call is")
        diagnostic = RawDiagnostic(WRAPPED_BODY, path[:1], message, "check each body alone")
        return Unwrapped(diagnostic)
    # What is around it may be needed for something else.
    fix = Fix.write((), body, safe=len(raw) == 1)
    return Unwrapped(RawDiagnostic(WRAPPED_BODY, path[:1], message, hint, fix), body, path)


def _bodies(raw: Json) -> Iterator[tuple[Path, Json]]:
    """The payloads inside a value, also those in texts, with their paths."""
    waiting: list[tuple[Path, Json]] = [((), raw)]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        path, node = waiting.pop(0)
        if isinstance(node, str):
            node = _parse_body(node)
        if is_body(node):
            yield path, node
        elif isinstance(node, (dict, list)):
            entries = node.items() if isinstance(node, dict) else enumerate(node)
            # An object of Python may have keys that JSON has not.
            steps = str if isinstance(node, dict) else int
            inner = [((*path, step), value) for step, value in entries if isinstance(step, steps)]
            waiting += inner[:_MAX_NODES]


def _parse_body(text: str) -> Json:
    """The payload in a text, which may be a text again; None if there is none."""
    if text.lstrip()[:1] not in ("{", '"') or not _mentions_body(text):
        return None
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _parse_body(value) if isinstance(value, str) else value if is_body(value) else None


def _mentions_body(text: str) -> bool:
    return any(key in normalize_key(text) for key in _BODY_KEYS)


# Texts of programs

_MAX_OPENERS: Final = 20
"""How many brackets of a program are tried as the start of the payload."""

_openers = re.compile(r"\{").finditer


def find_embedded(text: str) -> Parsed | None:
    """The payload in a program or a command, as it is read at its place; None if there is none."""
    before = re.split(r'[{["]', text, maxsplit=1)[0]
    starts_as_json = not any(map(str.isalnum, before)) and "stringify" not in text
    if starts_as_json or not _mentions_body(text):
        return None
    for opener, _ in zip(_openers(text), range(_MAX_OPENERS), strict=False):
        start = opener.start()
        # In a text of a program, or of a shell, quotes are escaped.
        escaped = re.match(r'\{\s*(?:\\[nrt]\s*)*\\+"', text[start:]) is not None
        part = _unescape(text[start:]) if escaped else text[start:]
        part = part[: _closing(part)]
        parsed = parse(part)
        if parsed.source is not None and parsed.readable and is_body(parsed.raw):
            return _at(parsed, parsed.source, text, start, escaped=escaped)
    return None


def _unescape(text: str) -> str:
    return re.sub(r'\\(["\\/])|\\[nrt]', lambda found: found[1] or " ", text)


def _closing(text: str) -> int:
    """Where the object that a text begins with ends."""
    depth = 0
    for token in tokenize(text):
        if token.text in ("{", "["):
            depth += 1
        elif token.text in ("}", "]"):
            depth -= 1
            if depth == 0:
                return token.end
    return len(text)


def _at(parsed: Parsed, source: SourceText, text: str, start: int, *, escaped: bool) -> Parsed:
    """What was read of a part of a text, with the places in the whole text."""
    message = "the payload is part of a program or a command"
    before = SyntaxIssue(EMBEDDED_JSON, message, "check the JSON alone", (), 0, start, "", start, 1)
    if escaped:
        # The places of what was unescaped are not known.
        issues = [
            issue._replace(start=start, end=start, replacement="", position=start)
            for issue in source.issues
        ]
    else:
        issues = [
            issue._replace(
                start=issue.start + start, end=issue.end + start, position=issue.position + start
            )
            for issue in source.issues
        ]
    whole = SourceText(text, source.repaired, (before, *issues), embedded=True)
    return parsed._replace(source=whole)
