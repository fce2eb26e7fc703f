"""The configuration of `leadquery check` in pyproject.toml and leadquery.toml."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import pytest

from leadquery.cli.config import PYPROJECT, Config, find_config
from tests.cli.payloads import CLEAN, SUSPICIOUS
from tests.cli.shell import Write, leadquery, process
from tests.cli.test_selection import BOTH

TABLE = "[tool.leadquery]\n"


def codes(*args: str, stdin: str | None = None) -> list[str]:
    """The codes that are reported."""
    result = leadquery("check", "--format", "json", *args, stdin=stdin)
    files = json.loads(result.stdout)["files"]
    return [one["code"] for file in files for one in file["diagnostics"]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('select = ["LQ2"]', ["LQ202"]),
        ('ignore = ["LQ202"]', ["LQ309"]),
        ('select = ["LQ3,LQ2"]\nignore = ["309"]', ["LQ202"]),
        ('per-file-ignores = {"*.json" = ["LQ3"]}', ["LQ202"]),
        ('per-file-ignores = {"report.json" = ["LQ3"]}', ["LQ202"]),
        ('per-file-ignores = {"reports/*" = ["LQ3"]}', ["LQ202"]),
        ('per-file-ignores = {"reports/other.json" = ["LQ3"]}', ["LQ202", "LQ309"]),
        ("", ["LQ202", "LQ309"]),
    ],
)
def test_the_rules_of_a_project(line: str, expected: list[str], write: Write) -> None:
    write(PYPROJECT, f"{TABLE}{line}\n")
    Path("reports").mkdir()
    write("reports/report.json", BOTH)

    assert codes("reports/report.json") == codes("reports") == expected


def test_options_go_before_the_configuration(write: Write) -> None:
    """`--select` starts anew, `--ignore` adds; files that are ignored stay so."""
    write("leadquery.toml", 'ignore = ["LQ202"]\n[per-file-ignores]\n"other.json" = ["LQ"]\n')
    for name in ("report.json", "other.json"):
        write(name, BOTH)

    assert codes("report.json", "--select", "LQ2") == ["LQ202"]
    assert codes("report.json", "--ignore", "LQ3") == []
    assert codes("other.json", "--select", "LQ2") == []


def test_a_format_and_a_limit(write: Write) -> None:
    write(PYPROJECT, f'{TABLE}format = "concise"\nstrict = true\nmax-diagnostics = 0\n')
    write("report.json", SUSPICIOUS)
    result = leadquery("check", "report.json")

    assert (result.exit_code, result.output) == (
        1,
        "1 warning; 1 can be fixed with --fix; 1 not shown\n",
    )
    assert leadquery("check", "report.json", "--no-strict").exit_code == 0
    assert leadquery("check", "report.json", "--format", "text", "--max-diagnostics", "1").output


@pytest.mark.parametrize("output_format", ["gitlab", "junit", "rdjson"])
def test_what_is_not_shown_is_said_where_a_format_cannot(output_format: str, write: Write) -> None:
    write("report.json", SUSPICIOUS)
    result = leadquery("check", "--format", output_format, "--max-diagnostics", "0", "report.json")

    assert result.stderr == "1 more problem is not shown\n"


def test_the_nearest_configuration_of_each_file(write: Write) -> None:
    """A file without the table is passed over; in one folder, leadquery.toml comes first."""
    for folder in ("a/b", "c"):
        Path(folder).mkdir(parents=True)
    write(PYPROJECT, f'{TABLE}select = ["LQ2"]\n')
    write("a/pyproject.toml", f'{TABLE}select = ["LQ5"]\n')
    write("a/leadquery.toml", 'select = ["LQ3"]\n')
    write("a/b/pyproject.toml", '[tool.other]\nname = "leadquery"\n')
    write("c/pyproject.toml", '[tool.other]\nname = "x"\n')
    for folder in ("a/b", "c"):
        write(f"{folder}/report.json", BOTH)

    assert codes("a/b/report.json", "c/report.json") == ["LQ309", "LQ202"]
    assert codes("--isolated", "c/report.json") == ["LQ202", "LQ309"]
    assert codes("--config", "a/leadquery.toml", "c/report.json") == ["LQ309"]
    assert codes("--config", "a/pyproject.toml", "c/report.json") == []


def test_a_query_has_the_configuration_of_its_file(write: Write) -> None:
    Path("queries").mkdir()
    write("queries/leadquery.toml", 'ignore = ["ALL"]\n')
    source = "from leadquery import Leads\nfrom leadquery.fields import Score\n"
    write("queries/q.py", f"{source}low = Leads.where(Score > 50, Score < 20).select(Score)\n")
    copy = write("q.py", Path("queries/q.py").read_text("utf-8"))

    assert (codes("queries/q.py:low"), codes("queries/q.py")) == ([], [])
    assert codes(f"{copy.name}:low") == ["LQ502"]


def test_fields_are_beside_their_configuration(write: Write) -> None:
    Path("project").mkdir()
    write("project/leadquery.toml", 'fields = "fields.json"\n')
    write("project/fields.json", '["Score"]')
    write("others.json", '["Phone"]')
    write("project/report.json", CLEAN)

    assert codes("project/report.json") == ["LQ601"]
    assert codes("project/report.json", "--fields", "others.json") == []


def test_an_error_of_fields_names_their_configuration(write: Write) -> None:
    write("leadquery.toml", 'fields = "none.json"\n')
    write("report.json", CLEAN)

    result = leadquery("check", "report.json")

    assert result.exit_code == 2
    file = str(Path("none.json").absolute())
    assert f"leadquery.toml: 'fields': {file!r} cannot be read" in result.output


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('selct = ["LQ2"]', 3, "there is no key 'selct'; did you mean 'select'?"),
        ("max_diagnostics = 3", 3, "there is no key 'max_diagnostics'; did you mean 'max-diag"),
        ("zzz = 3", 3, "there is no key 'zzz'; the keys are fields, select, ignore, "),
        ("fix = true", 3, "'fix' is an option only; write --fix"),
        ('select = "LQ2"', 3, "'select': 'LQ2' is not a list of codes; write [\"LQ3\", "),
        ("ignore = [\n1]", 3, "'ignore': [1] is not a list of codes"),
        ('ignore = [\n  "LQ2",\n  "LQ3044",\n]', 5, "'ignore': there is no rule 'LQ3044'; did "),
        ('format = "xml"', 3, "'format': there is no format 'xml'; write one of text, concise"),
        ("format = 1", 3, "'format': 1 is not text"),
        ("strict = 1", 3, "'strict': 1 is not true or false"),
        ("# strict\nstrict = 'no'", 4, "'strict': 'no' is not true or false"),
        ("max-diagnostics = -1", 3, "'max-diagnostics': -1 is less than 0"),
        ("max-diagnostics = true", 3, "'max-diagnostics': True is not a whole number"),
        ('fields = "f.py"', 3, "'fields': a Python file is run, so name it with --fields"),
        ("per-file-ignores = 1", 3, "'per-file-ignores': 1 is not a table; write "),
        (
            '[tool.leadquery.per-file-ignores]\n"a" = ["LQ2"]\n"b" = ["LQ7"]',
            5,
            "'per-file-ignores': 'b': there is no rule 'LQ7'",
        ),
        ("ignore = [", None, "is not TOML: "),
        ("ignore = ", 3, "is not TOML: "),
        ('"sel\\u0065cted" = 1', None, "there is no key 'selected'; did you mean 'select'?"),
    ],
)
def test_a_mistake_has_its_line(text: str, line: int | None, message: str, write: Write) -> None:
    write(PYPROJECT, f"# strict selct zzz ignore\n{TABLE}{text}\n")
    write("report.json", CLEAN)
    result = leadquery("check", "report.json")
    place = PYPROJECT if line is None else f"{PYPROJECT}:{line}"

    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Error: {place}: {message}" in result.stderr


def test_a_file_that_is_no_table_or_no_utf_8(write: Write) -> None:
    write(PYPROJECT, "[tool]\nleadquery = 1\n")
    write("report.json", CLEAN)
    assert (
        f"{PYPROJECT}:2: is not a table; write [tool.leadquery]"
        in leadquery("check", "report.json").stderr
    )
    Path(PYPROJECT).write_bytes(b"# leadquery \xff")
    assert f"{PYPROJECT}: is not UTF-8" in leadquery("check", "report.json").stderr
    write(PYPROJECT, "tool = 'leadquery'\n")
    assert leadquery("check", "report.json").exit_code == 0


def test_a_mistake_above_the_current_folder(
    write: Write, monkeypatch: pytest.MonkeyPatch, here: Path
) -> None:
    """The file has its whole path."""
    write("leadquery.toml", "x = 1\n")
    (here / "inner").mkdir()
    monkeypatch.chdir(here / "inner")

    assert f"Error: {here / 'leadquery.toml'}:1: " in leadquery("check", "-", stdin=CLEAN).stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--config", "none.toml"], "there is no configuration 'none.toml'; name a TOML file"),
        (["--config", PYPROJECT], "'pyproject.toml' has no table [tool.leadquery]"),
        (["--config", PYPROJECT, "--isolated"], "--config and --isolated exclude each other"),
        (["--stdin-filename", "a.json"], "--stdin-filename is a name for '-'; name that"),
    ],
)
def test_options_that_cannot_be(options: list[str], message: str, write: Write) -> None:
    write(PYPROJECT, "")
    write("report.json", CLEAN)
    result = leadquery("check", *options, "report.json")

    assert (result.exit_code, message in result.stderr) == (2, True)


def test_a_folder_that_is_gone(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stdin is checked without a configuration."""

    def refuse() -> str:
        raise FileNotFoundError

    assert here
    monkeypatch.setattr(os, "getcwd", refuse)

    assert leadquery("check", "-", stdin=CLEAN).output == "no problems found\n"


def test_no_configuration() -> None:
    assert find_config(Path.cwd().anchor) == Config()


FORMATS_WITH_NAMES = ["text", "concise", "json", "github", "gitlab", "junit", "rdjson", "sarif"]


@pytest.mark.parametrize("output_format", FORMATS_WITH_NAMES)
def test_stdin_has_a_name(output_format: str, write: Write) -> None:
    """In every format; the name also says which configuration is for it."""
    Path("reports").mkdir()
    write("reports/leadquery.toml", 'select = ["LQ202"]\n')
    options = ["--format", output_format, "--stdin-filename", "reports/new.json"]
    output = leadquery("check", *options, stdin=BOTH).stdout

    assert "reports/new.json" in output
    assert ("LQ202" in output, re.search('LQ309(?!")', output)) == (True, None)


def test_stdin_with_a_name_is_fixed_to_stdout(write: Write) -> None:
    write("report.json", CLEAN)
    fixed = leadquery("check", "--fix", "--stdin-filename", "report.json", "-", stdin=SUSPICIOUS)
    diff = leadquery("check", "--diff", "--stdin-filename", "report.json", stdin=SUSPICIOUS)

    assert (fixed.stdout, Path("report.json").read_text("utf-8")) == (CLEAN, CLEAN)
    assert fixed.stderr.startswith("report.json:1:2: LQ202 fixed")
    assert diff.stdout.startswith("--- report.json\n")


def test_a_name_of_requests_and_of_sql(write: Write) -> None:
    """It is a name only."""
    write("x", "")
    python = leadquery("check", "--stdin-filename", "a.sql", stdin="SELECT Score FROM leads")

    assert python.stderr.startswith("a.sql: it is SQL, not JSON")


@pytest.mark.skipif(sys.platform == "win32", reason="that is no name there")
def test_configurations_load_no_parser_if_there_are_none(write: Write) -> None:
    """TOML is read only where the word is."""
    write("report.json", SUSPICIOUS)
    write(PYPROJECT, "[tool.other]\n")
    ran = process("check", "report.json", PYTHONPROFILEIMPORTTIME="1")
    loaded = {line.rpartition("|")[2].strip() for line in ran.stderr.splitlines()}

    assert "leadquery.cli.config" in loaded
    assert not loaded & {"tomllib", "difflib", "leadquery.cli.ci_formats", "xml.etree.ElementTree"}
