"""A PostgreSQL server of its own, which runs while tests need it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

FOLDERS = ("/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt/postgresql")


def find_program(name: str) -> str | None:
    """The newest installed program of the server."""
    found = [
        path
        for folder in FOLDERS
        for path in Path(folder).parent.glob(f"{Path(folder).name}*/**/bin/{name}")
    ]
    return shutil.which(name) or (str(max(found)) if found else None)


def as_user(command: Sequence[str]) -> list[str]:
    """A command as another user than root, which the server refuses to run as."""
    if os.geteuid() != 0:
        return [*command]
    user = pwd.getpwnam("nobody")
    identity = [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    return ["setpriv", *identity, "--", *command]


@contextmanager
def running_server() -> Iterator[str]:
    """The connection string of a server on a socket in a new folder. Skips the test without one."""
    initdb, postgres = find_program("initdb"), find_program("pg_ctl")
    if initdb is None or postgres is None:
        pytest.skip("PostgreSQL is not installed")
    folder = Path(tempfile.mkdtemp(prefix="leadquery-postgres-"))
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(folder, user.pw_uid, user.pw_gid)
    data = folder / "data"

    def run(*command: str) -> None:
        # The server keeps what it is given open, so its output goes to a file.
        with (folder / "output").open("ab") as output:
            result = subprocess.run(
                as_user(command),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=folder,
                env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            )
        if result.returncode:
            pytest.fail(f"{command[0]}: {(folder / 'output').read_text('utf-8', 'replace')}")

    try:
        # As fast as it can be, because nothing is kept.
        run(initdb, "-D", str(data), "-U", "leads", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        run(postgres, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield f"host={folder} user=leads dbname=postgres"
        finally:
            run(postgres, "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
