"""`leadquery check --fix`: what it writes."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from leadquery import check
from leadquery.cli.files import write as written
from tests.cli.payloads import BACKWARDS, CLEAN, PAGING, SUSPICIOUS, WRONG
from tests.cli.shell import Write, leadquery


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "end", "end end"])
def test_line_ends_stay(end: str, last: str, here: Path) -> None:
    """Of every kind, also if the last one is missing."""
    lines = ["{", '\t"output":  {"Type": "List " ,"IncludeCSV": "Phone"},', f"  {PAGING} }}"]
    fixed = [lines[0], '\t"Output":  {"Type": "list" ,"IncludeCSV": "Phone"},', lines[2]]
    close = last.replace("end", end)
    file = here / "report.json"
    file.write_bytes((end.join(lines) + close).encode())

    result = leadquery("check", "--fix", "report.json")

    assert result.exit_code == 0
    assert file.read_bytes() == (end.join(fixed) + close).encode()


def test_a_byte_order_mark_is_removed(here: Path) -> None:
    """It has a safe fix."""
    file = here / "report.json"
    file.write_bytes(b"\xef\xbb\xbf" + CLEAN.encode())

    result = leadquery("check", "--fix", "report.json")

    assert file.read_bytes() == CLEAN.encode()
    assert result.output.splitlines()[0] == "report.json:1:1: LQ108 fixed  $"


def test_what_was_fixed_and_what_is_left(write: Write) -> None:
    """Fixed ones with their old place, the others with their new one."""
    file = write("report.json", SUSPICIOUS.replace('"PageIndex": 1', '"PageIndex": 0'))

    lines = leadquery("check", "--fix", "report.json").output.splitlines()

    assert file.read_text("utf-8") == WRONG
    assert lines[:3] == [
        "report.json:1:2: LQ202 fixed  $.output",
        "    'output' differs from 'Output' only in letter case; write 'Output'",
        "report.json:1:77: LQ309 error  $.Paging.PageIndex",
    ]
    assert lines[-1] == "1 fixed; 1 error left: 1 by hand (line 1)"


def test_unsafe_fixes_need_an_option(write: Write) -> None:
    """It applies the safe ones too."""
    both = BACKWARDS.replace("Output", "output")
    safe, likely = write("safe.json", both), write("likely.json", both)

    leadquery("check", "--fix", "safe.json")
    result = leadquery("check", "--unsafe-fixes", "likely.json")

    assert safe.read_text("utf-8") == BACKWARDS
    assert likely.read_text("utf-8") == check(BACKWARDS).fixed(unsafe=True)
    assert result.output.splitlines()[-1] == "2 fixed; no problems left"


def test_a_file_without_a_fix_is_not_written(write: Write) -> None:
    file = write("report.json", WRONG)
    before = file.stat()

    leadquery("check", "--unsafe-fixes", "report.json")

    after = file.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_a_file_is_replaced_atomically(write: Write) -> None:
    """Open files and hard links keep the old content; no temporary file is left."""
    file = write("report.json", SUSPICIOUS)
    os.link(file, "other.txt")
    with file.open("rb") as opened:
        leadquery("check", "--fix", "report.json")

        assert opened.read() == SUSPICIOUS.encode()
    assert Path("other.txt").read_text("utf-8") == SUSPICIOUS
    assert file.read_text("utf-8") == CLEAN
    assert sorted(map(str, Path().iterdir())) == ["other.txt", "report.json"]


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_a_file_keeps_its_mode(mode: int, write: Write) -> None:
    if sys.platform == "win32":
        pytest.skip("no such modes there")
    file = write("report.json", SUSPICIOUS)
    file.chmod(mode)

    leadquery("check", "--fix", "report.json")

    assert stat.S_IMODE(file.stat().st_mode) == mode
    assert file.read_text("utf-8") == CLEAN


def test_a_link_stays_a_link(here: Path, write: Write) -> None:
    """Its target is fixed."""
    (here / "real").mkdir()
    file = write("real/report.json", SUSPICIOUS)
    link = here / "link.json"
    link.symlink_to(Path("real", "report.json"))

    leadquery("check", "--fix", "link.json")

    assert link.is_symlink()
    assert file.read_text("utf-8") == CLEAN


def test_a_full_disk_leaves_the_old_file(write: Write) -> None:
    """The error is reported, the code is 2, and no temporary file is left."""
    resource = pytest.importorskip("resource")
    file = write("report.json", SUSPICIOUS)
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
    assert file.read_text("utf-8") == SUSPICIOUS
    assert list(Path().iterdir()) == [Path("report.json")]


def test_only_regular_files_are_replaced() -> None:
    """Pipes and devices are rejected."""
    if sys.platform == "win32":
        pytest.skip("no such devices there")
    reader, writer = os.pipe()
    os.write(writer, SUSPICIOUS.encode())
    os.close(writer)

    result = leadquery("check", "--fix", f"/dev/fd/{reader}")

    os.close(reader)
    assert result.exit_code == 2
    assert result.stderr.endswith(" cannot be written: it is not a regular file\n")
    with pytest.raises(OSError, match="it is not a regular file"):
        written(os.devnull, b"")


@pytest.mark.parametrize(
    ("content", "summary"),
    [
        (SUSPICIOUS, "1 fixed; no problems left"),
        ("\r\n" + SUSPICIOUS + "\r\n", "1 fixed; no problems left"),
        (CLEAN, "no problems found"),
        (WRONG, "0 fixed; 1 error left: 1 by hand (line 1)"),
        ("", "0 fixed; 1 error left: 1 by hand (line 1)"),
    ],
)
def test_stdin_is_a_filter(content: str, summary: str) -> None:
    """The fixed text goes to stdout, the report to stderr."""
    result = leadquery("check", "--fix", "-", stdin=content)

    assert result.stdout_bytes == content.replace("output", "Output").encode()
    assert result.stderr.splitlines()[-1] == summary


def test_a_diff_writes_nothing(write: Write) -> None:
    """The diff goes to stdout, the report to stderr."""
    file = write("report.json", SUSPICIOUS + "\n")

    result = leadquery("check", "--fix", "--diff", "report.json")

    assert file.read_text("utf-8") == SUSPICIOUS + "\n"
    assert result.stdout.splitlines() == [
        "--- report.json",
        "+++ report.json",
        "@@ -1 +1 @@",
        f"-{SUSPICIOUS}",
        f"+{CLEAN}",
    ]
    assert result.stderr.splitlines()[-1] == "1 warning; 1 can be fixed with --fix"


@pytest.mark.parametrize(
    ("options", "changed"), [([], False), (["--fix"], False), (["--unsafe-fixes"], True)]
)
def test_a_diff_shows_the_selected_fixes(options: list[str], changed: bool, write: Write) -> None:
    """The safe ones, or all."""
    write("report.json", BACKWARDS)

    assert bool(leadquery("check", "--diff", "report.json", *options).stdout) is changed


BY_HAND = '{"Output": {"Type": "list"}, ' + PAGING + "}"

TWO = "2 by hand (1.json:1, 2.json:2)"

FIRST = "0.json:1, 1.json:1, 2.json:1, 3.json:1, 4.json:1"

LIKELY = '{"Output": {"Type": "lst", "IncludeCSV": "Phone"}, ' + PAGING + "}"


@pytest.mark.parametrize(
    ("contents", "summary"),
    [
        ([BY_HAND], "0 fixed; 1 error left: 1 by hand (line 1)"),
        ([LIKELY], "0 fixed; 1 error left: 1 with --unsafe-fixes"),
        (
            [LIKELY.replace('"Output": {', '"output": {\n"IncludeCsv": "Phone",')],
            "1 fixed; 2 errors left: 1 with --unsafe-fixes, 1 by hand (line 2)",
        ),
        (
            [LIKELY, BY_HAND, f"\n{BY_HAND}"],
            f"0 fixed; 3 errors left in 3 of 3 files: 1 with --unsafe-fixes, {TWO}",
        ),
        (
            [BY_HAND] * 7,
            f"0 fixed; 7 errors left in 7 of 7 files: 7 by hand ({FIRST} and 2 more)",
        ),
        ([CLEAN], "no problems found"),
    ],
)
def test_the_summary_says_how_to_go_on(
    here: Path, contents: list[str], summary: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    names = [f"{number}.json" for number in range(len(contents))]
    for name, content in zip(names, contents, strict=True):
        (here / name).write_text(content, "utf-8")

    result = leadquery("check", "--fix", *names)

    assert result.output.splitlines()[-1] == summary
