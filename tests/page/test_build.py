"""The files of the static page, and the command that writes them."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import tarfile
import zipimport
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from click.testing import CliRunner

from leadquery import Leads
from leadquery.cli import main
from leadquery.errors import QueryError
from leadquery.fields import CreatedOn, Score
from leadquery.page.archives import UNPACKED, write_archives
from leadquery.page.build import WEB, build_page, examples_script, modules_of
from leadquery.page.examples import EXAMPLES
from tests.page.chromium import POLICY

LOCK = json.loads((WEB / "package-lock.json").read_text("utf-8"))
PACKAGE = json.loads((WEB / "package.json").read_text("utf-8"))


def test_the_lock_file_names_exact_versions_and_no_address() -> None:
    assert LOCK["packages"][""]["dependencies"] == PACKAGE["dependencies"]
    for name, package in LOCK["packages"].items():
        assert not name or package["integrity"]
        assert "resolved" not in package


def test_the_examples_are_a_module() -> None:
    first, second, end = examples_script().split("\n")

    assert json.loads(first.removeprefix("export const EXAMPLES = ")[:-1]) == EXAMPLES
    analysis = json.loads(second.removeprefix("export const ANALYSIS = ")[:-1])
    assert analysis["summary"] == "3 errors, 1 warning; 4 can be fixed"
    assert not end


def test_no_text_becomes_markup() -> None:
    for path in WEB.glob("*.js"):
        source = path.read_text("utf-8")
        assert "innerHTML" not in source
        assert "eval(" not in source


def test_archives_have_compiled_modules(tmp_path: Path) -> None:
    """Of the standard library, only those that the others import."""
    modules = {
        "library/first/__init__.py": "import colorsys\nfrom first import second\nimport nowhere\n",
        "library/first/second.py": 'def f():\n    "Text."\n    import csv\n    from . import x\n',
        "sql/third.py": "import tkinter.nowhere\nvalue = 5\n",
        "standard/colorsys.py": "",
        "standard/csv.py": "",
        "standard/encodings/__init__.py": "",
        "standard/turtle.py": "",
    }
    for name, source in modules.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    write_archives(tmp_path)
    first = (tmp_path / "library.zip").read_bytes()
    write_archives(tmp_path)

    assert (tmp_path / "library.zip").read_bytes() == first
    with ZipFile(tmp_path / "standard.zip") as archive:
        kept = {"colorsys.pyc", "csv.pyc", "encodings/__init__.pyc"}
        assert set(archive.namelist()) == kept
    with ZipFile(tmp_path / "library.zip") as archive:
        assert archive.namelist() == ["first/__init__.pyc", "first/second.pyc"]
    with tarfile.open(tmp_path / "sql.tar.xz") as archive:
        assert archive.getnames() == ["third.pyc"]
    importer = zipimport.zipimporter(str(tmp_path / "library.zip") + "/first")
    code = importer.get_code("second")
    assert code
    assert "Text." not in code.co_consts
    assert Path(code.co_filename) == Path(f"{UNPACKED}/first/second.py")
    assert f'FOLDER = "{UNPACKED}"' in (WEB / "worker.js").read_text("utf-8")


def test_a_statement_loads_only_modules_of_the_page() -> None:
    """Of leadquery and sqlglot, in a process that has loaded no other."""
    statements = [
        EXAMPLES["sql"],
        Leads.group_by(CreatedOn.month()).aggregate(Score.median()).to_sql("postgres"),
    ]
    code = (
        "import json, sys\n"
        "from leadquery.page.analysis import analyze, demo\n"
        "for text in json.loads(sys.argv[1]):\n"
        "    assert analyze(text)['sentence'] and demo(text)['rows']\n"
        "print(*sys.modules)"
    )
    command = [sys.executable, "-c", code, json.dumps(statements)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    loaded = {name for name in printed.split() if name.startswith(("leadquery.", "sqlglot."))}

    kept = {
        f"{package}/{name}".removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for package in ("leadquery", "sqlglot")
        for name, _ in modules_of(package)
    }
    assert loaded - kept == set()


def test_without_npm_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = CliRunner().invoke(main, ["page", "--out", "page"])

    assert done.exit_code == 1
    assert "npm is not installed; install Node.js" in done.output


NPM = """#!/bin/sh
case "$1 $3" in
"ci "*) mkdir -p node_modules/pyodide node_modules/one
  for name in pyodide.mjs pyodide.asm.mjs pyodide.asm.wasm pyodide-lock.json; do
    echo "$name" > "node_modules/pyodide/$name"
  done
  echo "terms" > node_modules/one/LICENSE ;;
*archives) for name in library.zip sql.tar.xz pyodide/python_stdlib.zip; do
    echo "$name" > "written/$name"
  done ;;
*bundle) cat examples.js static.js > written/main.js; cat sizes.js > written/worker.js ;;
esac
"""


def _fake_npm(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An npm that writes files without a network."""
    npm = folder / "npm"
    npm.write_text(script)
    npm.chmod(npm.stat().st_mode | stat.S_IEXEC)
    monkeypatch.setattr("shutil.which", lambda _: str(npm))


@pytest.mark.skipif(sys.platform == "win32", reason="the npm of the test is a shell script")
def test_the_command_writes_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With an npm that brings nothing; test_chromium has the real one."""
    _fake_npm(tmp_path, NPM, monkeypatch)
    page = tmp_path / "page"
    done = CliRunner().invoke(main, ["page", "--out", str(page)])

    assert done.exit_code == 0, done.output
    assert done.stderr == "Building the page, which takes up to a minute ...\n"
    assert [path.name for path in tmp_path.iterdir() if path.name != "npm"] == ["page"]
    assert "0.00 MB  pyodide/python_stdlib.zip\n" in done.output
    assert done.output.endswith(f"to see it: python3 -m http.server -d {page}\n")
    assert (page / "index.html").read_bytes() == (WEB / "index.html").read_bytes()
    assert (page / "worker.js").read_text() == (
        'export const SIZES = {"python": 26, "wasm": 17, "library": 12};\n'
    )
    assert "one\n\nterms\n" in (page / "licenses.txt").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="the npm of the test is a shell script")
def test_the_message_of_npm_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_npm(tmp_path, "#!/bin/sh\necho 'no network' >&2\nexit 1\n", monkeypatch)
    with pytest.raises(QueryError, match="because npm failed: no network"):
        build_page(tmp_path / "page")


@pytest.mark.skipif(sys.platform == "win32", reason="the npm of the test is a shell script")
def test_a_folder_that_is_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _fake_npm(tmp_path, NPM, monkeypatch)
    (tmp_path / "page").write_text("")
    done = CliRunner().invoke(main, ["page", "--out", str(tmp_path / "page")])

    assert done.exit_code == 1
    assert "cannot be written" in done.output


def test_the_sources_are_shipped() -> None:
    names = {path.name for path in WEB.iterdir()}
    assert {"index.html", "worker.js", "package-lock.json", "style.css"} <= names


def test_the_policy_is_that_of_the_how_to() -> None:
    """In the header, and in the page itself."""
    how_to = Path(__file__).parent.parent.parent / "docs/how-to/page.md"

    assert f"\nContent-Security-Policy: {POLICY}\n" in how_to.read_text("utf-8")
    page = (WEB / "index.html").read_text("utf-8")
    assert f'"Content-Security-Policy" content="{POLICY}"' in page


@pytest.mark.skipif(sys.platform == "win32", reason="the npm of the test is a shell script")
def test_no_half_folder_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fake_npm(tmp_path, NPM, monkeypatch)
    copytree: Any = shutil.copytree

    def interrupted(source: str, target: str, *args: Any, **options: Any) -> Any:
        if Path(target).is_relative_to(tmp_path):
            Path(target).mkdir()
            raise KeyboardInterrupt
        return copytree(source, target, *args, **options)

    monkeypatch.setattr("shutil.copytree", interrupted)
    with pytest.raises(KeyboardInterrupt):
        build_page(tmp_path / "page")

    assert [path.name for path in tmp_path.iterdir()] == ["npm"]
