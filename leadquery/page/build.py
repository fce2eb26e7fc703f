"""Write the static page: its scripts by npm, its Python from the installed packages.

`build_page` needs npm, which fetches CodeMirror, esbuild and Pyodide in the versions of
`web/package-lock.json`. What it writes needs no server but one for static files.
"""

from __future__ import annotations

import gzip
import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from zipfile import ZipFile
from zoneinfo import TZPATH, available_timezones

from leadquery.errors import QueryError
from leadquery.page.analysis import analyze
from leadquery.page.examples import EXAMPLES
from leadquery.result.frames import import_optional

WEB: Final = Path(__file__).parent / "web"

ARCHIVES: Final = Path(__file__).with_name("archives.py")

PAGES: Final = ("index.html", "style.css", "icon.svg")

PYODIDE: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json")
"""The files of Pyodide that a browser loads."""

LIBRARY: Final = "library.zip"

SQL_LIBRARY: Final = "sql.zip"
"""Becomes `sql.tar.xz`, which is loaded last."""

ZONES: Final = "zoneinfo"
"""The folder of time zones in it."""

SQL_MODULES: Final = ("sql/",)

NOT_LOADED: Final = {
    "leadquery": (
        *("__main__", "cli/", "client/", "lsp/", "mcp/", "page/app", "page/archives", "page/build"),
        *("pydantic", "testing/", "emulator/adapter", "emulator/assumptions"),
        *("emulator/server", "emulator/wsgi", "lint/editor_schema"),
        *("result/excel", "result/html", "sql/engines"),
    ),
    "sqlglot": ("anonymize", "executor/", "lineage", "planner"),
}
"""The beginnings of the modules that the page does without."""

DIALECT_FOLDERS: Final = ("dialects", "generators", "parsers")
DIALECTS_LOADED: Final = frozenset(
    {"__init__", "base", "dialect", "hive", "mysql", "oracle", "postgres", "spark2", "tsql"}
)
"""The dialects that sqlglot loads to read and write that of PostgreSQL; the page names no other."""

NPM_MISSING: Final = (
    "npm is not installed; install Node.js, which has it, or serve the page without npm: "
    "leadquery serve --page"
)


class PageFile(NamedTuple):
    """A file of the page, and its size in bytes, alone and with gzip."""

    name: str
    size: int
    compressed: int


def build_page(folder: Path) -> list[PageFile]:
    """Write the page into a folder, which is made if it is missing. The files, largest first.

    Raises QueryError without npm, or if npm fails; MissingDependencyError without sqlglot.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise QueryError(NPM_MISSING)
    import_optional("leadquery page", "sqlglot", extra="sql")
    with TemporaryDirectory() as name:
        work = Path(name)
        shutil.copytree(WEB, work, dirs_exist_ok=True)
        shutil.copy(ARCHIVES, work)
        (work / "examples.js").write_text(examples_script(), "utf-8")
        _run([npm, "ci", "--no-audit", "--no-fund", "--silent"], work)
        written = work / "written"
        _write_python(work, written)
        _run([npm, "run", "--silent", "archives"], work)
        (work / "sizes.js").write_text(_sizes_script(written), "utf-8")
        _run([npm, "run", "--silent", "bundle"], work)
        for page in PAGES:
            shutil.copy(WEB / page, written)
        (written / "licenses.txt").write_text(_licences(work / "node_modules"), "utf-8")
        _place(written, folder)
    return sorted(_page_files(folder), key=lambda file: -file.compressed)


def _place(written: Path, folder: Path) -> None:
    """Copy the page into its folder. A new folder appears when it is complete."""
    if folder.exists():
        shutil.copytree(written, folder, dirs_exist_ok=True)
        return
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent) as name:
        shutil.copytree(written, Path(name) / folder.name).rename(folder)


def examples_script() -> str:
    """The module of the page with its examples, and the analysis of the first one."""
    analysis = json.dumps(analyze(EXAMPLES["payload"]))
    return f"export const EXAMPLES = {json.dumps(EXAMPLES)};\nexport const ANALYSIS = {analysis};\n"


def _run(command: list[str], folder: Path) -> None:
    """Run a command of npm; its output is the message if it fails."""
    done = subprocess.run(  # noqa: S603 - npm, and what the lock file names
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        output = (done.stderr or done.stdout).strip() or f"exit code {done.returncode}"
        raise QueryError(
            f"the page was not built, because {Path(command[0]).name} failed: {output}"
        )


def _write_python(work: Path, written: Path) -> None:
    """The files of Pyodide, and the sources of what it runs."""
    (written / "pyodide").mkdir(parents=True)
    for name in PYODIDE:
        shutil.copy(work / "node_modules/pyodide" / name, written / "pyodide")
    ours, sqlglot = modules_of("leadquery"), modules_of("sqlglot")
    sql = [one for one in ours if one[0].startswith(SQL_MODULES)]
    others = [one for one in ours if one not in sql]
    attrs = {name: modules_of(name) for name in ("attr", "attrs")}
    _zip(work / LIBRARY, {"leadquery": others, **attrs})
    later = {"leadquery": sql, "sqlglot": sqlglot, ZONES: list(_zones())}
    _zip(work / SQL_LIBRARY, later)


def modules_of(package: str) -> list[tuple[str, Path]]:
    """The modules of an installed package that the page has, each with its path in the package."""
    folder = Path(import_module(package).__path__[0])
    found = [(path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*.py"))]
    if package == "sqlglot":
        found = [one for one in found if not _is_other_dialect(*one)]
    return [one for one in found if not one[0].startswith(NOT_LOADED.get(package, ()))]


def _zones() -> Iterator[tuple[str, Path]]:
    """The files of the time zones, of which a browser gives Python none."""
    folders = [Path(folder) for folder in TZPATH]
    with suppress(ImportError):
        folders.append(Path(import_module("tzdata").__path__[0]) / "zoneinfo")
    for name in sorted(available_timezones()):
        files = (folder / name for folder in folders)
        yield name, next(path for path in files if path.is_file())


def _is_other_dialect(name: str, path: Path) -> bool:
    return name.partition("/")[0] in DIALECT_FOLDERS and path.stem not in DIALECTS_LOADED


def _zip(target: Path, packages: Mapping[str, Iterable[tuple[str, Path]]]) -> None:
    with ZipFile(target, "w") as archive:
        for package, modules in packages.items():
            for name, path in modules:
                archive.write(path, f"{package}/{name}")


def _sizes_script(written: Path) -> str:
    """The sizes of what is loaded first, for the progress bar."""
    sizes = {
        "python": (written / "pyodide/python_stdlib.zip").stat().st_size,
        "wasm": (written / "pyodide/pyodide.asm.wasm").stat().st_size,
        "library": (written / LIBRARY).stat().st_size,
    }
    return f"export const SIZES = {json.dumps(sizes)};\n"


def _licences(modules: Path) -> str:
    """The licences of what the page has from npm and from Python packages."""
    texts = [
        f"{path.parent.relative_to(modules).as_posix()}\n\n{path.read_text('utf-8').strip()}\n"
        for path in sorted(modules.rglob("LICENSE*"))
    ]
    texts.append("pyodide: MPL-2.0; its source is at github.com/pyodide/pyodide\n")
    texts.append("attrs, leadquery, sqlglot: MIT\n")
    return "\n".join(texts)


def _page_files(folder: Path) -> Iterator[PageFile]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            name = path.relative_to(folder).as_posix()
            yield PageFile(name, len(content), len(gzip.compress(content, 9)))
