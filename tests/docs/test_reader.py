"""The reader of pages sees what is not as a page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs import pages
from tests.docs.reader import NOT_HERE, Reader, UntrueError
from tests.docs.terminal import NOT_RUN

RIGHT = """
`report.json`:

```json
{"Output": {"Type": "list", "IncludeCSV": ["Phone"]}, "Paging": {"PageIndex": 1, "PageSize": 9}}
```

```console
$ leadquery check --fix report.json
report.json:1:43: LQ204 fixed  $.Output.IncludeCSV
    a list is not text with names joined by commas; write 'Phone'
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
from leadquery import Leads
```

```python
Leads.owned_by()
```

```text
leadquery.errors.QueryError: owned_by() names nobody; give it ids, e-mail addresses or conditions
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
    """A page that holds what it shows, in a project of its own."""
    monkeypatch.setattr(pages, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    written = tmp_path / "page.md"
    written.write_text(RIGHT, "utf-8")
    return written


def test_what_holds_is_followed_to_the_end(page: Path, tmp_path: Path) -> None:
    """A command of two, and three blocks of Python."""
    assert Reader(page, tmp_path).follow() == 4


@pytest.mark.parametrize(
    ("line", "written", "instead"),
    [
        (8, "of all leads", "of leads"),
        (8, "1 fixed;", "2 fixed;"),
        (8, "$ leadquery describe report.json\n", "$ leadquery describe other.json\n"),
        (19, '"IncludeCSV": "Phone"}', '"IncludeCSV": "Mobile"}'),
        (29, "names nobody", "names no one"),
        (29, "leadquery.errors.Query", "Query"),
        (37, "```text\n7\n```", "It prints 7."),
        (37, "```text\n7", "```text\n8"),
        (47, "```text\n7\n```", "```text\n7\n```\n\nAnd then:\n\n```text\n8\n```"),
        (45, "```text\n7\n```", "```csv\n7\n```\n\n```text\n8\n```"),
        (4, "`report.json`:", "`../report.json`:"),
    ],
)
def test_what_does_not_hold_is_seen(
    page: Path, tmp_path: Path, line: int, written: str, instead: str
) -> None:
    """At the line where the block begins: output, files, errors, and blocks nobody prints."""
    text = RIGHT.replace(written, instead, 1)
    assert text != RIGHT
    page.write_text(text, "utf-8")

    with pytest.raises(UntrueError) as caught:
        Reader(page, tmp_path).follow()

    assert str(caught.value).startswith(f"page.md:{line}: ")


def test_code_that_fails_fails(page: Path, tmp_path: Path) -> None:
    """What is not raised on purpose is no output."""
    page.write_text("```python\n1 / 0\n```\n", "utf-8")

    with pytest.raises(ZeroDivisionError) as caught:
        Reader(page, tmp_path).follow()

    assert caught.value.__notes__ == ["in page.md:1"]


@pytest.mark.parametrize("line", [*NOT_RUN, "cd reports", "# a remark"])
def test_some_commands_are_not_run(page: Path, tmp_path: Path, line: str) -> None:
    """Each has its reason; there are no others."""
    page.write_text(f"```sh\n{line} no-such-thing\n```\n", "utf-8")

    assert Reader(page, tmp_path).follow() == 0


@pytest.mark.parametrize(
    ("text", "ran"),
    [
        ("# asked.py\nprint(7)\n", 0),
        (f"{NOT_HERE}no such package\nimport no_such_package\n", 0),
        ("import os\nassert os.environ['LEADQUERY_HOST'] == 'a.example'\n", 1),
    ],
)
def test_python_may_be_a_file_or_a_sketch(page: Path, tmp_path: Path, text: str, ran: int) -> None:
    """By its first line. What is run has the variables that a shell was told."""
    told = "```sh\nexport LEADQUERY_HOST=a.example A=b\n```\n\n"
    page.write_text(f"{told}```python\n{text}```\n", "utf-8")

    assert Reader(page, tmp_path).follow() == 1 + ran
    assert (tmp_path / "asked.py").exists() is ("asked" in text)


def test_a_sketch_is_python(page: Path, tmp_path: Path) -> None:
    """Though it is not run."""
    page.write_text(f"```python\n{NOT_HERE}it is none\n1 +\n```\n", "utf-8")

    with pytest.raises(SyntaxError):
        Reader(page, tmp_path).follow()


def test_a_command_that_fails_is_seen(page: Path, tmp_path: Path) -> None:
    """Where nothing of its output is shown."""
    page.write_text("```sh\nleadquery describe no-such-file\n```\n", "utf-8")

    with pytest.raises(UntrueError) as caught:
        Reader(page, tmp_path).follow()

    assert str(caught.value).startswith("page.md:1: a command fails: ")
