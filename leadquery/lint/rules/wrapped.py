"""LQ113, LQ208: a payload inside something else: a program, a text, another object."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from html import unescape
from itertools import islice
from typing import Final, NamedTuple
from urllib.parse import unquote_plus

import attrs

from leadquery._util.text import describe_json
from leadquery.lint.diagnostics import Fix, Path, RawDiagnostic, path_text
from leadquery.lint.json_text import Parsed, parse
from leadquery.lint.key_matching import expected_places, normalize_key
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import PAGE
from leadquery.lint.source_text import SourceText, SyntaxIssue, tokenize
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

WRAPPED_BODY: Final = attrs.evolve(
    EMBEDDED_JSON,
    code="LQ208",
    name="wrapped-body",
    title="a payload inside another object",
    rationale="The keys of the API are read in the outermost object only.",
    bad=f'{{"body": {PAGE}}}',
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
        *(key for api in SIBLING_APIS if not api.is_response for key in api.signature_keys),
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
    dropped = list(islice(_beside(raw, path), _MAX_NAMED + 1))
    if dropped:
        listed = ", ".join(map(describe_json, dropped[:_MAX_NAMED]))
        more = " and more" if len(dropped) > _MAX_NAMED else ""
        hint = f"{hint}; the fix drops {listed}{more}"
    fix = Fix.write((), body, safe=not dropped)
    return Unwrapped(RawDiagnostic(WRAPPED_BODY, path[:1], message, hint, fix), body, path)


_MAX_NAMED: Final = 3
"""How many keys beside a payload a hint lists."""


def _beside(raw: Json, path: Path) -> Iterator[str | int]:
    """The keys and indexes of a value that are not on the path to the payload in it."""
    for step in path:
        steps = raw if isinstance(raw, dict) else range(len(raw))
        yield from (other for other in steps if other != step)
        raw = raw[step]


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


# Texts of programs, and of other formats

_MAX_OPENERS: Final = 20
"""How many brackets of a program are tried as the start of the payload."""

_openers = re.compile(r"\{").finditer

_starts_as_json = re.compile(r'[\s\0]*(?:\{|"|\[\s*[]{["])').match


class _Quoting(NamedTuple):
    """How a program or a shell writes a text in quotes: its start, and what is escaped."""

    is_used: Callable[[str, int], object]
    escapes: re.Pattern[str]


_QUOTINGS: Final = (
    # Most languages, and $'…' of a shell, which needs no escape for the quotes of JSON.
    _Quoting(
        re.compile(r'\{\s*(?:(?:\\[nrt]\s*)*\\+"|(?:\\[nrt]\s*)+")').match,
        re.compile(r"""\\([\\"'/])|\\[nrt]"""),
    ),
    # The command line of Windows, and quotes within it.
    _Quoting(
        re.compile(r'\{(?=[\s\\]*+\^)[\s\\^]*+"').match,
        re.compile(r'[\\^]{1,8}+(")|\^(.)', re.DOTALL),
    ),
    # PowerShell.
    _Quoting(re.compile(r'\{\s*(?:`[nrt]\s*)*`"').match, re.compile(r'`([`"$\'])|`[nrt]')),
    # C#, Visual Basic, CSV and SQL double a quote.
    _Quoting(re.compile(r'\{\s*""(?!")').match, re.compile(r'"(")')),
)


def find_embedded(text: str) -> Parsed | None:
    """The payload in a program, a command or another format, as it is read at its place.

    None if there is none. A format that cannot be read is named.
    """
    if not _mentions_body(text) and not _is_base64(text):
        return None
    if not _starts_as_json(text) or "stringify" in text or _is_escaped(text):
        for opener, _ in zip(_openers(text), range(_MAX_OPENERS), strict=False):
            start = opener.start()
            part = text[start:]
            escapes = next((one.escapes for one in _QUOTINGS if one.is_used(text, start)), None)
            if escapes is None and text[:start].endswith("$'"):
                escapes = _QUOTINGS[0].escapes
            if escapes is not None:
                part = escapes.sub(_unescape, part)
            parsed = parse(part[: _closing(part)])
            if parsed.source.readable and is_body(parsed.raw):
                moved = escapes is not None
                message = _ESCAPED if moved and _is_escaped(text) else _IN_PROGRAM
                return _at(parsed, parsed.source, text, start, message, unescaped=moved)
    return _decode_whole(text) or _name_format(text)


# The text of a string of a program, or a cell of a table.
_is_escaped = re.compile(r'\s*"?\{\s*(?:\\+"|"")\w').match

_ESCAPED: Final = "the quotes are escaped, as in a program or in CSV"

_IN_PROGRAM: Final = "the payload is part of a program or a command"


def _unescape(found: re.Match[str]) -> str:
    return next(filter(None, found.groups()), " ")


_is_base64 = re.compile(r"\s*e[wy][\w+/=\s-]+\Z").match
"""The first letters are those of a brace."""


def _decode_whole(text: str) -> Parsed | None:
    """The payload in a text that is encoded as a whole."""
    for is_used, decode, message in _ENCODINGS:
        if not is_used(text):
            continue
        decoded = decode(text)
        part = decoded[decoded.find("{") :]
        parsed = parse(part[: _closing(part)])
        if parsed.source.readable and is_body(parsed.raw):
            return _at(parsed, parsed.source, text, 0, message, unescaped=True)
    return None


def _from_base64(text: str) -> str:
    compact = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return b64decode(compact + "=" * (-len(compact) % 4)).decode()
    except ValueError:
        return ""


_ENCODINGS: Final[tuple[tuple[Callable[[str], object], Callable[[str], str], str], ...]] = (
    (re.compile("%7B", re.IGNORECASE).search, unquote_plus, "the text is encoded as in a URL"),
    (re.compile("&(?:quot|#34);").search, unescape, "the text is escaped for HTML"),
    (_is_base64, _from_base64, "the text is in Base64"),
)

_FORMATS: Final = (
    (re.compile(r"\s*<").match, "the text is XML or HTML, not JSON"),
    (re.compile(r"(?:---|#.*+|\s++)*+\w+:(?:\s|\Z)").match, "the text is YAML, not JSON"),
    (re.compile(r"[\w.[\]%]+=[^&]*&").match, "the text is a query string, not JSON"),
    (
        re.compile(r"\s*[^\s\0{[\"'\u2018-\u201f]").match,
        "the text is a program or another format, not JSON",
    ),
)


def _name_format(text: str) -> Parsed | None:
    """The diagnostic of a text that names several keys of a payload, but in another format."""
    folded = normalize_key(text)
    named = sum(len(key) > _MIN_LENGTH and key in folded for key in expected_places())
    found = (message for is_used, message in _FORMATS if is_used(text))
    message = next(found, None) if named > 1 else None
    if message is None:
        return None
    hint = "check the JSON that is sent"
    issue = SyntaxIssue(EMBEDDED_JSON, message, hint, (), 0, 0, None, 0, 1)
    return Parsed(None, SourceText(text, text, (issue,), readable=False))


_MIN_LENGTH: Final = 5
"""Shorter keys are parts of other words."""


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


def _at(
    parsed: Parsed, source: SourceText, text: str, start: int, message: str, *, unescaped: bool
) -> Parsed:
    """What was read of a part of a text, with the places in the whole text."""
    before = SyntaxIssue(EMBEDDED_JSON, message, "check the JSON alone", (), 0, start, "", start, 1)
    if unescaped:
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
