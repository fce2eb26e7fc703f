"""The registry of targets, and what each of them refuses."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from leadquery import Leads, from_payload
from leadquery.errors import QueryError
from leadquery.exporters import NAMES, get_exporter
from leadquery.exporters.base import Exporter, ExportRequest
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.protocol import VARIABLES
from tests.exporters.queries import EASY, HARD, HOSTILE
from tests.exporters.reading import READERS

TARGETS = [get_exporter(name) for name in NAMES]
HARD_ONE = ExportRequest(HARD.to_payload(), "hard", HARD.describe())
EASY_ONE = ExportRequest(EASY.to_payload(), "easy", EASY.describe())


def name_of(target: Exporter) -> str:
    """The name of a test."""
    return target.name


def refusal(query: Any, target: Any, **options: Any) -> str:
    """Why a query cannot be written for a target."""
    with pytest.raises(QueryError) as caught:
        query.to_request(target, **options)
    return str(caught.value)


def test_each_target_bears_its_name() -> None:
    """And another suffix than all but one: two are Python."""
    assert [one.name for one in TARGETS] == [*NAMES]
    assert len({one.suffix for one in TARGETS}) == len(TARGETS) - 1


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
@pytest.mark.parametrize("response", ResponseFormat)
def test_keys_are_never_values(
    target: Exporter, response: ResponseFormat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where the environment holds some."""
    for name in VARIABLES:
        monkeypatch.setenv(name, f"value-of-{name}")
    if response is ResponseFormat.CSV and not target.url:
        pytest.skip("no URL, no keys, no format")
    sending = ExportRequest(HARD.to_payload(), response=response)

    assert "value-of-" not in target.text([sending])
    assert not target.loops or "value-of-" not in target.text([sending.looped()])


@pytest.mark.parametrize("target", TARGETS, ids=name_of)
def test_nothing_is_left_to_fill_in(target: Exporter) -> None:
    """Every part of a template is filled."""
    assert "⟨" not in target.text([EASY_ONE])
    assert not target.loops or "⟨" not in target.text([EASY_ONE.looped()])


@pytest.mark.parametrize("target", [one for one in TARGETS if one.several], ids=name_of)
def test_one_text_holds_several(target: Exporter) -> None:
    """Each of them, in order."""
    text = target.text([EASY_ONE, HARD_ONE])

    assert len(text) > len(target.text([EASY_ONE]))
    assert text != target.text([HARD_ONE, EASY_ONE])


@pytest.mark.parametrize("target", [one for one in TARGETS if not one.several], ids=name_of)
def test_one_text_holds_one(target: Exporter) -> None:
    """The others are refused more, and none at all."""
    for several in ([EASY_ONE, HARD_ONE], []):
        with pytest.raises(QueryError) as caught:
            target.text(several)

        assert str(caught.value) == (
            f"{target.name} takes one query at a time; write a file for each"
        )


def test_a_target_that_is_none() -> None:
    """The nearest one is named, or all."""
    assert refusal(EASY, "crul") == "'crul' is no target; write 'curl'"
    assert refusal(EASY, 7) == f"7 is no target; known are {', '.join(NAMES)}"


def test_a_format_that_is_none() -> None:
    """There are two, in any letters."""
    assert EASY.to_request("curl", response_format="CSV") == EASY.to_request(
        "curl", response_format="csv"
    )
    assert refusal(EASY, "curl", response_format="xml") == (
        "'xml' is no format of an answer; write 'json' or 'csv'"
    )
    assert refusal(EASY, "curl", response_format=None) == (
        "None is no format of an answer; write 'json' or 'csv'"
    )


@pytest.mark.parametrize("target", [one for one in TARGETS if not one.url], ids=name_of)
def test_a_body_alone_says_no_format(target: Exporter) -> None:
    """The URL would."""
    assert refusal(EASY, target.name, response_format="csv") == (
        f"the URL says the format of the answer, and {target.name} holds none; write another target"
    )


@pytest.mark.parametrize("target", [one for one in TARGETS if not one.loops], ids=name_of)
def test_what_has_no_loop_says_so(target: Exporter) -> None:
    """And what to write."""
    assert refusal(EASY, target.name, all_pages=True) == (
        f"{target.name} has no loop; write a request for each page, of query.page(1) and on"
    )


def test_a_loop_brings_a_page_where_there_is_none() -> None:
    """Of a hundred rows, as a query does."""
    looped = Leads.select("Phone").page(None).to_request("curl", all_pages=True)

    assert '"PageSize": 100' in looped


def test_pages_are_named_in_order() -> None:
    """A list of files by name is a list by page."""
    pages = EASY_ONE.pages(10)

    assert [one.name for one in pages][::9] == ["easy-01", "easy-10"]
    assert [one.payload["Paging"] for one in pages][:2] == [
        {"PageIndex": 1, "PageSize": 3},
        {"PageIndex": 2, "PageSize": 3},
    ]


def nested(levels: int) -> dict[str, Any]:
    """A payload with groups in groups."""
    group: dict[str, Any] = {
        "Condition": [{"LookupName": "Role", "Operator": "eq", "LookupValue": "a"}]
    }
    for _ in range(levels):
        group = {"GroupConditions": [group]}
    return {**EASY.to_payload(), "ReportFilter": {"UserFilter": {"GroupConditions": [group]}}}


@pytest.mark.parametrize("target", READERS)
def test_an_object_without_entries_is_one(target: str) -> None:
    """In the notation of each language."""
    payload = {**EASY.to_payload(), "ReportFilter": {}}

    assert READERS[target](get_exporter(target).text([ExportRequest(payload)])) == payload


def test_powershell_goes_a_hundred_levels_deep() -> None:
    """And no deeper."""
    powershell = get_exporter("powershell")

    assert "-Depth 99)" in powershell.text([ExportRequest(nested(46))])
    with pytest.raises(QueryError) as caught:
        powershell.text([ExportRequest(nested(47))])

    assert str(caught.value) == (
        "ConvertTo-Json goes 100 levels deep, and this payload 101; write another target"
    )


@pytest.mark.parametrize("target", ["php", "powershell"])
def test_half_a_character_is_refused(target: str) -> None:
    """Where texts are Unicode."""
    assert refusal(Leads.select("mx_\ud800"), target) == (
        f"{target} has no text with '\\ud800', half a surrogate pair; write another target"
    )


def test_har_needs_its_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says how to get it."""
    monkeypatch.setitem(sys.modules, "harfile", None)

    assert refusal(EASY, "har") == "har needs the package harfile; install 'leadquery[har]'"


def test_a_sentence_ends_no_comment() -> None:
    """Nor does it say anything to the language that it stands in."""
    asked = ExportRequest(HARD.to_payload(), "hard", f"{HARD_ONE.sentence}\n{HOSTILE}")

    for name in ("curl", "http", "javascript", "php", "powershell", "python"):
        text = get_exporter(name).text([asked])
        [line] = [line for line in text.splitlines() if "Average " in line]

        assert line.isascii()
        assert line.isprintable()
        assert not any(sign in line for sign in ("{{", "}}", "?>", "</", "*/"))


def test_a_payload_without_words_has_no_comment() -> None:
    """It is sent all the same."""
    silent = ExportRequest(EASY.to_payload(), "easy")

    assert "}\npayload = {" in get_exporter("python").text([silent])
    assert from_payload(get_exporter("json").text([silent])) == EASY
    assert '"comment": "easy"' in get_exporter("har").text([silent])
    assert "summary" not in get_exporter("openapi").text([silent]).partition('"examples"')[2][:200]
