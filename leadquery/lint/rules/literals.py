"""LQ107, LQ109, LQ112: keys and values that JSON writes differently."""

from __future__ import annotations

import json
import re
from typing import Final

from leadquery._util.suggest import closest_match
from leadquery.lint.json_parser.source_text import NAN, SyntaxIssue
from leadquery.lint.json_parser.tokenizer import Token
from leadquery.lint.rules.base import Certainty, Rule, Severity
from leadquery.lint.rules.examples import LIST, lead_filters

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
    if token.kind in ("string", "other_string"):
        return _check_string(token)
    return _missing_quotes(token)


def check_value(token: Token) -> SyntaxIssue | None:
    """The mistake in a single value, if there is one."""
    if token.kind in ("string", "other_string"):
        return _check_string(token)
    if token.kind == "number" or token.text in _KEYWORDS:
        return None
    return _check_literal(token) or _missing_quotes(token)


def _check_string(token: Token) -> SyntaxIssue | None:
    corrected = _quote(token.text[1:-1])
    if token.kind == "other_string":
        message = f"{token.text[0]} is not a quote in JSON"
        return _issue(INVALID_QUOTES, token, message, corrected)
    if corrected == token.text:
        return None
    return _issue(UNESCAPED_CHARACTER, token, "unescaped character in text", corrected)


def _missing_quotes(token: Token) -> SyntaxIssue:
    return _issue(INVALID_QUOTES, token, "missing quotes", _quote(token.text))


_KEYWORDS: Final = ("true", "false", "null")

_FOREIGN: Final = {**{word: word for word in _KEYWORDS}, "none": "null", "undefined": "null"}

_NOT_A_NUMBER: Final = ("nan", "infinity", "inf")

# Other languages allow hexadecimal, signs, bare points, underscores and leading zeros.
_is_number = re.compile(
    r"[+-]?(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*\.?[0-9_]*|\.[0-9_]+)", re.ASCII
).fullmatch


def _check_literal(token: Token) -> SyntaxIssue | None:
    """A literal of another language, or one that is almost a keyword of JSON."""
    text, folded = token.text, token.text.casefold()
    if folded in _FOREIGN:
        return _issue(INVALID_LITERAL, token, f"{text} is not valid in JSON", _FOREIGN[folded])
    if folded.lstrip("+-") in _NOT_A_NUMBER:
        message = f"{text} is not a number in JSON"
        return _issue(INVALID_LITERAL, token, message, NAN, "write a number")
    if _is_number(text):
        message = f"{text} is not a number in JSON"
        hint = f"write it as JSON does, or as text: {_quote(text)}"
        return _issue(INVALID_LITERAL, token, message, NAN, hint)
    nearest = closest_match(folded, {word: word for word in _KEYWORDS})
    if nearest is not None and nearest[0] == folded[0]:
        hint = f"write {nearest}, or {_quote(text)}"
        return _issue(INVALID_LITERAL, token, f"{text} is not valid in JSON", NAN, hint)
    return None


def _issue(
    rule: Rule, token: Token, message: str, corrected: str, hint: str | None = None
) -> SyntaxIssue:
    """A mistake in the whole of a token; its path is not known here."""
    if hint is None and len(corrected) < 60:
        hint = f"write {corrected}"
    start, end = token.start, token.end
    return SyntaxIssue(rule, message, hint, (), start, end, corrected, start, end - start)


_OTHER_QUOTES: Final = "'‘’‚“”„"

_replace_escapes = re.compile(
    rf"\\(?:[\"\\/bfnrt{_OTHER_QUOTES}]|u[0-9a-fA-F]{{4}}|x[0-9a-fA-F]{{2}})|[\"\\\x00-\x1f]"
).sub

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
