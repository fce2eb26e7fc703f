"""Answers: rows as Python values, and everything they turn into."""

from __future__ import annotations

from leadquery.client.answer.answer import Answer, Row
from leadquery.client.answer.values import answer_to

__all__ = ["Answer", "Row", "answer_to"]
