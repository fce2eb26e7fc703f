"""LQ1xx: text that is not JSON."""

from __future__ import annotations

import json
import re
from functools import partial
from typing import Final

from leadquery._util.text import closest_match, describe_json
from leadquery.lint.diagnostics import Path, RawDiagnostic
from leadquery.lint.rules import Certainty, Rule, Severity
from leadquery.lint.rules.examples import LIST, lead_filters
from leadquery.lint.source_text import NAN, SyntaxIssue, Token

NOT_JSON: Final = Rule(
    code="LQ101",
    name="not-json",
    severity=Severity.ERROR,
    title="the text is not JSON",
    rationale="The body of the call is one JSON object.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": }',
    good=LIST,
)

NOT_UTF8: Final = Rule(
    code="LQ102",
    name="not-utf8",
    severity=Severity.ERROR,
    title="the bytes are not UTF-8",
    rationale="JSON is sent as UTF-8.",
    spec_section="JSON Body",
    certainty=Certainty.SEEN,
    bad='{"Output": {"Type": "list", "IncludeCSV": "mx_Caf\udce9"}}',
    good='{"Output": {"Type": "list", "IncludeCSV": "mx_Café"}}',
)

TOO_DEEP: Final = Rule(
    code="LQ103",
    name="too-deep",
    severity=Severity.ERROR,
    title="nested too deeply",
    rationale="No report needs more than a few levels of groups.",
    spec_section="User Filter",
    certainty=Certainty.INFERRED,
    bad="[" * 100_000 + "]" * 100_000,
    good=LIST,
)

EXTRA_COMMA: Final = Rule(
    code="LQ104",
    name="extra-comma",
    severity=Severity.ERROR,
    title="an extra comma",
    rationale="JSON allows commas only between entries, not before the first or after the last.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone",}}',
    good=LIST,
)

COMMENT: Final = Rule(
    code="LQ105",
    name="comment",
    severity=Severity.ERROR,
    title="a comment",
    rationale="JSON has no comments.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone"}  // all leads\n}',
    good=LIST,
)

MISSING_PUNCTUATION: Final = Rule(
    code="LQ106",
    name="missing-punctuation",
    severity=Severity.ERROR,
    title="a missing comma or colon",
    rationale="A comma separates two entries, a colon a key from its value.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list" "IncludeCSV": "Phone"}}',
    good=LIST,
)

INVALID_WHITESPACE: Final = Rule(
    code="LQ108",
    name="invalid-whitespace",
    severity=Severity.ERROR,
    title="a byte-order mark, or whitespace that JSON does not allow",
    rationale=(
        "JSON allows four whitespace characters between values: space, tab and the two line ends."
    ),
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output":\xa0{"Type": "list", "IncludeCSV": "Phone"}}',
    good=LIST,
)

DUPLICATE_KEY: Final = Rule(
    code="LQ110",
    name="duplicate-key",
    severity=Severity.ERROR,
    title="a duplicate key",
    rationale="Only the last value of a duplicate key counts; the others are silently lost.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "aggregate", "Type": "list", "IncludeCSV": "Phone"}}',
    good=LIST,
    at_key=True,
)

UNCLOSED: Final = Rule(
    code="LQ111",
    name="unclosed",
    severity=Severity.ERROR,
    title="an unclosed bracket, quote or object",
    rationale="Where the text ends too early, the rest cannot be guessed.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {"Type": "list", "IncludeCSV": "Phone"}',
    good=LIST,
)


def comment(token: Token, path: Path) -> SyntaxIssue:
    """A comment of any language."""
    return _issue(COMMENT, token, "comments are not allowed in JSON", "remove it", path, "")


def invalid_whitespace(token: Token, path: Path) -> SyntaxIssue:
    """A byte-order mark, or whitespace that only people take for it."""
    message = "whitespace that JSON does not allow"
    if token.text[0] == "\ufeff":
        message = "unexpected byte-order mark"
    return _issue(INVALID_WHITESPACE, token, message, "remove it", path, "")


def wrong_punctuation(token: Token, expected: str, path: Path) -> SyntaxIssue:
    """Another character in place of a colon or a comma."""
    message = f"expected {_MARKS[expected]}, found {describe_json(token.text)}"
    return _issue(MISSING_PUNCTUATION, token, message, f"write {expected!r}", path, expected)


def wide_punctuation(token: Token, mark: str, path: Path) -> SyntaxIssue:
    """A bracket, comma or colon as Chinese or Japanese keyboards write it."""
    hint = f"write {mark!r}"
    return _issue(MISSING_PUNCTUATION, token, f"{token.text!r} is not {mark!r}", hint, path, mark)


def missing_punctuation(following: Token, at: int, expected: str, path: Path) -> SyntaxIssue:
    """No colon or comma at an offset, before the following token."""
    message = f"missing {_MARKS[expected].removeprefix('a ')} before this"
    hint, width = f"write {expected!r}", following.end - following.start
    rule = MISSING_PUNCTUATION
    return SyntaxIssue(rule, message, hint, path, at, at, expected, following.start, width)


_MARKS: Final = {":": "a colon", ",": "a comma"}


def trailing_comma(token: Token, path: Path) -> SyntaxIssue:
    """A comma, or a semicolon in its place, after the last entry."""
    name = "comma" if token.text == "," else "semicolon"
    return _issue(EXTRA_COMMA, token, f"trailing {name}", "remove it", path, "")


def extra_comma(token: Token, path: Path) -> SyntaxIssue:
    """A comma before the first entry, or after another comma."""
    return _issue(EXTRA_COMMA, token, "extra comma", "remove it", path, "")


def unclosed(end: Token, opener: str, closer: str, path: Path) -> SyntaxIssue:
    """The text ends in an object or a list."""
    message = f"the text ends before {_NAMES[opener]} is closed"
    return _issue(UNCLOSED, end, message, f"close it with {closer!r}", path)


def mismatched_bracket(token: Token, opener: str, closer: str, path: Path) -> SyntaxIssue:
    """A list is closed as an object, or the other way round."""
    message = f"unexpected {describe_json(token.text)} in {_NAMES[opener]}"
    return _issue(UNCLOSED, token, message, f"close it with {closer!r} first", path)


_NAMES: Final = {"{": "the object", "[": "the list"}

_QUOTES: Final = ('"', "'", "“", "‘")


def unexpected_token(token: Token, expected: str, path: Path, *, inside: bool) -> SyntaxIssue:
    """A token where another one is expected; `inside` an object or a list."""
    if token.text in ("}", "]") and inside:
        message = f"missing {expected.removeprefix('a ')} before {token.text!r}"
        return _issue(NOT_JSON, token, message, path=path)
    if token.text in _QUOTES:
        hint = "close the text on the same line"
        return _issue(UNCLOSED, token, "unclosed quote", hint, path)
    message = f"expected {expected}, found {describe_json(token.text)}"
    return _issue(NOT_JSON, token, message, path=path)


def no_json(end: Token) -> SyntaxIssue:
    """A text that holds nothing but comments and whitespace."""
    return _issue(NOT_JSON, end, "the text is empty", "write an object: { … }")


def text_after_payload(token: Token) -> SyntaxIssue:
    """A second value, or anything else, after the payload."""
    message, hint = "unexpected text after the payload", "remove it, or check each payload alone"
    return _issue(NOT_JSON, token, message, hint)


def number_too_long(start: int) -> SyntaxIssue:
    """A whole number with more digits than Python reads."""
    token = Token("number", "", start, start + 1)
    return _issue(NOT_JSON, token, "the number has too many digits", "write a smaller one")


def too_deep(token: Token) -> SyntaxIssue:
    """More open objects and lists than can be read."""
    return _issue(TOO_DEEP, token, "the text is nested too deeply")


def not_utf8(payload: bytes, start: int) -> SyntaxIssue:
    """Bytes that are not UTF-8, from `start` on."""
    hint = SAVE
    if payload[:2] in (b"\xff\xfe", b"\xfe\xff"):
        hint = "this looks like UTF-16; save it as UTF-8"
    offset = len(payload[:start].decode())
    token = Token("unknown", "", offset, offset + 1)
    return _issue(NOT_UTF8, token, f"byte {start + 1} is not valid UTF-8", hint)


def wide_unicode(encoding: str) -> SyntaxIssue:
    """A text in UTF-16 or UTF-32, which can be read all the same."""
    token = Token("unknown", "", 0, 0)
    return _issue(NOT_UTF8, token, f"the text is in {encoding}, not UTF-8", SAVE, (), "")


SAVE: Final = "save the text as UTF-8"


def duplicate_key(path: Path) -> RawDiagnostic:
    """A key that is in its object more than once."""
    message = f"duplicate key {path[-1]!r}; only the last one counts"
    return RawDiagnostic(DUPLICATE_KEY, path, message, "keep one of them")


def _issue(
    rule: Rule,
    token: Token,
    message: str,
    hint: str | None = None,
    path: Path = (),
    replacement: str | None = None,
) -> SyntaxIssue:
    """A mistake in the whole of a token; without a replacement, nothing behind it can be read."""
    start, end = token.start, token.end
    return SyntaxIssue(rule, message, hint, path, start, end, replacement, start, end - start)


INVALID_QUOTES: Final = Rule(
    code="LQ107",
    name="invalid-quotes",
    severity=Severity.ERROR,
    title="missing quotes, or other quotes than JSON allows",
    rationale="Keys and text are enclosed in straight double quotes.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Output": {\'Type\': "list", "IncludeCSV": "Phone"}}',
    good=LIST,
)

INVALID_LITERAL: Final = Rule(
    code="LQ109",
    name="invalid-literal",
    severity=Severity.ERROR,
    title="a literal of another language",
    rationale="JSON has true, false and null, but no NaN or infinity.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad='{"Paging": {"PageIndex": 1, "PageSize": NaN}}',
    good='{"Paging": {"PageIndex": 1, "PageSize": 100}}',
)

UNESCAPED_CHARACTER: Final = Rule(
    code="LQ112",
    name="unescaped-character",
    severity=Severity.ERROR,
    title="an unescaped character in text",
    rationale="Backslashes, tabs and other control characters in text must be escaped.",
    spec_section="JSON Body",
    certainty=Certainty.STATED,
    bad=lead_filters('{"LookUpName": "Company", "LookUpValue": "AC\\DC", "SqlOperator": "="}'),
    good=lead_filters('{"LookUpName": "Company", "LookUpValue": "AC\\\\DC", "SqlOperator": "="}'),
)


def check_key(token: Token) -> SyntaxIssue | None:
    """The mistake in a key, if there is one; a key without quotes is one, whatever it is."""
    return _check_string(token) if token.kind in _STRINGS else _missing_quotes(token)


def check_value(token: Token) -> SyntaxIssue | None:
    """The mistake in a single value, if there is one."""
    if token.kind in _STRINGS:
        return _check_string(token)
    if token.kind == "number" or token.text in _KEYWORDS:
        return None
    return _check_literal(token) or _missing_quotes(token)


_STRINGS: Final = ("string", "doubled", "other_string")


def _check_string(token: Token) -> SyntaxIssue | None:
    quotes = 2 if token.kind == "doubled" else 1
    corrected = _quote(token.text[quotes:-quotes])
    if token.kind != "string":
        message = f"{token.text[:quotes]} is not a quote in JSON"
        return _correction(INVALID_QUOTES, token, message, corrected)
    if corrected == token.text:
        return None
    return _correction(UNESCAPED_CHARACTER, token, "unescaped character in text", corrected)


def _missing_quotes(token: Token) -> SyntaxIssue:
    return _correction(INVALID_QUOTES, token, "missing quotes", _quote(token.text))


_KEYWORDS: Final = ("true", "false", "null")

_FOREIGN: Final = {
    **{literal: literal for literal in _KEYWORDS},
    "none": "null",
    "undefined": "null",
}

_NOT_A_NUMBER: Final = ("nan", "infinity", "inf")

# Other languages allow hexadecimal, signs, bare points, underscores and leading zeros.
_is_number = partial(
    re.fullmatch, r"[+-]?(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)", flags=re.ASCII
)


def _check_literal(token: Token) -> SyntaxIssue | None:
    """A literal of another language, or one that is almost a keyword of JSON."""
    text, folded = token.text, token.text.casefold()
    if folded in _FOREIGN:
        return _correction(INVALID_LITERAL, token, f"{text} is not valid in JSON", _FOREIGN[folded])
    if folded.lstrip("+-") in _NOT_A_NUMBER:
        message = f"{text} is not a number in JSON"
        return _correction(INVALID_LITERAL, token, message, NAN, "write a number")
    if _is_number(text):
        message = f"{text} is not a number in JSON"
        hint = f"write it as JSON does, or as text: {_quote(text)}"
        return _correction(INVALID_LITERAL, token, message, NAN, hint)
    nearest = closest_match(folded, {literal: literal for literal in _KEYWORDS})
    if nearest is not None and nearest[0] == folded[0]:
        hint = f"write {nearest}, or {_quote(text)}"
        return _correction(INVALID_LITERAL, token, f"{text} is not valid in JSON", NAN, hint)
    return None


def _correction(
    rule: Rule, token: Token, message: str, corrected: str, hint: str | None = None
) -> SyntaxIssue:
    """A mistake in a key or a single value; its path is not known here."""
    if hint is None and len(corrected) < 60:
        hint = f"write {corrected}"
    return _issue(rule, token, message, hint, (), corrected)


_OTHER_QUOTES: Final = "'‘’‚“”„"

_replace_escapes = partial(
    re.sub,
    rf"\\(?:[\"\\/bfnrt{_OTHER_QUOTES}]|u[0-9a-fA-F]{{4}}|x[0-9a-fA-F]{{2}})|[\"\\\x00-\x1f]",
)

_ESCAPES: Final = {one: json.dumps(one)[1:-1] for one in ('"', "\\", *map(chr, range(0x20)))}


def _quote(content: str) -> str:
    """The content of a string in the quotes of JSON, escaped as JSON escapes it."""
    return f'"{_replace_escapes(_escape, content)}"'


def _escape(match: re.Match[str]) -> str:
    text = match[0]
    if len(text) == 1:
        return _ESCAPES[text]
    if text[1] == "x":
        return f"\\u00{text[2:]}"
    # Other languages escape quotes that JSON does not have.
    return text[1] if text[1] in _OTHER_QUOTES else text
