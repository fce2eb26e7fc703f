"""The static page in Chromium: built with npm, loaded once, then used without a network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any, Final

import pytest

from leadquery.emulator import Emulator
from leadquery.emulator.server import EmulatorServer
from leadquery.page.analysis import analyze
from leadquery.page.app import with_page
from leadquery.page.build import build_page
from leadquery.page.examples import EXAMPLES
from tests.page.chromium import browse, missing, served

CASES = sorted((Path(__file__).parent.parent / "cases" / "bad").glob("*.json"))

MEGABYTES: Final = 8.0
"""The most that the page may take over the wire, with gzip."""

KEYSTROKE_MS: Final = 50

OTHERS: Final = (
    "Leads.where(Scor > 5).select(Phone)",
    "Leads.where(Score > 5 and Score < 9).select(Phone)",
    "Leads.created_in(periods.month(2026, 3, tz='Asia/Kolkata')).select(Phone)",
    "Leads.group_by(CreatedOn.month()).aggregate(count(), Score.median())",
    "SELECT Fone FROM leads WHERE LENGTH(Phone) > 5",
    "SELECT Source, AVG(Score) FROM leads GROUP BY Source HAVING COUNT(*) > 5",
)
"""Python and SQL."""

PASTED: Final = {
    "script": '{"Output": {"Type": "</script><script>alert(1)</script><img src=x onerror=a()>"}}',
    "other direction": '{"\u202eOutput\u2066": 1}',
    "NUL": "\0",
    "half a surrogate pair": '{"a": "\ud800"}',
    "emoji": '{"😀😀": 1, "Output": {"type": "list"}}',
    "open brackets": "[" * 100_000,
    "closed brackets": "[" * 50_000 + "]" * 50_000,
    "open brackets of Python": "Leads.where(" + "(" * 200,
    "nested Python": "Leads.where(" + "(" * 19 + "Score > 1" + ")" * 19 + ").select(Fone)",
    "calls": "Leads" + ".where(Score > 1)" * 100 + ".select(Fone)",
    "5 MB": '{"a": "' + "y" * 5_000_000 + '"}',
    "statement": "SELECT " + "(" * 5_000,
}

SLOW: Final = {
    "many mistakes": '{"ReportFilter": {"LeadFilters": ['
    + '{"LookupNam": "a"},' * 250_000
    + "{}]}}",
    "one word": "x" * 5_000_000,
    "signs": "Leads.where(" + "~" * 9_000 + "(Score > 1))",
}

needs_chromium = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the page."""
    folder = tmp_path_factory.mktemp("page")
    size = sum(file.compressed for file in build_page(folder)) / 1_000_000
    assert size <= MEGABYTES
    return folder


def _browse(page: Path, profile: Path, pasted: Mapping[str, str]) -> dict[str, Any]:
    texts = [path.read_bytes().decode("utf-8", "replace") for path in CASES]
    texts += [*EXAMPLES.values(), *OTHERS]
    with served(page) as url:
        seen = browse("browse.mjs", url=url, profile=str(profile), texts=texts, pasted=pasted)
    for text, found in zip(texts, seen["analyses"], strict=True):
        assert json.loads(found) == json.loads(json.dumps(analyze(text)))
    return seen


# One test, so that the page is built and opened once however the tests are distributed.
@needs_chromium
def test_the_page_in_chromium(page: Path, tmp_path: Path) -> None:
    seen = _browse(page, tmp_path, PASTED)

    # Something is there before Python is, and nothing is fetched from elsewhere, or later.
    assert seen["early"] == "3 errors, 1 warning; 4 can be fixed"
    assert (
        len({request.rpartition("/")[0].partition("/pyodide")[0] for request in seen["requests"]})
        == 1
    )
    assert seen["requestsUntilOffline"] == seen["requestsAtEnd"]
    assert seen["console"] == []
    # A click shows a diagnostic, and fixes it.
    assert seen["selected"] == '"=="'
    assert seen["diagnostics"] == 4
    assert seen["fixedOne"] == "2 errors, 1 warning; 3 can be fixed"
    assert seen["fixedAll"] == "no problems found"
    assert seen["sentence"].startswith("Number of leads per OwnerId, of leads with Source equal")
    assert seen["note"] == "11 groups of 2,000 made-up leads, as of 15 March 2026"
    assert seen["rows"][0] == "Arjun Bose117"
    assert len(seen["bars"]) == 11
    assert seen["bars"][0] > 2 * seen["bars"][2] > 0
    assert seen["focus"] == "tab-plan"
    assert seen["forms"]["python"].startswith("from leadquery import Leads\n")
    assert seen["forms"]["payload"].startswith('{\n  "ReportFilter"')
    assert seen["forms"]["curl"].startswith("curl ")
    assert seen["forms"]["plan"].startswith("1 request")
    assert seen["examples"]["sql"]["rows"][0] == "Website343"
    assert seen["examples"]["python"]["rows"][0] == "Arjun Bose173"
    # People who do not see it, or have a phone, can use it.
    assert [*seen["axe"].values()] == [[]] * 6
    assert seen["widths"]["phone"] == 390
    # It is quick, and survives what is pasted.
    assert "abcdefghijklmnopqrstuvwxyz" in seen["typed"]
    assert median(seen["keystrokes"]) <= KEYSTROKE_MS
    assert seen["pasted"].keys() == PASTED.keys()
    for name, found in seen["pasted"].items():
        assert "error" in found["summary"], name
        assert found["messages"], name
        assert found["scripts"] == 1
        assert found["milliseconds"] < 11_000
    assert seen["afterwards"] == seen["early"]


@pytest.mark.slow
@needs_chromium
def test_python_starts_again_if_it_hangs_or_stops(page: Path, tmp_path: Path) -> None:
    seen = _browse(page, tmp_path, SLOW)

    assert "takes too long" in seen["pasted"]["many mistakes"]["summary"]
    assert "expected an object" in seen["pasted"]["one word"]["messages"][0]
    assert "Python stopped" in seen["pasted"]["signs"]["summary"]
    assert seen["afterwards"] == seen["early"]


@needs_chromium
def test_the_served_page_in_chromium(tmp_path: Path) -> None:
    """Without npm: the editor is plain, and the process answers."""
    app = with_page(Emulator([]).wsgi_app(), "127.0.0.1")
    with EmulatorServer(app, "127.0.0.1", 0) as server:
        seen = browse("browse_served.mjs", url=server.url, profile=str(tmp_path))

    assert seen["console"] == []
    assert seen["selected"] == '"=="'
    assert seen["privacy"] == "Nothing leaves your machine."
    assert seen["sentence"].startswith("Number of leads per OwnerId, of leads with Source equal")
    assert seen["rows"][0] == "Arjun Bose117"
    assert seen["axe"] == []
