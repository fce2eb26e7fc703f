"""`leadquery check --fix`: what it writes, and what it leaves alone."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from leadquery import check
from leadquery.cli.files import write as written
from tests.cli.payloads import BACKWARDS, CLEAN, PAGING, SLIP, WRONG
from tests.cli.shell import Write, leadquery


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end", "end end"])
def test_line_ends_stay(end: str, last: str, here: Path) -> None:
    """Of every kind, also where the last one is missing."""
    lines = ["{", '\t"output":  {"Type": "List " ,"IncludeCSV": "Phone"},', f"  {PAGING} }}"]
    mended = [lines[0], '\t"Output":  {"Type": "list" ,"IncludeCSV": "Phone"},', lines[2]]
    close = last.replace("end", end)
    file = here / "report.json"
    file.write_bytes((end.join(lines) + close).encode())

    result = leadquery("check", "--fix", "report.json")

    assert result.exit_code == 0
    assert file.read_bytes() == (end.join(mended) + close).encode()


def test_a_byte_order_mark_goes(here: Path) -> None:
    """It is a mistake with a safe fix."""
    file = here / "report.json"
    file.write_bytes(b"\xef\xbb\xbf" + CLEAN.encode())

    result = leadquery("check", "--fix", "report.json")

    assert file.read_bytes() == CLEAN.encode()
    assert result.output.splitlines()[0] == "report.json:1:1: LQ108 fixed  $"


def test_what_was_fixed_and_what_is_left(write: Write) -> None:
    """Each by its place: of the fixed ones as they were, of the others as they are."""
    file = write("report.json", SLIP.replace('"list"', '"tree"'))

    lines = leadquery("check", "--fix", "report.json").output.splitlines()

    assert file.read_text("utf-8") == WRONG
    assert lines[:3] == [
        "report.json:1:2: LQ202 fixed  $.output",
        "    'output' differs from 'Output' only in letter case; write 'Output'",
        "report.json:1:21: LQ301 error  $.Output.Type",
    ]
    assert lines[-1] == "1 fixed; 1 error left"


def test_safe_fixes_leave_likely_ones(write: Write) -> None:
    """Those are applied by an option of their own, and the safe ones with them."""
    both = BACKWARDS.replace("Output", "output")
    safe, likely = write("safe.json", both), write("likely.json", both)

    leadquery("check", "--fix", "safe.json")
    result = leadquery("check", "--unsafe-fixes", "likely.json")

    assert safe.read_text("utf-8") == BACKWARDS
    assert likely.read_text("utf-8") == check(BACKWARDS).fixed(unsafe=True)
    assert result.output.splitlines()[-1] == "2 fixed; no problems left"


def test_a_file_without_a_fix_is_not_written(write: Write) -> None:
    """Not even with the same bytes."""
    file = write("report.json", WRONG)
    before = file.stat()

    leadquery("check", "--unsafe-fixes", "report.json")

    after = file.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_is_replaced_at_one_stroke(write: Write) -> None:
    """Who has it open, or another name of it, still has the old one whole; nothing lies beside."""
    file = write("report.json", SLIP)
    os.link(file, "other.txt")
    with file.open("rb") as opened:
        leadquery("check", "--fix", "report.json")

        assert opened.read() == SLIP.encode()
    assert Path("other.txt").read_text("utf-8") == SLIP
    assert file.read_text("utf-8") == CLEAN
    assert sorted(map(str, Path().iterdir())) == ["other.txt", "report.json"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_a_file_keeps_its_mode(mode: int, write: Write) -> None:
    """Whoever could read it still can."""
    if sys.platform == "win32":
        pytest.skip("no such modes there")
    file = write("report.json", SLIP)
    file.chmod(mode)

    leadquery("check", "--fix", "report.json")

    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert file.read_text("utf-8") == CLEAN


def test_a_link_stays_a_link(here: Path, write: Write) -> None:
    """What it points to is mended."""
    (here / "real").mkdir()
    file = write("real/report.json", SLIP)
    link = here / "link.json"
    link.symlink_to(Path("real", "report.json"))

    leadquery("check", "--fix", "link.json")

    assert link.is_symlink()
    assert file.read_text("utf-8") == CLEAN


def test_a_full_disk_leaves_the_old_file(write: Write) -> None:
    """The failure is told, the code is 2, and nothing lies beside the file."""
    resource = pytest.importorskip("resource")
    file = write("report.json", SLIP)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, hard))
    try:
        result = leadquery("check", "--fix", "report.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "Error: 'report.json' cannot be written: File too large; the file keeps its old content\n"
    )
    assert file.read_text("utf-8") == SLIP
    assert list(Path().iterdir()) == [Path("report.json")]


def test_only_regular_files_are_replaced() -> None:
    """A pipe or a device is told to be none."""
    if sys.platform == "win32":
        pytest.skip("no such devices there")
    reader, writer = os.pipe()
    os.write(writer, SLIP.encode())
    os.close(writer)

    result = leadquery("check", "--fix", f"/dev/fd/{reader}")

    os.close(reader)
    assert result.exit_code == 2
    assert result.stderr.endswith(" cannot be written: it is not a regular file\n")
    with pytest.raises(OSError, match="it is not a regular file"):
        written(os.devnull, b"")


@pytest.mark.parametrize("content", [SLIP, CLEAN, WRONG, "", "\r\n" + SLIP + "\r\n"])
def test_stdin_is_a_filter(content: str) -> None:
    """Its text, mended or as it is, goes to stdout, and the report to stderr."""
    result = leadquery("check", "--fix", "-", stdin=content)

    assert result.stdout_bytes == content.replace("output", "Output").encode()
    assert result.stderr.splitlines()[-1].endswith(
        "1 fixed; no problems left" if "output" in content else check(content).summary()
    )


def test_a_diff_writes_nothing(write: Write) -> None:
    """It goes to stdout alone, so that another program can read it; the report goes to stderr."""
    file = write("report.json", SLIP + "\n")

    result = leadquery("check", "--fix", "--diff", "report.json")

    assert file.read_text("utf-8") == SLIP + "\n"
    assert result.stdout.splitlines() == [
        "--- report.json",
        "+++ report.json",
        "@@ -1 +1 @@",
        f"-{SLIP}",
        f"+{CLEAN}",
    ]
    assert result.stderr.splitlines()[-1] == "1 warning; 1 can be fixed with --fix"


@pytest.mark.parametrize(
    ("options", "changed"), [([], False), (["--fix"], False), (["--unsafe-fixes"], True)]
)
def test_a_diff_shows_the_fixes_asked_for(options: list[str], changed: bool, write: Write) -> None:
    """The safe ones, or all."""
    write("report.json", BACKWARDS)

    assert bool(leadquery("check", "--diff", "report.json", *options).stdout) is changed
