"""What the page calls: `analyze` a text, `fix` it, and run its query on demo leads.

All three take text and return values that JSON can hold, and none raises for a text. What they do
not all need is imported where it is used, because a browser takes long for it.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from leadquery.errors import LeadQueryError, SqlError
from leadquery.lint.checked_file import CheckedFile, CheckedPayload, CheckOptions, check_file
from leadquery.lint.decoder import decode_text
from leadquery.lint.diagnostics import build_diagnostics
from leadquery.lint.json_parser import MAX_DEPTH, find_issues
from leadquery.lint.report import Diagnostic, Report, message_text
from leadquery.lint.source_text import SourceText
from leadquery.query.query import Query

if TYPE_CHECKING:
    from leadquery.lint.request_files import RequestFile

MAX_DIAGNOSTICS: Final = 100

MAX_SQL: Final = 50_000
"""The most characters of a statement."""

PAYLOAD: Final = "payload"
PYTHON: Final = "python"
SQL: Final = "sql"

_SQL_START: Final = re.compile(r"(?is)(?:\s|--[^\n]*\n|/\*.*?\*/)*+(?:SELECT|WITH)\b")
_PYTHON_START: Final = re.compile(
    r"^(?:from|import)[ ]+\w|^\w++[ ]*+(?::[^=\n{\"]*)?=|\bLeads\w*[ ]*\.", re.MULTILINE
)


class Reading(NamedTuple):
    """A text as it was read: its query, if it has no errors, and what is to be reported."""

    query: Query | None
    diagnostics: list[dict[str, Any]]
    summary: str
    notes: tuple[str, ...] = ()


def detect_language(text: str) -> str:
    """The language of a text: "sql", "python", or else "payload", which explains any other."""
    if _SQL_START.match(text):
        return SQL
    start = text.lstrip("\ufeff \t\r\n")[:1]
    if start in ("{", "[") or not _PYTHON_START.search(text):
        return PAYLOAD
    return PAYLOAD if _requests(text) else PYTHON


def needs_later(text: str) -> bool:
    """Whether a text needs what the static page loads last: sqlglot, and the time zones."""
    return detect_language(text) == SQL or "tz" in text


def call(name: str, values: str) -> str:
    """The result of a function of this module as JSON; `values` are its arguments as JSON.

    JSON in ASCII carries every text, also one with half of a surrogate pair.

    >>> call("needs_later", '["SELECT Phone FROM leads"]')
    'true'
    """
    return json.dumps(CALLS[name](*json.loads(values)))


def analyze(text: str) -> dict[str, Any]:
    """The diagnostics of a text, and what its query means and is in other forms.

    `diagnostics` have `line` and `column`, from 1, and `width` in characters, or None for the
    whole text, and `fix`: "safe", "unsafe" or None. `forms` are the query as other texts, if there
    are no errors.

    >>> found = analyze('{"Output": {"Type": "list", "IncludeCSV": "Phone"}}')
    >>> found["language"], found["sentence"]
    ('payload', 'List of Phone of all leads, without paging.')
    """
    language = detect_language(text)
    if not text.strip():
        return _analysis(language, Reading(None, [], ""))
    return _analysis(language, read(language, text))


def fix(text: str, number: int | None = None) -> str:
    """The text with the fix of one diagnostic applied, or without a number all safe fixes.

    >>> fix('{"Output": {"type": "list", "IncludeCSV": "Phone"}}')
    '{"Output": {"Type": "list", "IncludeCSV": "Phone"}}'
    """
    file = _check(text)
    if number is None:
        fixed: str = file.fixed().content
        return fixed
    for payload, diagnostic in [*_found(file)][number : number + 1]:
        [changes] = payload.replacements([diagnostic])
        for change in sorted(changes, reverse=True):
            text = text[: change.start] + change.text + text[change.end :]
    return text


def demo(text: str) -> dict[str, Any]:
    """The result of the query of a text on demo leads; see `leadquery.page.demo.run`."""
    from leadquery.page.demo import run

    return run(read(detect_language(text), text).query)


@lru_cache(maxsize=4)
def read(language: str, text: str) -> Reading:
    """A text, read in its language. The last ones are remembered, because the demo follows."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reading = _READERS[language](text)
    return reading._replace(notes=tuple(str(warning.message) for warning in caught))


def _read_payload(text: str) -> Reading:
    file = _check(text)
    diagnostics = [_to_json(payload.placed(one)) for payload, one in _found(file)]
    diagnostics += [_diagnostic(payload.note) for payload in file.payloads if payload.note]
    summary = "; ".join(one.note or one.report.summary() for one in file.payloads)
    [payload, *others] = file.payloads
    body = payload.text
    if others or payload.note or not payload.report.ok or (body and body.unknown):
        return Reading(None, diagnostics, summary)
    from leadquery.query.from_payload import from_payload

    try:
        query = from_payload(body.text if body else text)
    except LeadQueryError as error:
        return Reading(None, [*diagnostics, _diagnostic(str(error))], summary)
    return Reading(query, diagnostics, summary)


def _found(file: CheckedFile) -> Iterator[tuple[CheckedPayload, Diagnostic]]:
    """The diagnostics in a text, each with the payload that it is in."""
    for payload in file.payloads:
        yield from ((payload, one) for one in payload.report)


_OPTIONS: Final = CheckOptions(limit=MAX_DIAGNOSTICS)


def _check(text: str) -> CheckedFile:
    """A payload, or a request with one such as a curl command, with what is wrong in it.

    `json` does not get a text that is nested too deeply: it would overflow the stack of a browser.
    """
    if _is_deep(text):
        issues, is_readable = find_issues(text)
        if not is_readable:
            source = SourceText(text, text, tuple(issues), readable=False)
            found = build_diagnostics(None, source, [])
            report = Report(text, found[:MAX_DIAGNOSTICS], source, found[MAX_DIAGNOSTICS:])
            return CheckedFile("", text, (CheckedPayload("", report),), None, _OPTIONS)
    return check_file("", text, _requests(text), _OPTIONS)


def _requests(text: str) -> RequestFile | None:
    """The requests for this API in a text, such as a curl command; None if there are none."""
    if decode_text(text, builds=False) is not None:
        return None
    from leadquery.lint.request_files import read_requests

    requests = read_requests(text)
    return requests if requests and requests.bodies else None


def _is_deep(text: str) -> bool:
    """Whether more brackets may be open than are read."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depths = accumulate(1 if one[0] in "[{" else -1 for one in _match_brackets(text))
    return any(depth > MAX_DEPTH for depth in depths)


_match_brackets = re.compile(r"[\[\]{}]").finditer


def _to_json(found: Diagnostic) -> dict[str, Any]:
    return {
        "code": found.code,
        "severity": found.severity,
        "path": found.path,
        "message": message_text(found),
        "line": found.line,
        "column": found.column,
        "width": found.width,
        "fix": None if found.fix is None else "safe" if found.fix.safe else "unsafe",
    }


def _diagnostic(
    message: str, line: int | None = None, column: int | None = None, width: int | None = None
) -> dict[str, Any]:
    """An error that no rule found."""
    return {
        "code": "",
        "severity": "error",
        "path": "",
        "message": message,
        "line": line,
        "column": column,
        "width": width,
        "fix": None,
    }


def _read_python(text: str) -> Reading:
    from leadquery.page.python_text import PythonTextError, read_python

    try:
        return Reading(read_python(text), [], "no problems found")
    except PythonTextError as error:
        line, column, width, message = error.issue
        return _errors([_diagnostic(message, line, column, width)])


def _read_sql(text: str) -> Reading:
    from leadquery.sql import from_sql

    if len(text) > MAX_SQL:
        return _errors([_diagnostic(f"a statement has at most {MAX_SQL:,} characters here")])
    try:
        return Reading(from_sql(text), [], "no problems found")
    except SqlError as error:
        return _errors(
            [
                _diagnostic(issue.message, issue.line, issue.column, issue.excerpt.count("^"))
                for issue in error.issues
            ]
        )
    except LeadQueryError as error:
        return _errors([_diagnostic(str(error))])


def _errors(diagnostics: Sequence[dict[str, Any]]) -> Reading:
    number = len(diagnostics)
    return Reading(None, [*diagnostics], f"{number} error{'s' if number > 1 else ''}")


_READERS: Final[dict[str, Callable[[str], Reading]]] = {
    PAYLOAD: _read_payload,
    PYTHON: _read_python,
    SQL: _read_sql,
}


def _analysis(language: str, reading: Reading) -> dict[str, Any]:
    query = reading.query
    return {
        "language": language,
        "diagnostics": reading.diagnostics,
        "summary": reading.summary,
        "notes": list(reading.notes),
        "sentence": "" if query is None else query.describe(),
        "forms": {} if query is None else {name: _form(query, name) for name in _FORMS},
    }


def _form(query: Query, name: str) -> str:
    """The query in one form, or why it has none."""
    try:
        return _FORMS[name](query)
    except LeadQueryError as error:
        return f"{error}"


_FORMS: Final[dict[str, Callable[[Query], str]]] = {
    "python": Query.to_python,
    "payload": lambda query: query.to_json(indent=2),
    "curl": lambda query: query.to_request("curl"),
    "plan": lambda query: str(query.plan()),
}


CALLS: Final[dict[str, Callable[..., Any]]] = {
    "analyze": analyze,
    "demo": demo,
    "fix": fix,
    "needs_later": needs_later,
}
"""The functions that the page calls, by name."""
