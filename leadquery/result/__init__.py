"""Answers: rows as Python values, and everything they turn into."""

from __future__ import annotations

from leadquery.result.decoding import build_result
from leadquery.result.result import Result, Row

__all__ = ["Result", "Row", "build_result"]
