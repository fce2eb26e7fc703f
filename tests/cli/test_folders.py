"""Which files a command finds under the given names."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from leadquery.cli.files import MAX_SIZE, FileError, discover
from tests.cli.payloads import CLEAN, SUSPICIOUS, WRONG
from tests.cli.shell import leadquery


def put(*names: str) -> None:
    """Write clean payloads, with their folders."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(CLEAN, "utf-8")


@pytest.mark.usefixtures("here")
def test_a_folder_stands_for_its_json_files() -> None:
    """At any depth, in order; hidden files and other types are skipped."""
    put("b.json", "a.JSON", "z/y/x.json", "c.txt", "json", ".d.json", ".git/e.json", "z/.f/g.json")

    assert list(discover(["."])) == ["a.JSON", "b.json", str(Path("z", "y", "x.json"))]


@pytest.mark.usefixtures("here")
def test_named_files_are_read() -> None:
    """Whatever their name, also in a named hidden folder."""
    put(".d.json", ".git/e.json", "c.txt")

    assert list(discover(["c.txt", ".d.json", ".git"])) == [
        "c.txt",
        ".d.json",
        str(Path(".git", "e.json")),
    ]


@pytest.mark.usefixtures("here")
def test_a_file_is_found_once() -> None:
    """Also under two names."""
    put("a/b.json")
    Path("link.json").symlink_to(Path("a", "b.json"))

    assert list(discover(["-", "a/b.json", "a", "./a/../a/b.json", "link.json", "-"])) == [
        "-",
        "a/b.json",
    ]


@pytest.mark.usefixtures("here")
def test_links_to_folders() -> None:
    """They are followed if they are named, but not inside a folder."""
    put("a/b.json")
    Path("a", "again").symlink_to(Path(".."), target_is_directory=True)

    assert list(discover(["."])) == [str(Path("a", "b.json"))]
    assert list(discover([str(Path("a", "again"))])) == [str(Path("a", "again", "a", "b.json"))]


def test_a_folder_that_cannot_be_read(here: Path) -> None:
    """It is reported, and the others are read."""
    if sys.platform == "win32":
        pytest.skip("paths are limited otherwise there")
    put("a/b.json", "z.json")
    os.chdir(here / "a")
    for _ in range(20):
        Path("d" * 250).mkdir()
        os.chdir("d" * 250)
    os.chdir(here)

    files = list(discover([str(here)]))

    assert files[:2] == [str(here / "z.json"), str(here / "a" / "b.json")]
    [lost] = files[2:]
    assert isinstance(lost, FileError)
    assert lost.reason == "cannot be read: File name too long"


@pytest.mark.usefixtures("here")
def test_a_folder_without_files() -> None:
    """It is reported with 2, because nothing was checked."""
    Path("empty").mkdir()

    result = leadquery("check", "empty")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "there is no *.json to check\n"


@pytest.mark.usefixtures("here")
def test_a_folder_and_a_file_are_checked_together() -> None:
    """With one count."""
    put("a/b.json", "a/c.json")
    Path("wrong.json").write_text(WRONG, "utf-8")

    result = leadquery("check", "a", "wrong.json")

    assert result.output.splitlines()[-1] == "1 error in 1 of 3 files"


def errors_of_folder(*options: str) -> list[str]:
    result = leadquery("check", *options, "a")
    assert result.exit_code == 2
    return result.stderr.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="it has neither pipes nor devices in folders")
@pytest.mark.usefixtures("here")
def test_pipes_and_devices_in_a_folder_are_not_read() -> None:
    """They might block, or never end."""
    put("a/b.json")
    os.mkfifo("a/pipe.json")
    Path("a", "zero.json").symlink_to("/dev/zero")

    assert errors_of_folder() == [
        "Error: 'a/pipe.json' cannot be read: it is not a regular file",
        "Error: 'a/zero.json' cannot be read: it is not a regular file",
    ]


@pytest.mark.parametrize("options", [(), ("--fix",), ("--diff",)])
@pytest.mark.usefixtures("here")
def test_links_out_of_a_folder_are_neither_read_nor_fixed(options: tuple[str, ...]) -> None:
    """The author of the folder may have no access to those files."""
    put("a/b.json")
    Path("secret").write_text(SUSPICIOUS, "utf-8")
    link = Path("a", "c.json")
    link.symlink_to(Path("..", "secret"))

    assert errors_of_folder(*options)[0] == (
        f"Error: {str(link)!r} is a link to a file outside 'a'; name the link to check it"
    )
    assert Path("secret").read_text("utf-8") == SUSPICIOUS
    assert list(discover([str(link)])) == [str(link)]


@pytest.mark.skipif(sys.platform == "win32", reason="it has neither devices nor such sockets")
@pytest.mark.usefixtures("here")
def test_sockets_and_loops_of_links_in_a_folder_are_reported() -> None:
    put("a/b.json")
    Path("a", "loop.json").symlink_to("loop.json")
    Path("a", "one.json").symlink_to("two.json")
    Path("a", "two.json").symlink_to("one.json")
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind("a/socket.json")

        assert errors_of_folder("--fix") == [
            *(
                f"Error: 'a/{name}.json' cannot be read: Too many levels of symbolic links"
                for name in ("loop", "one")
            ),
            "Error: 'a/socket.json' cannot be read: it is not a regular file",
            "Error: 'a/two.json' cannot be read: Too many levels of symbolic links",
        ]


@pytest.mark.usefixtures("here")
def test_links_to_folders_outside_are_reported() -> None:
    put("a/b.json", "outside/c.json")
    link = Path("a", "link")
    link.symlink_to(Path("..", "outside"), target_is_directory=True)

    assert errors_of_folder() == [
        f"Error: {str(link)!r} is a link to a folder outside 'a'; name the link to check it"
    ]
    assert list(discover([str(link)])) == [str(link / "c.json")]


@pytest.mark.usefixtures("here")
def test_very_large_files_in_a_folder_are_not_read() -> None:
    """They may be mostly holes, which take no room where they come from."""
    put("a/b.json")
    with Path("a", "c.json").open("wb") as large:
        large.truncate(MAX_SIZE + 1)

    assert errors_of_folder() == [
        f"Error: {str(Path('a', 'c.json'))!r} has 16,777,217 bytes; name the file to check it"
    ]


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="the superuser may read everything",
)
@pytest.mark.usefixtures("here")
def test_what_may_not_be_read_in_a_folder_is_reported() -> None:
    put("a/b.json", "a/c.json", "a/d/e.json")
    Path("a", "c.json").chmod(0)
    Path("a", "d").chmod(0)

    assert errors_of_folder() == [
        "Error: 'a/c.json' cannot be read: Permission denied",
        "Error: 'a/d' cannot be read: Permission denied",
    ]
    Path("a", "d").chmod(0o700)


@pytest.mark.usefixtures("here")
def test_links_within_a_folder_are_read() -> None:
    put("a/b/payload", "a/.hidden.json")
    for name, target in {"c.json": Path("b", "payload"), "d.json": Path(".hidden.json")}.items():
        Path("a", name).symlink_to(target)

    assert list(discover(["a"])) == [str(Path("a", "c.json")), str(Path("a", "d.json"))]


@pytest.mark.usefixtures("here")
def test_broken_links_in_a_folder_are_reported() -> None:
    put("a/b.json")
    Path("a", "c.json").symlink_to("none.json")

    assert errors_of_folder() == [
        f"Error: {str(Path('a', 'c.json'))!r} cannot be read: No such file or directory"
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="it deletes no folder in use")
def test_a_working_directory_that_was_deleted(here: Path) -> None:
    """The file is named, not the output."""
    (here / "a").mkdir()
    os.chdir(here / "a")
    (here / "a").rmdir()

    result = leadquery("check", "../b.json")
    os.chdir(here)

    assert result.stderr.startswith("Error: '../b.json' does not exist; ")
