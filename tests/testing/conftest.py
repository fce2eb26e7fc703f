"""The fixture of the plugin, whether or not the plugin is installed."""

from __future__ import annotations

from pytest_leadquery import leadsquared

__all__ = ["leadsquared"]

# A suite of its own: test_plugin.py runs it.
collect_ignore = ["installed"]
