"""Lists of any length in a file: page by page, in bounded memory, and on from where it stopped."""

from __future__ import annotations

from leadquery.client.export.export import ExportJob, ExportResult, export, resume_note

__all__ = ["ExportJob", "ExportResult", "export", "resume_note"]
