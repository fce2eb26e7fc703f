"""Compile the Python of the page, which then starts in half the time.

`web/archives.mjs` runs it at build time in Pyodide, whose own Python has to compile it. Of the
standard library, only the modules that the page may import are kept.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path

IMPORTED_LATE = (
    *("_strptime", "calendar", "encodings.ascii", "encodings.idna", "encodings.latin_1"),
    *("encodings.unicode_escape", "encodings.utf_16", "encodings.utf_32", "encodings.utf_8_sig"),
    *("importlib.resources", "lzma", "stringprep", "tarfile", "zipfile", "zoneinfo._zoneinfo"),
)
"""Modules that others import inside of functions, or that C code or Pyodide imports."""

UNPACKED = "/lib/page"
"""Where the worker unpacks them: errors find their line by the file names of frames."""

Files = Iterable[tuple[Path, bytes]]
"""Files of an archive, each with its path in it."""


def write_archives(work: Path) -> None:
    """Write `standard.zip`, `library.zip` and `sql.tar.xz` from the folders of these names."""
    sources = [path for name in ("library", "sql") for path in (work / name).rglob("*.py")]
    needed = _import_standard({name for path in sources for name in _imported(path)})
    standard = [file for file in compiled(work / "standard") if _module(file[0]) in needed]
    write_zip(work / "standard.zip", standard)
    write_zip(work / "library.zip", compiled(work / "library"))
    write_tar(work / "sql.tar.xz", compiled(work / "sql"))


def _imported(source: Path) -> Iterator[str]:
    """The modules that a source imports, wherever in it."""
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _import_standard(names: Iterable[str]) -> frozenset[str]:
    """The modules that are loaded once those of the standard library are imported."""
    for name in (*IMPORTED_LATE, *sorted(names)):
        if name.partition(".")[0] in sys.stdlib_module_names:
            try:
                import_module(name)
            except ImportError:
                continue  # Pyodide does not have it.
    return frozenset(sys.modules)


def _module(path: Path) -> str:
    """The name of a module from its path."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def compiled(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The files of a folder, with modules compiled, the same for the same sources."""
    from compileall import compile_dir
    from py_compile import PycInvalidationMode

    compile_dir(
        folder,
        quiet=1,
        legacy=True,
        optimize=2,
        invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        stripdir=str(folder),
        prependdir=UNPACKED,
    )
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix != ".py":
            yield path.relative_to(folder), path.read_bytes()


def write_zip(target: Path, files: Files) -> None:
    """An archive that Python imports from, or that is unpacked quickly."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    with ZipFile(target, "w") as archive:
        for path, content in files:
            entry = ZipInfo(path.as_posix(), (1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, content, ZIP_DEFLATED, 9)


def write_tar(target: Path, files: Files) -> None:
    """An archive that is smaller, and slower to unpack."""
    from tarfile import TarInfo, open as open_tar

    with open_tar(target, "w:xz", preset=9) as archive:
        for path, content in files:
            entry = TarInfo(path.as_posix())
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
