"""LQ1xx: text that is not JSON. Literals have a module of their own."""

from __future__ import annotations

from typing import Final

from leadquery.lint.diagnostics import Path, RawDiagnostic
from leadquery.lint.json_parser.source_text import SyntaxIssue
from leadquery.lint.json_parser.tokenizer import Token
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import LIST

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
    rationale=(
        "JSON allows commas only between entries, not before the first or after the last one."
    ),
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
    return _replace(COMMENT, token, "comments are not allowed in JSON", "remove it", path, "")


def invalid_whitespace(token: Token, path: Path) -> SyntaxIssue:
    """A byte-order mark, or whitespace that only people take for it."""
    message = "whitespace that JSON does not allow"
    if token.text[0] == "\ufeff":
        message = "unexpected byte-order mark"
    return _replace(INVALID_WHITESPACE, token, message, "remove it", path, "")


def wrong_punctuation(token: Token, expected: str, path: Path) -> SyntaxIssue:
    """Another character in place of a colon or a comma."""
    message = f"expected {_MARKS[expected]}, found {token.text!r}"
    return _replace(MISSING_PUNCTUATION, token, message, f"write {expected!r}", path, expected)


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
    return _replace(EXTRA_COMMA, token, f"trailing {name}", "remove it", path, "")


def extra_comma(token: Token, path: Path) -> SyntaxIssue:
    """A comma before the first entry, or after another comma."""
    return _replace(EXTRA_COMMA, token, "extra comma", "remove it", path, "")


def unclosed(end: Token, opener: str, closer: str, path: Path) -> SyntaxIssue:
    """The text ends in an object or a list."""
    message = f"the text ends before {_NAMES[opener]} is closed"
    return _fatal(UNCLOSED, end, message, f"close it with {closer!r}", path)


def mismatched_bracket(token: Token, opener: str, closer: str, path: Path) -> SyntaxIssue:
    """A list is closed as an object, or the other way round."""
    message = f"unexpected {token.text!r} in {_NAMES[opener]}"
    return _fatal(UNCLOSED, token, message, f"close it with {closer!r} first", path)


_NAMES: Final = {"{": "the object", "[": "the list"}

_QUOTES: Final = ('"', "'", "“", "‘")


def unexpected_token(token: Token, expected: str, path: Path, *, inside: bool) -> SyntaxIssue:
    """A token where another one is expected; `inside` an object or a list."""
    if token.text in ("}", "]") and inside:
        message = f"missing {expected.removeprefix('a ')} before {token.text!r}"
        return _fatal(NOT_JSON, token, message, None, path)
    if token.text in _QUOTES:
        hint = "close the text on the same line"
        return _fatal(UNCLOSED, token, "unclosed quote", hint, path)
    message = f"expected {expected}, found {token.text!r}"
    return _fatal(NOT_JSON, token, message, None, path)


def no_json(end: Token) -> SyntaxIssue:
    """A text that holds nothing but comments and whitespace."""
    return _fatal(NOT_JSON, end, "the text is empty", "write an object: { … }", ())


def text_after_payload(token: Token) -> SyntaxIssue:
    """A second value, or anything else, after the payload."""
    message, hint = "unexpected text after the payload", "remove it, or check each payload alone"
    return _fatal(NOT_JSON, token, message, hint, ())


def number_too_long(start: int) -> SyntaxIssue:
    """A whole number with more digits than Python reads."""
    token = Token("number", "", start, start + 1)
    return _fatal(NOT_JSON, token, "the number has too many digits", "write a smaller one", ())


def too_deep(token: Token) -> SyntaxIssue:
    """More open objects and lists than can be read."""
    return _fatal(TOO_DEEP, token, "the text is nested too deeply", None, ())


def not_utf8(payload: bytes, start: int) -> SyntaxIssue:
    """Bytes that are not UTF-8, from `start` on."""
    hint = SAVE
    if payload[:2] in (b"\xff\xfe", b"\xfe\xff"):
        hint = "this looks like UTF-16; save it as UTF-8"
    offset = len(payload[:start].decode())
    token = Token("unknown", "", offset, offset + 1)
    return _fatal(NOT_UTF8, token, f"byte {start + 1} is not valid UTF-8", hint, ())


def utf16() -> SyntaxIssue:
    """A text in UTF-16, which can be read all the same."""
    token = Token("unknown", "", 0, 0)
    return _replace(NOT_UTF8, token, "the text is in UTF-16, not UTF-8", SAVE, (), "")


SAVE: Final = "save the text as UTF-8"


def duplicate_key(path: Path) -> RawDiagnostic:
    """A key that is in its object more than once."""
    message = f"duplicate key {path[-1]!r}; only the last one counts"
    return RawDiagnostic(DUPLICATE_KEY, path, message, "keep one of them")


def _fatal(rule: Rule, token: Token, message: str, hint: str | None, path: Path) -> SyntaxIssue:
    return _replace(rule, token, message, hint, path, None)


def _replace(
    rule: Rule, token: Token, message: str, hint: str | None, path: Path, replacement: str | None
) -> SyntaxIssue:
    start, end = token.start, token.end
    return SyntaxIssue(rule, message, hint, path, start, end, replacement, start, end - start)
