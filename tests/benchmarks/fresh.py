"""A Python that has loaded nothing yet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import attrs

ROOT = Path(__file__).parent.parent.parent
PACKAGES = Path(attrs.__file__).parent.parent


@attrs.frozen
class Python:
    """Runs lines in fresh processes, which keep what they compile in `folder`.

    `site` stays out: an editable install has it load a finder, and with it a part of what
    attrs loads.
    """

    folder: Path

    def run(self, line: str) -> str:
        """What a line prints."""
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
