"""Files are replaced as a whole, and nobody else's file is touched."""

from __future__ import annotations

import errno
import os
import stat
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from leadquery import Result
from leadquery._util import atomic_write as module
from leadquery._util.atomic_write import atomic_write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="modes and links of Unix")


def write(path: Path, content: bytes = b"new", scratch: Path | None = None) -> None:
    with atomic_write(path, scratch) as output:
        output.write(content)


def test_nobody_else_reads_the_new_content_of_a_private_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    for mode in (0o600, 0o640, 0o444, 0o755):
        file.write_text("old")
        file.chmod(mode)
        with atomic_write(file) as output:
            [scratch] = {*tmp_path.iterdir()} - {file}
            assert stat.S_IMODE(scratch.stat().st_mode) == 0o600
            assert scratch.name.startswith(".leadquery-")
            output.write(b"new")

        assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", mode)
        assert [*tmp_path.iterdir()] == [file]
        file.chmod(0o600)


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(tmp_path / "a")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640


def test_a_file_keeps_its_owner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or its content, if it cannot."""
    file = tmp_path / "a"
    file.write_text("old")
    now = os.fstat
    calls: list[tuple[int, int]] = []

    def fstat(descriptor: int) -> Any:
        values = [*now(descriptor)]
        values[4] += 1
        return os.stat_result(values)

    def fchown(_: int, user: int, group: int) -> None:
        calls.append((user, group))
        if len(calls) > 1:
            raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "fstat", fstat)
    monkeypatch.setattr(os, "fchown", fchown)

    write(file)
    with pytest.raises(PermissionError, match="its owner cannot be kept; delete it, or write an"):
        write(file, b"newer")

    assert calls == [(file.stat().st_uid, file.stat().st_gid)] * 2
    assert [*tmp_path.iterdir()] == [file]
    assert file.read_text() == "new"


def test_links_within_the_folder_are_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("b", "in/b", "none"):
        target, link = tmp_path / name, tmp_path / f"link-{Path(name).name}"
        link.unlink(missing_ok=True)
        link.symlink_to(target)

        write(link, name.encode())

        assert link.is_symlink()
        assert target.read_text() == name


def test_links_to_other_folders_are_refused(tmp_path: Path) -> None:
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.mkdir()
    other.mkdir()
    (other / "a").write_text("precious")
    for target in (other / "a", other / "none"):
        link = mine / "link"
        link.unlink(missing_ok=True)
        link.symlink_to(target)

        with pytest.raises(OSError, match=f"is a link to '{target}' in another folder; name that"):
            write(link)

    assert (other / "a").read_text() == "precious"
    assert [path.name for path in other.iterdir()] == ["a"]


def test_a_name_with_a_null_character_is_an_error() -> None:
    with pytest.raises(OSError, match="its name has a null character"):
        Result(({"A": 1},), 1).to_csv("a\0.csv")


def test_a_linked_folder_is_a_folder(tmp_path: Path) -> None:
    """Only the last part of a path is a file to choose."""
    (tmp_path / "real").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "real")

    write(tmp_path / "linked" / "a")

    assert (tmp_path / "real" / "a").read_text() == "new"


@pytest.mark.parametrize("existing", [True, False])
def test_a_full_disk_says_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, existing: bool
) -> None:
    file = tmp_path / "a"
    if existing:
        file.write_text("old")

    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    kept = "the file keeps its old content" if existing else "no file is written"
    with pytest.raises(OSError, match=f"No space left on device; {kept}"):
        write(file)

    assert [*tmp_path.iterdir()] == [file] * existing
    assert not existing or file.read_text() == "old"


def test_other_errors_stay_as_they_are(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"^boom$"), atomic_write(tmp_path / "a"):
        raise OSError("boom")

    assert [*tmp_path.iterdir()] == []


def test_a_missing_folder_is_an_error_with_the_name_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "none" / "file"
    with pytest.raises(FileNotFoundError) as caught:
        write(path)

    assert caught.value.filename == str(path)
    assert caught.value.strerror == f"its folder {str(path.parent)!r} does not exist; make it first"


def test_a_named_scratch_file_of_an_earlier_run_is_replaced(tmp_path: Path) -> None:
    """If it is a link, what it points to stays."""
    victim, scratch = tmp_path / "victim", tmp_path / "scratch"
    victim.write_text("precious")
    scratch.symlink_to(victim)

    write(tmp_path / "a", scratch=scratch)

    assert (victim.read_text(), (tmp_path / "a").read_text()) == ("precious", "new")
    assert not scratch.is_symlink()


def test_the_folder_is_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before that, a power cut may bring the old file back."""
    synced: list[Path] = []
    monkeypatch.setattr(module, "_sync_folder", synced.append)

    write(tmp_path / "a")

    assert synced == [tmp_path]


def test_what_a_process_has_open_is_written_to() -> None:
    """Also if it is a file: /dev/stdout is one behind `> file`."""
    result = Result(({"A": 1},), 1)
    reader, writer = os.pipe()
    result.to_csv(f"/dev/fd/{writer}")
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        assert pipe.read() == b"A\r\n1\r\n"


def test_a_file_behind_dev_fd_is_appended_to(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        log.write(b"before\n")
        log.flush()
        Result(({"A": 1},), 1).to_csv(f"/dev/fd/{log.fileno()}")

    assert (tmp_path / "log").read_bytes() == b"before\nA\r\n1\r\n"
    content = BytesIO()
    Result(({"A": 1},), 1).to_csv(content)
    assert content.getvalue() == b"A\r\n1\r\n"
