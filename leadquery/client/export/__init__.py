"""`Client.export`: lists of any length in a file, in bounded memory, resumed after a stop.

`export.run_export` fetches the pages and writes the finished file with a writer of `formats`.
Until then, `part_file.PartFile` holds the rows that have come, and a checkpoint beside them. Start
reading at `run_export`.
"""

from __future__ import annotations

from leadquery.client.export.export import ExportJob, ExportResult, resume_note, run_export

__all__ = ["ExportJob", "ExportResult", "resume_note", "run_export"]
