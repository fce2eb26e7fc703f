"""Each error and each diagnostic names a page of the docs that exists."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest

from leadquery import Leads, check, errors, from_payload
from leadquery.errors import ApiError, LeadQueryError, PayloadError, SqlIssue
from leadquery.lint.rules import all_rules, rule_page
from tests.cli.shell import leadquery
from tests.docs.pages import ROOT, headings


def subclasses(cls: type[LeadQueryError]) -> Iterator[type[LeadQueryError]]:
    """The class, and those below it that are public."""
    if cls.__module__ == errors.__name__:
        yield cls
    for below in cls.__subclasses__():
        yield from subclasses(below)


ALL = sorted({*subclasses(LeadQueryError)}, key=lambda cls: cls.__name__)


def exists(page: str) -> bool:
    """Whether a page exists, with its heading."""
    place, _, anchor = page.partition("#")
    return (ROOT / place).is_file() and (not anchor or anchor in headings(ROOT / place))


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_the_page_of_an_error_exists(cls: type[LeadQueryError]) -> None:
    assert exists(cls.docs_page)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_the_page_of_a_rule_exists(rule: object) -> None:
    assert exists(rule_page(rule.code))  # type: ignore[attr-defined]


def test_all_errors_were_found() -> None:
    assert len(ALL) > 20


@pytest.mark.parametrize(
    "error",
    [
        ApiError("no response"),
        errors.QueryError("wrong"),
        errors.SqlError(SqlIssue(1, 1, "wrong", "^")),
        errors.PaginationDriftError("moved", changes=()),
        PayloadError(check('{"output": 5}')),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_traceback_names_the_page(error: LeadQueryError) -> None:
    """Also of an error that was pickled."""
    copy = pickle.loads(pickle.dumps(error))

    for one in (error, copy):
        [*_, last] = traceback.format_exception_only(one)
        assert last.startswith("see docs/")
        assert last.endswith(" in the repository\n")
        assert exists(last.removeprefix("see ").removesuffix(" in the repository\n"))
    assert "docs/" not in str(error)


def test_pages_that_are_published(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An error, a command and a rule name their address."""
    site = "https://docs.example.com/leadquery"
    monkeypatch.setenv("LEADQUERY_DOCS_URL", f"{site}/")
    query = tmp_path / "query.json"
    query.write_text(Leads.select("Phone").to_json(), "utf-8")

    error = errors.PlanTooLargeError("too many")
    report = PayloadError(check('{"Output": {"Type": "lst"}}'))
    command = leadquery("run", "--table", "leads.xlsx", str(query))
    rule = leadquery("rule", "LQ304")

    page = f"{site}/how-to/what-one-request-cannot-say.html#what-it-costs"
    assert error.__notes__ == [f"see {page}"]
    assert all(one.startswith(f"see {site}/reference/rules/LQ") for one in report.__notes__)
    assert command.stderr.endswith(f"\nsee {site}/reference/errors.html#queryerror\n")
    assert f"\nDocs\n  {site}/reference/rules/LQ304.html\n" in rule.stdout


def test_a_payload_error_names_the_pages_of_its_rules() -> None:
    """At most three."""
    with pytest.raises(PayloadError) as caught:
        from_payload('{"Output": 5, "Paging": {"PageIndex": 0, "PageSize": "1"}, "x": }')

    assert len(caught.value.__notes__) <= 3
    pages = {one.docs_page for one in caught.value.report if one.severity == "error"}
    assert {f"see {page} in the repository" for page in pages} >= {*caught.value.__notes__}


def test_an_error_keeps_the_notes_of_others() -> None:
    with pytest.raises(LeadQueryError) as caught:
        Leads.select()
    caught.value.add_note("while the report was built")

    assert caught.value.__notes__ == [
        "see docs/reference/errors.md#queryerror in the repository",
        "while the report was built",
    ]
