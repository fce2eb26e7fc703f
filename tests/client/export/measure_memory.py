"""An export of many leads, in a process of its own, and the memory that it takes.

`measure_memory.py URL FILE SIZE` prints, as JSON, the rows, the memory when a tenth of them had
come, and the most that was held from then on, in bytes.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from threading import Event, Thread

from leadquery import Client, Leads
from leadquery.client.progress import Progress

QUERY = Leads.select(
    "ProspectID", "FirstName", "EmailAddress", "Phone", "ProspectStage", "Source", "Score",
    "CreatedOn", "OwnerId", "mx_City",
)  # fmt: skip


def memory_in_use() -> int:
    """The memory of this process, in bytes. Linux reports it in pages of 4 KB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def main(url: str, file: str, size: int) -> None:
    """Export, and measure memory meanwhile."""
    first: list[int] = []
    most = 0
    done = Event()

    def report(progress: Progress) -> None:
        if not first and progress.rows * 10 >= progress.total:
            first.append(memory_in_use())

    def watch() -> None:
        nonlocal most
        while not done.wait(0.02):
            most = max(most, memory_in_use() if first else 0)

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    client = Client(url, "k-access", "k-secret", rate=None)
    exported = client.export(QUERY.page(1, size), file, progress=report)
    done.set()
    watcher.join()
    print(json.dumps({"rows": exported.rows, "first": first[0], "most": most}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
