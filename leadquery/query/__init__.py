"""How people say it: queries, their Python, their English."""

from __future__ import annotations
