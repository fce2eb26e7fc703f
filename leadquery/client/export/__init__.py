"""Lists of any length in a file: page by page, in bounded memory, and on from where it stopped."""

from __future__ import annotations

from leadquery.client.export.export import Exported, Order, export, kept

__all__ = ["Exported", "Order", "export", "kept"]
