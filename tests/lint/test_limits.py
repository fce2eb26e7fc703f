"""Reports stay in proportion to the payload: long paths are cut, and many diagnostics counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from leadquery import check, from_payload
from leadquery.cli import main
from leadquery.cli.check_formats import MAX_RESULTS
from leadquery.errors import PayloadError, QueryError


def quoted(count: int, key: str = "Output") -> str:
    """A text with that many values in single quotes under a key."""
    return '{"' + key + '": [' + ", ".join(["'a'"] * count) + "]}"


def run(*args: str) -> Any:
    return CliRunner().invoke(main, ["check", *args])


def test_a_report_shows_the_first_diagnostics_and_counts_the_others() -> None:
    report, everything = check(quoted(1_500)), check(quoted(1_500), max_diagnostics=None)

    assert len(report) == 1_000
    assert report.all_diagnostics == everything.diagnostics
    assert report.diagnostics + report.omitted == everything.diagnostics
    assert everything.omitted == ()
    assert str(report).splitlines()[-1].endswith(f"; {len(everything) - 1_000} not shown")
    assert "not shown" not in str(everything)
    assert report.fixed() == everything.fixed()


def test_errors_that_are_not_shown_are_errors() -> None:
    text = '{"output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 0}}'
    report = check(text, max_diagnostics=1)

    assert [one.severity for one in report] == ["warning"]
    assert not report.ok
    assert not check(text, max_diagnostics=0).ok


def test_from_payload_raises_a_report_of_the_same_length() -> None:
    with pytest.raises(PayloadError) as refused:
        from_payload(quoted(1_500))

    assert len(refused.value.report) == 1_000


@pytest.mark.parametrize("limit", [-1, True, 1.5, "10"])
def test_a_limit_is_a_number(limit: Any) -> None:
    with pytest.raises(QueryError, match="max_diagnostics: expected a number from 0 on"):
        check({}, max_diagnostics=limit)


@pytest.mark.parametrize(
    "text",
    [
        quoted(100, "k" * 10_000),
        "[" * 500 + ", ".join(["'a'"] * 100) + "]" * 500,
        json.dumps({"Output": {"k" * 10_000: 1}}),
    ],
)
def test_long_paths_are_cut(text: str) -> None:
    for one in check(text):
        assert len(one.path) < 1_000
        assert len(one.pointer) < 1_000


def test_a_short_path_is_not_cut() -> None:
    key = "k" * 128
    [diagnostic] = [one for one in check({"Output": {key: 1}}) if one.code == "LQ201"]

    assert diagnostic.path == f"$.Output.{key}"


def test_every_format_counts_what_it_does_not_show(tmp_path: Path) -> None:
    file = tmp_path / "many.json"
    file.write_text(quoted(50), "utf-8")
    found = len(check(quoted(50)))
    limit = ("--max-diagnostics", "10", str(file))

    assert run(*limit).output.rstrip().endswith(f"; {found - 10} not shown")
    report = json.loads(run("--format", "json", *limit).output)
    assert report["omitted"] == report["files"][0]["omitted"] == found - 10
    assert len(report["files"][0]["diagnostics"]) == 10
    *annotations, last = run("--format", "github", *limit).output.splitlines()
    assert len(annotations) == 10
    assert last.startswith("::notice ")
    assert last.endswith(f"::{found - 10} more problems are not shown")
    [sarif] = json.loads(run("--format", "sarif", *limit).output)["runs"]
    [notification] = sarif["invocations"][0]["toolExecutionNotifications"]
    assert len(sarif["results"]) == 10
    assert notification["message"]["text"] == f"{found - 10} more problems are not shown"
    assert sarif["invocations"][0]["executionSuccessful"]


def test_one_diagnostic_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "one.json"
    file.write_text("{'Output': 1}", "utf-8")
    found = len(check(file.read_text("utf-8")))
    result = run("--format", "github", "--max-diagnostics", str(found - 1), str(file))

    assert result.output.splitlines()[-1].endswith("::1 more problem is not shown")


def test_sarif_keeps_to_the_limit_of_an_upload(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(quoted(15_000), "utf-8")
    found = 2 * len(check(quoted(15_000), max_diagnostics=None))
    [sarif] = json.loads(run("--format", "sarif", str(tmp_path)).output)["runs"]
    [notification] = sarif["invocations"][0]["toolExecutionNotifications"]

    assert len(sarif["results"]) == MAX_RESULTS
    assert notification["message"]["text"].startswith(str(found - MAX_RESULTS))


def test_fixes_are_applied_beyond_the_limit(tmp_path: Path) -> None:
    file = tmp_path / "many.json"
    file.write_text(quoted(50), "utf-8")
    run("--fix", "--max-diagnostics", "1", str(file))

    assert "'" not in file.read_text("utf-8")
