"""What a query returns: rows as Python values, and their conversions to other forms.

`Result` is the public class. `build_result` makes one from the rows of a response: it turns strings
into numbers, dates and booleans by the types of the fields (`decode`). A result converts to tables
(`frames`), to CSV and JSON (`serialize`), and to text, HTML and charts (`render`).
"""

from __future__ import annotations

from leadquery.result.decode import build_result
from leadquery.result.result import Result, Row

__all__ = ["Result", "Row", "build_result"]
