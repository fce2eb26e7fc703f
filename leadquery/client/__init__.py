"""The door to the real API: a query goes out, an answer comes back."""

from __future__ import annotations

from leadquery.client.answer import Answer
from leadquery.client.client import Client

__all__ = ["Answer", "Client"]
