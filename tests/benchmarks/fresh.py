"""New Python processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import attrs

ROOT = Path(__file__).parent.parent.parent
PACKAGES = Path(attrs.__file__).parent.parent


def children_time() -> float:
    """The seconds that new processes have worked, without the time they have waited."""
    # Not on Windows, where the tests that need no times run too.
    from resource import RUSAGE_CHILDREN, getrusage

    usage = getrusage(RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@attrs.frozen
class Python:
    """Runs code in new processes that share compiled files in `folder`.

    `site` is not imported, because the finder of an editable install would load modules that attrs
    loads too.
    """

    folder: Path

    def run(self, line: str) -> str:
        """The output of a line of code."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, PACKAGES))),
            "PYTHONPYCACHEPREFIX": str(self.folder),
        }
        command = [sys.executable, "-S", "-c", line]
        done = subprocess.run(
            command, env=environment, cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout
