"""Export to one file from four processes at once: `share_export.py FOLDER ROUNDS`.

Prints, as JSON, how many exports wrote the file, how many were refused, since another one was
writing it, and how often the file was wrong.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from random import Random
from time import sleep

from leadquery import Client, Leads
from leadquery.emulator import Emulator, Faults
from leadquery.errors import QueryError

PROCESSES = 4
WRITTEN, REFUSED, WRONG, FAILED = range(4)
QUERY = Leads.select("ProspectID", "Score", "EmailAddress").page(1, 20)
EMULATOR = Emulator.demo(200)


def export(file: Path, content: bytes, seed: int) -> int:
    """Export after a moment, and say how it went."""
    sleep(Random(seed).uniform(0, 0.2))  # noqa: S311 - no secret
    session = EMULATOR.session(Faults(latency=0.002))
    client = Client("api.example.com", "k-access", "k-secret", session)
    try:
        client.export(QUERY, file, progress=False)
    except QueryError as error:
        if "another export is writing" in str(error):
            return REFUSED
        raise
    return WRITTEN if file.read_bytes() == content else WRONG


def main(folder: Path, rounds: int) -> None:
    """Export in rounds of four processes."""
    file = folder / "leads.csv"
    client = Client("api.example.com", "k-access", "k-secret", EMULATOR.session())
    client.export(QUERY, file, progress=False)
    content = file.read_bytes()
    counts = [0] * 4
    for number in range(rounds):
        children = []
        for process in range(PROCESSES):
            child = os.fork()
            if not child:
                status = FAILED
                try:
                    status = export(file, content, number * PROCESSES + process)
                except BaseException as error:  # noqa: BLE001 - it must not go on as the parent does
                    print(repr(error), file=sys.stderr, flush=True)
                os._exit(status)
            children.append(child)
        for child in children:
            counts[os.WEXITSTATUS(os.waitpid(child, 0)[1])] += 1
    print(json.dumps(dict(zip(("written", "refused", "wrong", "failed"), counts, strict=True))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
