"""The door to the real API: a query goes out, an answer comes back."""

from __future__ import annotations

from leadquery.client.answer import Answer
from leadquery.client.client import Client
from leadquery.client.export import Exported
from leadquery.client.pages import Change, Progress

__all__ = ["Answer", "Change", "Client", "Exported", "Progress"]
