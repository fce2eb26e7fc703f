"""What the API says: its words, the forms of its values, its objects, and what can be wrong."""

from __future__ import annotations
