"""The pytest plugin: test runs that do not use it, and a suite that does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest

import leadquery

ROOT = Path(leadquery.__file__).parent.parent
SOURCE = Path(__file__).parents[2]
SUITE = Path(__file__).parent / "installed"
UNREACHED = ("NewConnectionError", "NameResolutionError", "ConnectTimeout", "ProxyError")
# The strategies are tested elsewhere, and in the slow run.
FEW = """
import hypothesis

hypothesis.settings.register_profile(
    "few",
    max_examples=10,
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("few")
"""
CONFTEST = """
import sys

def test_nothing():
    pass

def pytest_unconfigure(config):
    print("LOADED", *sorted(sys.modules))
"""


def run_pytest(folder: Path, python: str, *options: str, **variables: str) -> str:
    """The output of pytest in a folder, whose tests must pass."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST", "HYPOTHESIS", "COV", "LEADQUERY"))
    }
    done = subprocess.run(
        [python, "-m", "pytest", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env={**environment, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def run_with_plugins(folder: Path, *plugins: str, options: Sequence[str] = ()) -> str:
    """The output of pytest with some plugins and no others."""
    named = [option for plugin in plugins for option in ("-p", plugin)]
    return run_pytest(
        folder,
        sys.executable,
        *named,
        *options,
        PYTEST_DISABLE_PLUGIN_AUTOLOAD="1",
        PYTHONPATH=str(ROOT),
    )


def loaded(folder: Path, option: str = "-q", *plugins: str) -> set[str]:
    """The modules that a run loads, without any other plugin."""
    (folder / "conftest.py").write_text(CONFTEST, "utf-8")
    (folder / "test_it.py").write_text("def test_nothing():\n    pass\n", "utf-8")
    output = run_with_plugins(folder, *plugins, options=[option])
    [line] = [line for line in output.splitlines() if line.startswith("LOADED ")]
    return set(line.split()[1:])


@pytest.mark.parametrize("option", ["--collect-only", "-q", "--fixtures"])
def test_a_run_without_the_fixture_loads_only_the_plugin(tmp_path: Path, option: str) -> None:
    without = loaded(tmp_path, option)
    with_it = loaded(tmp_path, option, "pytest_leadquery")

    assert with_it - without == {"pytest_leadquery"}
    assert not {name for name in with_it if name.partition(".")[0] in ("leadquery", "requests")}


def test_the_fixture_loads_no_hypothesis(tmp_path: Path) -> None:
    code = "def test_it(leadsquared):\n    leadsquared.client()\n"
    loaded(tmp_path)
    (tmp_path / "test_it.py").write_text(code, "utf-8")
    output = run_with_plugins(tmp_path, "pytest_leadquery")
    modules = next(line for line in output.splitlines() if line.startswith("LOADED ")).split()

    assert "leadquery.testing.fake_account" in modules
    # httpx loads click and rich, if they are installed.
    assert not {"hypothesis", "waitress"} & set(modules)


def test_the_entry_point() -> None:
    """It has the name of its module, so pytest does not load it twice."""
    project = tomllib.loads((SOURCE / "pyproject.toml").read_text("utf-8"))

    assert project["project"]["entry-points"]["pytest11"] == {
        "pytest_leadquery": "pytest_leadquery"
    }
    assert project["tool"]["setuptools"]["py-modules"] == [
        "leadquery_main",
        "pytest_leadquery",
    ]


def test_a_suite_that_uses_it(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(SUITE, tmp_path / "suite"))
    (folder / "conftest.py").write_text(FEW, "utf-8")

    output = run_with_plugins(
        folder, "pytest_leadquery", "_hypothesis_pytestplugin", options=["-q"]
    )

    assert "10 passed" in output


@pytest.mark.slow
@pytest.mark.skipif(not (SOURCE / "leadquery").is_dir(), reason="there is nothing to build")
def test_a_suite_that_uses_the_installed_wheel(tmp_path: Path) -> None:
    """In a virtual environment that does not see this checkout."""
    folder = Path(shutil.copytree(SUITE, tmp_path / "suite"))
    source = Path(shutil.copytree(SOURCE, tmp_path / "source", ignore=_unneeded))
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    _run(*pip, "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(source))
    shutil.rmtree(source)
    [wheel] = tmp_path.glob("*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv"))
    binaries = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = str(binaries / ("python.exe" if os.name == "nt" else "python"))
    _run(*pip, "--python", python, "install", "-q", f"{wheel}[testing]")

    output = run_pytest(folder, python, "-q")
    where = subprocess.run(
        [
            python,
            "-c",
            "import leadquery, pytest_leadquery as p; print(leadquery.__file__, p.__file__)",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )

    assert "10 passed" in output
    assert where.stdout.count(str(tmp_path / "venv")) == 2


def _unneeded(folder: str, names: list[str]) -> list[str]:
    """Names that the wheel is not built from."""
    if Path(folder) != SOURCE:
        return [name for name in names if name == "__pycache__"]
    kept = ("leadquery", "pytest_leadquery.py", "pyproject.toml", "README.md", "LICENSE")
    return [name for name in names if name not in kept]


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and any(sign in done.stderr for sign in UNREACHED):
        pytest.skip(f"the index of pip cannot be reached: {done.stderr.splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
