"""The reader of pages notices outputs that differ."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import pages
from tests.docs.reader import NOT_RUN, OutdatedPageError, Reader
from tests.docs.terminal import SKIPPED

RIGHT = """
`report.json`:

```json
{"Output": {"Type": "list", "IncludeCSV": ["Phone"]}, "Paging": {"PageIndex": 1, "PageSize": 9}}
```

```console
$ leadquery check --fix report.json
report.json:1:43: LQ204 fixed  $.Output.IncludeCSV
    expected text with names separated by commas, found a list; write 'Phone'
1 fixed; no problems left
$ leadquery describe report.json
List of Phone of all leads, page 1 of 9 rows each.
```

`report.json` now holds:

```json
{"Output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 1, "PageSize": 9}}
```

Names stay known from block to block.

```python
from leadquery import QueryError
```

```python
raise QueryError("the page shows this")
```

```text
leadquery.errors.QueryError: the page shows this
see docs/reference/errors.md#queryerror in the repository
```

```python
print(7)
```

```text
7
```
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A correct page, in a project of its own."""
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    written = tmp_path / "page.md"
    written.write_text(RIGHT, "utf-8")
    return written


def test_a_correct_page_runs_to_its_end(page: Path, tmp_path: Path) -> None:
    """One console block and three Python blocks."""
    assert Reader(page, tmp_path).follow() == 4


@pytest.mark.parametrize(
    ("line", "written", "instead"),
    [
        (8, "of all leads", "of leads"),
        (8, "LQ204 fixed", "LQ205 fixed"),
        (8, "$ leadquery describe report.json\n", "$ leadquery describe other.json\n"),
        (19, '"IncludeCSV": "Phone"}', '"IncludeCSV": "Mobile"}'),
        (29, "QueryError: the page shows", "QueryError: the page hides"),
        (29, "leadquery.errors.QueryError: ", "QueryError: "),
        (38, "```text\n7\n```", "It prints 7."),
        (38, "```text\n7", "```text\n8"),
        (48, "```text\n7\n```", "```text\n7\n```\n\nAnd then:\n\n```text\n8\n```"),
        (46, "```text\n7\n```", "```csv\n7\n```\n\n```text\n8\n```"),
        (4, "`report.json`:", "`../report.json`:"),
    ],
)
def test_a_wrong_page_raises_at_the_line_of_the_block(
    page: Path, tmp_path: Path, line: int, written: str, instead: str
) -> None:
    """For outputs, files, errors, and output blocks without code."""
    text = RIGHT.replace(written, instead, 1)
    assert text != RIGHT
    page.write_text(text, "utf-8")

    with pytest.raises(OutdatedPageError) as caught:
        Reader(page, tmp_path).follow()

    assert str(caught.value).startswith(f"page.md:{line}: ")


def test_update_rewrites_the_outputs(page: Path, tmp_path: Path) -> None:
    """Of commands, errors, files and print; a missing output block is added by hand."""
    outdated = RIGHT.replace("of all leads", "of leads").replace("```text\n7", "```text\n8")
    outdated = outdated.replace("names nobody", "names no one")
    page.write_text(outdated, "utf-8")

    Reader(page, tmp_path).update()

    assert page.read_text("utf-8") == RIGHT
    page.write_text(RIGHT.replace("```text\n7\n```", "It prints 7."), "utf-8")
    with pytest.raises(OutdatedPageError, match="by hand"):
        Reader(page, tmp_path).update()


def test_an_unexpected_exception_is_raised(page: Path, tmp_path: Path) -> None:
    """With a note that names the page; only errors of leadquery count as output."""
    page.write_text("```python\n1 / 0\n```\n", "utf-8")

    with pytest.raises(ZeroDivisionError) as caught:
        Reader(page, tmp_path).follow()

    assert caught.value.__notes__ == ["in page.md:1"]


@pytest.mark.parametrize("line", [*SKIPPED, "cd reports", "# a remark"])
def test_skipped_commands_are_not_run(page: Path, tmp_path: Path, line: str) -> None:
    """The table gives a reason for each."""
    page.write_text(f"```sh\n{line} no-such-thing\n```\n", "utf-8")

    assert Reader(page, tmp_path).follow() == 0


@pytest.mark.parametrize(
    ("text", "ran"),
    [
        ("# asked.py\nprint(7)\n", 0),
        (f"{NOT_RUN}no such package\nimport no_such_package\n", 0),
        ("import os\nassert os.environ['LEADQUERY_HOST'] == 'a.example'\n", 1),
    ],
)
def test_the_first_line_of_a_python_block_decides(
    page: Path, tmp_path: Path, text: str, ran: int
) -> None:
    """Whether it is a file, or not run. Code that runs sees exported variables."""
    shell = "```sh\nexport LEADQUERY_HOST=a.example A=b\n```\n\n"
    page.write_text(f"{shell}```python\n{text}```\n", "utf-8")

    assert Reader(page, tmp_path).follow() == 1 + ran
    assert (tmp_path / "asked.py").exists() is ("asked" in text)


def test_a_block_that_is_not_run_is_compiled(page: Path, tmp_path: Path) -> None:
    page.write_text(f"```python\n{NOT_RUN}no package\n1 +\n```\n", "utf-8")

    with pytest.raises(SyntaxError):
        Reader(page, tmp_path).follow()


def test_a_failing_command_raises(page: Path, tmp_path: Path) -> None:
    """Even if the page shows no output."""
    page.write_text("```sh\nleadquery describe no-such-file\n```\n", "utf-8")

    with pytest.raises(OutdatedPageError) as caught:
        Reader(page, tmp_path).follow()

    assert str(caught.value).startswith("page.md:1: a command fails: ")
