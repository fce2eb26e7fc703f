"""Virtual environments for the libraries that leadquery is compared with."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent.parent
SETUPTOOLS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
SHIPPED = (
    *("pyproject.toml", "README.md", "LICENSE", "leadquery"),
    *(f"{module}.py" for module in SETUPTOOLS["py-modules"]),
)


def environment(folder: Path, *arguments: str) -> Path:
    """Create a virtual environment with packages, unless it exists, and return its Python."""
    scripts = Path(sysconfig.get_path("scripts", vars={"base": str(folder)}))
    python = scripts / Path(sys.executable).with_stem("python").name
    if not python.exists():
        venv.create(folder, with_pip=True)
        install = [str(python), "-m", "pip", "install", "--quiet"]
        subprocess.run([*install, "--upgrade", "pip"], check=True)  # for `--group`
        subprocess.run([*install, *arguments], check=True)
    return python


def peers(folder: Path) -> Path:
    """An environment with leadquery, as users install it, and the libraries to compare with."""
    with TemporaryDirectory() as copy:
        copy_source(Path(copy))
        python = environment(
            folder, f"{copy}[duckdb,serve]", "--group", f"{copy}/pyproject.toml:bench"
        )
        # A folder that was kept has an earlier leadquery.
        install = [str(python), "-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]
        subprocess.run([*install, copy], check=True)
    return python


def copy_source(folder: Path) -> None:
    """Copy the source, because a build writes files into its folder."""
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name)
        else:
            shutil.copy(ROOT / name, folder)
