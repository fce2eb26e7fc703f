"""The file of an unfinished export: damage, locks, and files that are not leadquery's."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from io import FileIO
from pathlib import Path
from threading import Event, Thread
from time import sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from leadquery import Client, Leads
from leadquery.client.export import lock as locking, part_file
from leadquery.client.progress import Progress
from leadquery.emulator import Emulator
from leadquery.errors import QueryError

LEADS = [{"ProspectID": f"{n:03}", "FirstName": f"ü{n}"} for n in range(60)]
EMULATOR = Emulator(LEADS)
QUERY = Leads.select("ProspectID", "FirstName").page(1, 10)
WHOLE = "".join(
    f'{{"ProspectID": "{lead["ProspectID"]}", "FirstName": "{lead["FirstName"]}"}}\n'
    for lead in LEADS
)

needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="files of Unix")


def client() -> Client:
    return Client("api.example.com", "k-access", "k-secret", EMULATOR.session())


def export(file: Path, **options: Any) -> str:
    """The rows of an export as JSON Lines."""
    client().export(QUERY, file, **{"progress": False, **options})
    return file.read_text("utf-8")


class StoppedError(Exception):
    """An export was stopped."""


def stop_after(rows: int) -> Callable[[Progress], None]:
    def stop(progress: Progress) -> None:
        if progress.rows >= rows:
            raise StoppedError

    return stop


@pytest.fixture(scope="module")
def part_of_40_rows(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The part file of an export that was stopped after 40 rows."""
    file = tmp_path_factory.mktemp("part") / "a.jsonl"
    with pytest.raises(StoppedError):
        export(file, progress=stop_after(40))
    return file.with_name("a.jsonl.part").read_bytes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_part_file_never_gives_wrong_rows(
    data: st.DataObject, part_of_40_rows: bytes, tmp_path: Path
) -> None:
    """Whatever is overwritten or cut off: the right rows, or an error that says where."""
    size = len(part_of_40_rows)
    start = data.draw(st.integers(len(part_file.MAGIC), size - 1))
    new = data.draw(st.binary(max_size=60) | st.just(bytes(50)))
    damaged = bytearray(part_of_40_rows)
    damaged[start : start + len(new)] = new
    if data.draw(st.booleans()):
        del damaged[data.draw(st.integers(start, len(damaged))) :]
    file = tmp_path / "a.jsonl"
    file.with_name("a.jsonl.part").write_bytes(damaged)

    message = ""
    try:
        rows = export(file)
    except QueryError as error:
        message = str(error)
        rows = export(file, resume=False)

    assert rows == WHOLE
    assert not message or "is damaged from row " in message
    file.unlink()


@pytest.mark.parametrize("size", [b"9" * 15, b"9" * 5_000, b"[" * 100_000, b"-"])
def test_a_damaged_size_takes_no_memory(
    size: bytes, part_of_40_rows: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "a.jsonl"
    damaged = part_of_40_rows.replace(b'"size": ', b'"size": ' + size, 1)
    file.with_name("a.jsonl.part").write_bytes(damaged)

    with suppress(QueryError):
        assert export(file) == WHOLE
    assert export(file, resume=False) == WHOLE


@pytest.mark.parametrize(("place", "row"), [(0.03, 1), (0.3, 1), (0.5, 11), (0.7, 21)])
def test_damage_is_named_with_its_row(
    place: float, row: int, part_of_40_rows: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "a.jsonl"
    part = file.with_name("a.jsonl.part")
    damaged = bytearray(part_of_40_rows)
    start = int(place * len(damaged))
    damaged[start : start + 5] = b"\0\0\0\0\0"
    part.write_bytes(damaged)

    with pytest.raises(QueryError) as caught:
        export(file)

    assert str(caught.value) == (
        f"{str(part)!r} is damaged from row {row} on; "
        "write resume=False (--no-resume) to start over"
    )
    assert part.read_bytes() == damaged


def test_a_last_page_that_was_not_written_to_its_end(
    part_of_40_rows: bytes, tmp_path: Path
) -> None:
    """A power cut does that: the page is fetched again, without a word."""
    file = tmp_path / "a.jsonl"
    part = file.with_name("a.jsonl.part")
    for cut in (1, 100, 400, 700):
        part.write_bytes(part_of_40_rows[:-cut])

        assert export(file, on_change="raise") == WHOLE
        file.unlink()


@pytest.mark.parametrize("lines", [0, 2])
def test_a_part_file_without_rows_is_used(
    lines: int, part_of_40_rows: bytes, tmp_path: Path
) -> None:
    """A kill may leave one."""
    content = b"".join(part_of_40_rows.splitlines(keepends=True)[:lines])
    (tmp_path / "a.jsonl.part").write_bytes(content)

    assert export(tmp_path / "a.jsonl") == WHOLE


def test_a_part_file_of_another_version(
    part_of_40_rows: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.jsonl"
    file.with_name("a.jsonl.part").write_bytes(part_of_40_rows)
    monkeypatch.setattr(part_file, "FORMAT_VERSION", part_file.FORMAT_VERSION + 1)

    with pytest.raises(QueryError, match="was written by another version of leadquery; continue"):
        export(file)
    assert export(file, resume=False) == WHOLE


@pytest.mark.parametrize("resume", [True, False])
@pytest.mark.parametrize(
    "name", ["a.jsonl.part", "a.jsonl.new", "a.jsonl.checkpoint", "a.jsonl.checkpoint.new"]
)
def test_files_beside_the_target_stay(name: str, resume: bool, tmp_path: Path) -> None:
    """A browser names its downloads so, for example."""
    file = tmp_path / name
    file.write_text("precious\n")

    if name.endswith(".part"):
        with pytest.raises(QueryError) as caught:
            export(tmp_path / "a.jsonl", resume=resume)
        assert str(caught.value) == (
            f"{str(file)!r} is not an unfinished export; "
            "move it, or export to a file of another name"
        )
    else:
        assert export(tmp_path / "a.jsonl", resume=resume) == WHOLE

    assert file.read_text() == "precious\n"


def _link(file: Path, victim: Path) -> None:
    file.symlink_to(victim)


def _hard_link(file: Path, victim: Path) -> None:
    os.link(victim, file)


def _pipe(file: Path, _: Path) -> None:
    os.mkfifo(file)


def _folder(file: Path, _: Path) -> None:
    file.mkdir()


@needs_unix
@pytest.mark.parametrize("make", [_link, _hard_link, _pipe, _folder])
@pytest.mark.parametrize("content", [b"precious\n", b"", part_file.MAGIC])
def test_a_part_file_is_a_plain_file(
    make: Callable[[Path, Path], None], content: bytes, tmp_path: Path
) -> None:
    """Links are not followed, and nothing is written to a pipe."""
    victim, part = tmp_path / "victim", tmp_path / "a.jsonl.part"
    victim.write_bytes(content)
    make(part, victim)
    before = part.lstat()

    for resume in (True, False):
        with pytest.raises(QueryError) as caught:
            export(tmp_path / "a.jsonl", resume=resume)

        assert str(caught.value) == (
            f"{str(part)!r} is no plain file; move it, or export to a file of another name"
        )
    assert victim.read_bytes() == content
    assert os.path.samestat(part.lstat(), before)


@needs_unix
def test_the_part_file_of_another_user(
    part_of_40_rows: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have made its rows up."""
    part = tmp_path / "a.jsonl.part"
    part.write_bytes(part_of_40_rows)
    monkeypatch.setattr(os, "geteuid", lambda: part.stat().st_uid + 1)

    with pytest.raises(QueryError, match=r"a.jsonl.part' belongs to another user; move it, or "):
        export(tmp_path / "a.jsonl")


@needs_unix
def test_a_part_file_is_private(tmp_path: Path) -> None:
    """Whoever may not read the target may not read its rows before."""

    def inspect_folder(_: Progress) -> None:
        assert stat.S_IMODE((tmp_path / "a.jsonl.part").stat().st_mode) == 0o600

    assert export(tmp_path / "a.jsonl", progress=inspect_folder) == WHOLE


@needs_unix
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    """`client.csv` writes to one."""
    pipe = tmp_path / "a.jsonl"
    os.mkfifo(pipe)

    with pytest.raises(QueryError) as caught:
        export(pipe)

    assert str(caught.value) == (
        f"{str(pipe)!r} cannot be replaced: it is not a regular file; "
        "write to it with client.csv(...)"
    )
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert [*tmp_path.iterdir()] == [pipe]


@needs_unix
def test_a_link_to_another_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "mine").mkdir()
    victim, link = tmp_path / "other" / "a.jsonl", tmp_path / "mine" / "a.jsonl"
    link.symlink_to(victim)

    with pytest.raises(QueryError) as caught:
        export(link)

    assert str(caught.value) == (
        f"{str(link)!r} cannot be replaced: it is a link to {str(victim)!r} in another folder; "
        "name that file"
    )
    assert not victim.exists()


class FullDisk(FileIO):
    """A file on a disk that is full after so many bytes."""

    free_space = 0

    def write(self, data: Any) -> int:
        rest = max(0, self.free_space - self.tell())
        if not rest and len(data):
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data[:rest])


@pytest.mark.parametrize("free_space", range(0, 4_000, 250))
def test_a_full_disk_says_what_is_kept(
    free_space: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same export continues when there is space."""
    file = tmp_path / "a.jsonl"
    with monkeypatch.context() as patch:
        patch.setattr(FullDisk, "free_space", free_space)
        patch.setattr(locking, "FileIO", FullDisk)
        with pytest.raises(OSError, match="No space left on device") as caught:
            export(file)
    notes = getattr(caught.value, "__notes__", [])
    rows = int(notes[0].split()[0]) if notes else 0

    assert file.with_name("a.jsonl.part").exists() is bool(rows)
    assert rows or free_space < 1_000
    done = client().export(QUERY, file, progress=False)
    assert (done.resumed, file.read_text("utf-8")) == (max(0, rows - 10), WHOLE)


@needs_unix
def test_the_lock_of_a_deleted_file_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A waits for the lock of B's file; B finishes, and C begins another of that name."""
    file = tmp_path / "a.jsonl"
    opened, deleted = Event(), Event()
    errors: list[str] = []
    lock = locking._lock

    def late_lock(handle: FileIO, path: Path) -> None:
        opened.set()
        assert deleted.wait(10)
        lock(handle, path)

    def start_late() -> None:
        try:
            export(file)
        except QueryError as error:
            errors.append(str(error))

    late = Thread(target=start_late)

    def open_meanwhile(_: Progress) -> None:
        if not late.is_alive():
            monkeypatch.setattr(locking, "_lock", late_lock)
            late.start()
            assert opened.wait(10)
            monkeypatch.setattr(locking, "_lock", lock)

    client().export(QUERY.page(1, 100), file, progress=open_meanwhile)

    def finish_late(_: Progress) -> None:
        deleted.set()
        late.join()

    assert export(file, progress=finish_late) == WHOLE
    assert errors == [f"another export is writing '{file}.part'; wait for it, or name another file"]


@needs_unix
def test_a_part_file_that_is_deleted_while_it_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another file takes its place."""
    lock = locking._lock
    deleted: list[Path] = []

    def lock_deleted(handle: FileIO, path: Path) -> None:
        if not deleted:
            path.unlink()
            deleted.append(path)
        lock(handle, path)

    monkeypatch.setattr(locking, "_lock", lock_deleted)

    assert export(tmp_path / "a.jsonl") == WHOLE
    assert [*tmp_path.iterdir()] == [tmp_path / "a.jsonl"]


def test_a_page_is_on_the_disk_before_the_next_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the disk is slow."""
    file = tmp_path / "a.jsonl"
    sizes: list[int] = []

    def slow_fsync(descriptor: int) -> None:
        sleep(0.02)
        if os.path.sameopenfile(descriptor, part.fileno()):
            sizes.append(os.fstat(descriptor).st_size)

    monkeypatch.setattr(os, "fsync", slow_fsync)
    with (tmp_path / "a.jsonl.part").open("ab") as part:
        assert export(file) == WHOLE

    # The line about the export, each of its six pages, and the end.
    assert len(set(sizes)) == len(sizes) == 8
