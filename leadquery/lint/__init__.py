"""How a request travels: written, read, checked, described."""

from __future__ import annotations
