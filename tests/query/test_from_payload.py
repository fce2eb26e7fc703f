"""Real payloads, read and written again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from leadquery import Leads, PayloadError, Query, from_payload, users
from leadquery.expr.field_types import Field
from leadquery.fields import Phone, Score, Source

CASES = Path(__file__).parent.parent / "cases"
SELECTED = Leads.select(Phone)


def keys(node: Any) -> list[str]:
    """All keys of a payload, in order."""
    if isinstance(node, list):
        return [name for one in node for name in keys(one)]
    if not isinstance(node, dict):
        return []
    return [name for key, value in node.items() for name in (key, *keys(value))]


def test_the_vendors_sample_comes_back_as_the_same_request() -> None:
    """Without its empty column list."""
    payload = json.loads((CASES / "good" / "vendor-sample.json").read_bytes())
    written = from_payload(payload).to_payload()
    del payload["Output"]["IncludeCSV"]

    assert written == payload
    assert keys(written) == keys(payload)


@pytest.mark.parametrize("name", ["vendor-sample", "production-list"])
def test_a_real_payload_is_built_again_by_its_python(name: str) -> None:
    query = from_payload((CASES / "good" / f"{name}.json").read_bytes())
    scope: dict[str, Any] = {}
    exec(query.to_python(), scope)  # noqa: S102 - our own text.

    assert scope["query"] == query
    assert scope["query"].to_payload() == query.to_payload()


@pytest.mark.parametrize(
    "query",
    [
        Leads.where(Phone == "a", Score > 5).select(Phone),
        Leads.where(Source.is_in(["a", "b"])).select(Phone),
        Leads.where(Field("mx_A") == "a", Field("mx_A").is_in(["a", "b"])).select(Phone),
    ],
)
def test_a_payload_is_read_with_standard_fields(query: Query) -> None:
    """Others are untyped."""
    assert repr(from_payload(query.to_payload())) == repr(query)


def test_a_list_from_production_reads() -> None:
    """The space before its first column is dropped."""
    query = from_payload((CASES / "good" / "production-list.json").read_text("utf-8"))
    payload = query.to_payload()

    assert payload["Output"]["IncludeCSV"].startswith("CreatedOn,FirstName,LastName,ProspectID,")
    assert payload["Output"]["IncludeCSV"].count(",") == 18
    assert payload["Paging"] == {"PageIndex": 1, "PageSize": 10_000}
    assert list(payload) == ["DateFilter", "Output", "Paging"]


def test_an_invalid_published_payload_is_rejected_with_every_error() -> None:
    wrong = (CASES / "bad" / "many-published-wrong.json").read_bytes()
    with pytest.raises(PayloadError) as caught:
        from_payload(wrong)

    assert {
        (diagnostic.code, diagnostic.path)
        for diagnostic in caught.value.report
        if diagnostic.severity == "error"
    } == {
        ("LQ204", "$.DateFilter"),
        ("LQ203", "$.DateFilter.DateField"),
        ("LQ201", "$.Aggregate"),
        ("LQ203", "$.Output"),
    }
    assert str(caught.value) == str(caught.value.report)


@pytest.mark.parametrize("indent", [None, 2])
def test_json_is_the_payload_written_by_the_json_module(indent: int | None) -> None:
    """In ASCII."""
    query = SELECTED.where(Phone == "é語")

    assert query.to_json(indent) == json.dumps(query.to_payload(), indent=indent)
    assert query.to_json().isascii()


def test_a_payload_is_a_new_dict() -> None:
    """Changing it does not change the query."""
    SELECTED.to_payload()["Output"]["Type"] = "aggregate"

    assert SELECTED.to_payload()["Output"]["Type"] == "list"


def test_a_notebook_shows_the_sentence_and_the_payload() -> None:
    """Both are escaped."""
    markup = SELECTED.where(Phone == "<b>&é")._repr_html_()

    assert markup.startswith(
        "<p>List of Phone of leads with Phone equal to &quot;&lt;b&gt;&amp;é&quot;.</p>"
        "<pre><code>{\n  &quot;ReportFilter&quot;: {"
    )
    assert "&lt;b&gt;&amp;é&quot;," in markup.partition("<pre>")[2]
    assert markup.endswith("&quot;PageSize&quot;: 100\n  }\n}</code></pre>")
    assert not hasattr(Leads, "_repr_html_")


def test_an_operator_on_users_in_other_letter_case_is_read() -> None:
    query = Leads.owned_by(users.Role == "Sales_User").select(Phone)
    written = json.dumps(query.to_payload()).replace('"eq"', '"EQ"')

    assert from_payload(json.loads(written)) == query
