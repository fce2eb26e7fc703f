"""Measure leadquery and other tools, and write docs/explanation/benchmarks.md.

The other tools are the dependency group `bench`, installed into a virtual environment.
"""

from __future__ import annotations

import json
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from tempfile import TemporaryDirectory

from . import planner
from .environment import ROOT, peers
from .page import PAGE, page, save

QUICK = 0.1


def main() -> None:
    """Run the benchmarks; with --quick print the page instead of writing it."""
    parser = ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--tools", type=Path, help="a folder for the virtual environment")
    parser.add_argument("--quick", action="store_true", help="few rounds; write nothing")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        python = peers((options.tools or Path(folder)).resolve())
        share = QUICK if options.quick else 1.0
        command = [str(python), "-m", "tests.benchmarks.peers", str(share)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    run = json.loads(done.stdout)
    print("Requests of a question", file=sys.stderr, flush=True)
    run["contests"].append(planner.table(round(planner.LEADS * share))._asdict())
    if options.quick:
        sys.stdout.write(page(run))
    else:
        save(run)
        print(PAGE.relative_to(ROOT))


if __name__ == "__main__":
    main()
