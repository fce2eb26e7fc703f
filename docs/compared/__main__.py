"""Run each task with each library, and write what it prints to `outputs.json` or another file."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from docs.compared.scripts import OUTPUTS, PEERS, run, version_of

if __name__ == "__main__":
    file = Path(sys.argv[1]) if len(sys.argv) > 1 else OUTPUTS
    ran = {name: {"version": version_of(name), "outputs": run(name)} for name in PEERS}
    file.write_text(json.dumps(ran, indent=2, ensure_ascii=False) + "\n", "utf-8")
