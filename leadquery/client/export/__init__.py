"""`Client.export`: lists of any length in a file, in bounded memory, resumed after a stop.

`export.run_export` fetches the pages and writes the finished file with a writer of `formats`.
Until then, `part_file.PartFile` keeps the rows fetched so far, with a checkpoint file beside them.
Start reading at `run_export`. `Client.export` is the only caller.
"""

from __future__ import annotations

from leadquery.client.export.export import ExportJob, ExportResult, resume_note, run_export

__all__ = ["ExportJob", "ExportResult", "resume_note", "run_export"]
