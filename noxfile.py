"""Build the package once, and test it on every Python.

`nox` runs every session with the installed interpreters, `nox -s wheel-3.13` one of them. `build`
writes to `dist/`, and the others test those files. `mutants` takes hours and
runs only by name, as do `sqlglot`, which tests the next version, `pictures` and
`compare`.
"""

from __future__ import annotations

import re
import shutil
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

import nox
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parent
DIST = HERE / "dist"
PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)

NEWER = ("mcp",)
"""Extras whose packages need newer versions of what others share; `lowest` tests without them."""

nox.options.default_venv_backend = "uv"
nox.options.stop_on_first_error = True


@nox.session
def build(session: nox.Session) -> None:
    """Build the wheel and the sdist, and check their contents."""
    session.install("build", "check-sdist", "check-wheel-contents", "twine", "validate-pyproject")
    session.run("validate-pyproject", "pyproject.toml")
    # Files of an earlier build would be shipped again.
    for old in (DIST, HERE / "build", HERE / "leadquery.egg-info"):
        shutil.rmtree(old, ignore_errors=True)
    session.run("check-sdist")
    session.run("python", "-m", "build", "--quiet", "--outdir", str(DIST))
    session.run("twine", "check", "--strict", *map(str, DIST.iterdir()))
    session.run("check-wheel-contents", str(DIST))


@nox.session(python=PYTHONS)
def wheel(session: nox.Session) -> None:
    """Run the tests from the sdist against the wheel."""
    session.install(f"{_one('*.whl')}[all]", "--group", "dev")
    _test(session)


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest dependencies that pyproject.toml allows."""
    wheel = _one("*.whl")
    oldest = Path(session.virtualenv.location).resolve() / "oldest.txt"
    compiled = ["uv", "pip", "compile", "--quiet", "--no-annotate", "--resolution=lowest-direct"]
    extras = [f"--extra={one}" for one in PYPROJECT["project"]["optional-dependencies"]]
    wanted = [one for one in extras if one.partition("=")[2] not in ("all", "spark", *NEWER)]
    session.run_install(
        *compiled, *wanted, "--group=dev", f"--output-file={oldest}", "pyproject.toml"
    )
    _hold_to_bounds(session, oldest)
    session.install("-r", str(oldest), str(wheel))
    _test(session)


@nox.session(python=PYTHONS[0])
def alone(session: nox.Session) -> None:
    """Run the command without extras, and resolve each extra."""
    wheel = _one("*.whl")
    session.install(str(wheel))
    for arguments in (["--version"], ["demo"], ["rules"]):
        session.run("leadquery", *arguments, silent=True)
    for extra in PYPROJECT["project"]["optional-dependencies"]:
        session.run("uv", "pip", "install", "--dry-run", f"{wheel}[{extra}]", external=True)


@nox.session(python=PYTHONS[-1], default=False)
def sqlglot(session: nox.Session) -> None:
    """Test SQL with the newest sqlglot, whatever pyproject.toml allows."""
    session.install("-e", ".[all]", "--group", "dev")
    session.install("--upgrade", "sqlglot")
    session.run("pytest", "-q", "tests/sql", "tests/cli/test_sql.py", *session.posargs)


@nox.session
def names(session: nox.Session) -> None:
    """Compare the public API with the last release.

    A removed name fails the session, except in a new series (0.2 after 0.1, or 2 after 1).
    """
    # A tagged commit is compared with the tag before it.
    before = ["git", "describe", "--tags", "--abbrev=0", "--match=v*", "HEAD^"]
    output = session.run(*before, external=True, silent=True, success_codes=[0, 128])
    tag = str(output).strip()
    if not tag.startswith("v"):
        session.skip("nothing is released yet")
    same_series = _series(tag[1:]) == _series(PYPROJECT["project"]["version"])
    session.install("griffe")
    session.run(
        "griffe",
        "check",
        "leadquery",
        "--against",
        tag,
        success_codes=[0] if same_series else [0, 1],
    )


@nox.session(python=PYTHONS[0], default=False)
def pictures(session: nox.Session) -> None:
    """Take pictures of the terminal, notebooks and pages with the system's Chromium.

    `nox -s pictures -- docs` takes those of one part.
    """
    session.install("-e", ".[all]", "--group", "docs")
    session.install("jupyterlab", "matplotlib", "nbconvert", "playwright")
    session.run("python", "-m", "docs.screenshots", *session.posargs)


@nox.session(python=PYTHONS[0], default=False)
def compare(session: nox.Session) -> None:
    """Run the tasks of docs/explanation/side-by-side.md, and show what they print otherwise."""
    session.install("-e", ".", "--group", "compare", "--group", "docs")
    session.run("python", "-m", "docs.compared")
    session.run("git", "diff", "--exit-code", "docs/compared/outputs.json", external=True)


@nox.session(default=False)
def mutants(session: nox.Session) -> None:
    """Run mutation tests with mutmut."""
    session.install("-e", ".[all]", "--group", "dev", "mutmut>=3.8")
    session.run("mutmut", "run", *session.posargs)
    session.run("mutmut", "results")


def _series(version: str) -> list[str]:
    """Return the part of a version within which the API must not break."""
    major, minor, *_ = version.split(".")
    return [major, minor] if major == "0" else [major]


def _one(pattern: str) -> Path:
    """Return the only file in dist/ that matches the pattern."""
    found = list(DIST.glob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"{DIST} holds {len(found)} {pattern}; run `nox -s build`")
    return found[0]


def _hold_to_bounds(session: nox.Session, oldest: Path) -> None:
    """Fail if another dependency requires a higher version than a lower bound."""
    found = dict(re.findall(r"^([\w.-]+)==(\S+)", oldest.read_text("utf-8"), re.MULTILINE))
    for text in _declared():
        one = Requirement(text)
        if one.marker and not one.marker.evaluate():
            continue
        bounds = {Version(bound.version) for bound in one.specifier if bound.operator == ">="}
        used = found.get(canonicalize_name(one.name))
        if used and Version(used) not in bounds:
            session.error(f"{text}: the oldest version that can be installed is {used}")


def _declared() -> list[str]:
    """Every requirement in pyproject.toml that `lowest` installs."""
    project = PYPROJECT["project"]
    extras = project["optional-dependencies"].values()
    groups = nox.project.dependency_groups(PYPROJECT, "dev")
    return [*project["dependencies"], *(line for extra in extras for line in extra), *groups]


def _test(session: nox.Session) -> None:
    """Unpack the sdist, take the package out of it, and run what is left on the installed one.

    Not in `session.create_tmp()`, which also becomes that of every test: the name of its parent
    begins with a dot, and pytest then takes the path to a conftest.py for a relative import.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        with tarfile.open(_one("*.tar.gz")) as packed:
            packed.extractall(folder, filter="data")
        [unpacked] = Path(folder).resolve().glob("leadquery-*")
        shutil.rmtree(unpacked / "leadquery")
        for module in PYPROJECT["tool"]["setuptools"]["py-modules"]:
            (unpacked / f"{module}.py").unlink()
        asked = session.posargs or ["tests", "--pyargs", "leadquery"]
        with session.chdir(unpacked):
            session.run("leadquery", "--version")
            session.run("pytest", "-q", "-n", "2", *asked)
