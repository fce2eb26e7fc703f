"""Stop exports at random, in their own processes: `kill_exports.py FOLDER KILLS SEED SIGNAL`.

Prints a line of JSON for each export: how often it was killed, how many rows it held each time,
and whether its file is that of an export nobody killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from threading import Timer

import pyarrow.parquet

from leadquery import Client, Leads
from leadquery.client.progress import Progress
from leadquery.emulator import Emulator
from leadquery.fields import CreatedOn, ProspectID, Score

QUERY = Leads.select(ProspectID, CreatedOn, Score, "EmailAddress").page(1, 10)
ROWS = 600
EMULATOR = Emulator.demo(ROWS)
ENDINGS = ("csv", "jsonl", "parquet")

# Loaded once, with pandas, which comes with the first value, and not in every process.
pyarrow.array([None])
# The threads that it starts are not needed in a child.
warnings.filterwarnings("ignore", ".* is multi-threaded, use of fork", DeprecationWarning)


INTERRUPTED = 3
"""The status of a process that Ctrl-C ended."""


def export(
    file: Path,
    rows: int | None = None,
    seconds: float = 0.0,
    signal_number: int = signal.SIGKILL,
) -> None:
    """An export that saves its state often, and is killed after some rows."""
    # What a process has written outlives it; the disk is for power cuts, and slow.
    os.fsync = lambda _: None  # type: ignore[assignment]
    killer = Timer(seconds, os.kill, (os.getpid(), signal_number))

    def report(progress: Progress) -> None:
        if rows is not None and progress.rows >= rows and killer.ident is None:
            killer.start()

    client = Client("api.example.com", "k-access", "k-secret", EMULATOR.session())
    client.export(QUERY, file, progress=report)


def in_a_process(work: Callable[[], None]) -> bool:
    """Run a function in a process, and return whether it was killed."""
    child = os.fork()
    if not child:
        try:
            work()
        except KeyboardInterrupt:
            os._exit(INTERRUPTED)
        except BaseException as error:  # noqa: BLE001 - it must not go on as the parent does
            print(repr(error), file=sys.stderr, flush=True)
            os._exit(1)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) not in (0, INTERRUPTED):
        raise SystemExit(1)
    return os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == INTERRUPTED


def rows_kept(file: Path) -> int:
    """The rows that an export can continue from."""
    part = file.with_name(f"{file.name}.part")
    return part.read_bytes().count(b'{"ProspectID"') if part.exists() else 0


def main(folder: Path, kills: int, seed: int, signal_number: int) -> None:
    """Kill exports until it was often enough."""
    dice = Random(seed)  # noqa: S311 - no secret
    whole = {ending: folder / f"whole.{ending}" for ending in ENDINGS}
    for file in whole.values():
        in_a_process(partial(export, file))
    while kills > 0:
        ending = dice.choice(ENDINGS)
        file = folder / f"{kills}.{ending}"
        kept: list[int] = []
        while len(kept) < dice.randint(1, 4):
            # Behind the last row, a file is made of them, which takes a while.
            rows = dice.randint(min(kept[-1] if kept else 0, ROWS), ROWS)
            seconds = dice.uniform(0.0, 0.1 if rows > ROWS - 30 else 0.01)
            if not in_a_process(partial(export, file, rows, seconds, signal_number)):
                break
            kept.append(rows_kept(file))
        kills -= len(kept)
        in_a_process(partial(export, file))
        same = file.read_bytes() == whole[ending].read_bytes()
        left = [one.name for one in folder.iterdir() if one not in whole.values()]
        print(json.dumps({"kept": kept, "same": same, "left": left == [file.name]}))
        file.unlink()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:]))
