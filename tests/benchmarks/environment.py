"""Virtual environments for what leadquery is compared with."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ("pyproject.toml", "README.md", "LICENSE", "leadquery", "pytest_leadquery.py")


def environment(folder: Path, *arguments: str) -> Path:
    """Create a virtual environment and `pip install` into it, unless it exists; its Python."""
    scripts = Path(sysconfig.get_path("scripts", vars={"base": str(folder)}))
    python = scripts / Path(sys.executable).with_stem("python").name
    if not python.exists():
        venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "--upgrade", "pip"], check=True)  # for `--group`
        subprocess.run([*install, *arguments], check=True)
    return python


def peers(folder: Path) -> Path:
    """The same, with leadquery as its users install it, and what it is measured against."""
    with TemporaryDirectory() as copy:
        _copy(Path(copy))
        return environment(folder, f"{copy}[serve]", "--group", f"{copy}/pyproject.toml:bench")


def _copy(folder: Path) -> None:
    """What is installed, since a build leaves files where it is run."""
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder)
