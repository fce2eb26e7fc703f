"""From text to JSON values, by the standard library; what is not JSON is named at its place."""

from __future__ import annotations

import json

from leadquery.payload.report import Problem, problem
from leadquery.spec.findings import Finding, Json
from leadquery.spec.rules import Rule


def parse(payload: object) -> tuple[Json, Problem | None]:
    """The JSON value of a text or of bytes; anything else is taken as read already."""
    if isinstance(payload, (bytes, bytearray)):
        try:
            payload = payload.decode()
        except UnicodeDecodeError as wrong:
            return None, _unreadable(
                Rule.NOT_UTF8, f"byte {wrong.start + 1} is not UTF-8", "save the text as UTF-8"
            )
    return _loads(payload) if isinstance(payload, str) else (payload, None)


def _loads(text: str) -> tuple[Json, Problem | None]:
    try:
        return json.loads(text), None
    except json.JSONDecodeError as wrong:
        found = Finding(Rule.NOT_JSON, (), f"this is not JSON: {wrong.msg.lower()}", None)
        return None, problem(found, wrong.lineno, wrong.colno)
    except RecursionError:
        return None, _unreadable(Rule.TOO_DEEP, "the text is nested too deeply", None)
    except ValueError:
        return None, _unreadable(
            Rule.NOT_JSON, "a number has more digits than can be read", "write a smaller one"
        )


def _unreadable(rule: Rule, message: str, hint: str | None) -> Problem:
    return problem(Finding(rule, (), message, hint))
