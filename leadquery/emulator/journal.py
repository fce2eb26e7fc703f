"""The journal of a served mock API: the requests that arrived, without their keys."""

from __future__ import annotations

import json
import re
from collections import deque
from http import HTTPStatus
from threading import Lock
from typing import Any, Final

import attrs

from leadquery.emulator.app import ApiRequest, ApiResponse, error_response, json_response
from leadquery.lint.check import check
from leadquery.wire.endpoints import Endpoint

JOURNAL_PATH: Final = "/__admin/requests"
"""As in WireMock."""

MAX_REQUESTS: Final = 1_000
"""The most requests to keep. Earlier ones are only counted."""

MAX_BODY: Final = 1 << 18
"""Bytes of the longest body to keep."""

MIN_KEY: Final = 8
"""Characters of a key that is removed wherever it is; a shorter one may be a part of any word."""

REDACTED: Final = "[redacted]"

_REPORT_PATHS: Final = {endpoint.path for endpoint in Endpoint}

_redact_parameters = re.compile(r"((?:access|secret)[_-]?key)=[^&\s]*", re.IGNORECASE).sub

_redact_members = re.compile(
    r'("[\w-]*(?:access|secret)[_-]?key"\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s,}\]]+)', re.IGNORECASE
).sub


@attrs.frozen
class _Entry:
    request: ApiRequest
    status: HTTPStatus | None
    is_whole: bool
    """Whether the request has its body, which is not kept if it is long."""

    def to_json(self) -> dict[str, Any]:
        """The entry as a JSON object."""
        path = self.request.path
        text = self._redact(self.request.body.decode("utf-8", "replace"))
        is_report = path in _REPORT_PATHS
        return {
            "method": self.request.method,
            "path": self._redact(path),
            "status": None if self.status is None else self.status.value,
            "payload": _parse(text) if text else None,
            "diagnostics": _diagnostics(text) if self.is_whole and is_report else [],
        }

    def _redact(self, text: str) -> str:
        text = _redact_parameters(rf"\1={REDACTED}", text)
        text = _redact_members(rf'\1"{REDACTED}"', text)
        for key in self.request.keys:
            if key and len(key) >= MIN_KEY:
                text = text.replace(key, REDACTED).replace(json.dumps(key)[1:-1], REDACTED)
        return text


class Journal:
    """The requests that arrived, in the order of their responses. Threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._entries: deque[_Entry] = deque(maxlen=MAX_REQUESTS)
        self._total = 0

    def add(self, request: ApiRequest, status: HTTPStatus | None) -> None:
        """Add a request; its status is None if it got no response."""
        is_whole = len(request.body) <= MAX_BODY
        kept = request if is_whole else attrs.evolve(request, body=b"")
        with self._lock:
            self._total += 1
            self._entries.append(_Entry(kept, status, is_whole))

    def handle(self, request: ApiRequest) -> ApiResponse:
        """The response to a request of `JOURNAL_PATH`: GET lists, and DELETE forgets."""
        if request.method == "GET":
            with self._lock:
                entries, total = [*self._entries], self._total
            requests = [entry.to_json() for entry in entries]
            return json_response(HTTPStatus.OK, {"requests": requests, "meta": {"total": total}})
        if request.method == "DELETE":
            with self._lock:
                self._entries.clear()
                self._total = 0
            return json_response(HTTPStatus.OK, {})
        return error_response(
            "this method is not allowed; write GET to list the requests, or DELETE to forget them",
            HTTPStatus.METHOD_NOT_ALLOWED,
            headers={"Allow": "GET, DELETE"},
        )


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _diagnostics(text: str) -> list[dict[str, Any]]:
    """What `check` reports, with the keys of `leadquery check --format json`."""
    without_fix = attrs.filters.exclude("fix")
    return [attrs.asdict(diagnostic, filter=without_fix) for diagnostic in check(text)]
