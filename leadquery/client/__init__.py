"""The door to the real API: a query goes out, an answer comes back."""

from __future__ import annotations

from leadquery.client.client import Client
from leadquery.client.export import ExportResult
from leadquery.client.pagination import Change, Progress
from leadquery.result import Result

__all__ = ["Change", "Client", "ExportResult", "Progress", "Result"]
