"""A law of files: the command line and the language server find and fix the same in one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leadquery.lsp.analysis import SUFFIX, analyze
from leadquery.lsp.document import Document
from leadquery.page import analysis as page
from leadquery.wire.endpoints import Endpoint
from leadquery.wire.model import ReportFilter
from leadquery.wire.schema import key_name
from tests.cli.shell import leadquery
from tests.request_files import WRITERS

NODES = ["", *(key_name(ReportFilter, name) for name in ("activities", "tasks"))]

MISTAKES = (
    '{"ReportFilter": {%s"LeadFilters": [{"LookUpName": "Score", "LookUpValue": "5",'
    ' "SqlOperator": "gte"}]}, "Output": {"type": "list", "IncludeCSV": "Phone"},'
    ' "Paging": {"PageIndex": 1, "PageSize": 100}}'
)


def report_of(file: Path) -> list[tuple[Any, ...]]:
    """The diagnostics of the command line: where each is, its code, its message and its fix."""
    result = leadquery("check", "--format", "json", str(file))
    return [
        (one["line"], one["column"], one["code"], one["message"], edits_of(one["fix"]))
        for each in json.loads(result.stdout)["files"]
        for one in each["diagnostics"]
    ]


def edits_of(fix: dict[str, Any] | None) -> Any:
    return [tuple(one.values()) for one in fix["edits"]] if fix else None


@pytest.mark.parametrize("kind", WRITERS)
def test_a_file_is_checked_and_fixed_in_one_way(kind: str, tmp_path: Path) -> None:
    """For each pair of the report of the URL and the one of the body."""
    found = set()
    for url in Endpoint:
        for node in NODES:
            body = MISTAKES % (node and f'"{node}": [{{"Id": 1}}], ')
            text = WRITERS[kind](body).replace(Endpoint.DISTRIBUTION.path, url.path)
            file = tmp_path / "requests.txt"
            file.write_text(text, "utf-8")
            document = Document(file.as_uri(), "plaintext", text)
            analysis = analyze(document)
            lines = document.lines
            reported = [
                (
                    *lines.position(one.start),
                    one.diagnostic.code,
                    one.diagnostic.message,
                    [
                        (*lines.position(edit.start), *lines.position(edit.end), edit.text)
                        for edit in analysis.fix(one)
                    ]
                    if one.diagnostic.fix
                    else None,
                )
                for one in analysis.found
            ]

            assert reported == report_of(file)
            found |= {one[2] for one in reported}
            leadquery("check", "--fix", str(file))
            fixed = text
            for start, end, new in analysis.fix_all():
                fixed = fixed[:start] + new + fixed[end:]
            assert fixed == file.read_text("utf-8") != text
    assert found == {"LQ202", "LQ304", "LQ411"}


CASES = sorted((Path(__file__).parent.parent / "cases" / "bad").glob("*.json"))


def test_a_payload_is_checked_and_fixed_in_one_way() -> None:
    """Also on the page."""
    for path in CASES:
        text = path.read_bytes().decode("utf-8", "replace")
        analysis = analyze(Document(f"file:///a{SUFFIX}", "json", text))
        assert analysis.file is not None
        is_other = page.detect_language(text) != page.PAYLOAD or not text.strip()
        if is_other or analysis.file.requests:
            # The page has nothing to say of an empty text, and of requests only where one is ours.
            continue
        [payload] = analysis.file.payloads
        found = [(one.line, one.column, one.width, one.code) for one in payload.report]
        on_page = page.analyze(text)["diagnostics"]
        keys = ("line", "column", "width", "code")

        assert found == [tuple(one[key] for key in keys) for one in on_page]
        assert analysis.file.fixed().content == page.fix(text)
