"""The page on the architecture names the files that four calls enter."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import leadquery
from leadquery import Client, Leads, check
from leadquery.emulator import Emulator
from leadquery.fields import EngagementScore, OwnerId, Phone, Score, mx_City

PACKAGE = Path(leadquery.__file__).parent
PAGE = PACKAGE.parent / "docs/explanation/architecture.md"


def named_files(title: str) -> set[str]:
    """The files in the table below a bold title."""
    return named_in(f"**{title}**")


def named_in(heading: str) -> set[str]:
    """The files in the table below a heading."""
    _, _, section = PAGE.read_text("utf-8").partition(heading)
    table, _, _ = section.partition("\n\n**")
    table, _, _ = table.partition("\n\n## ")
    return set(re.findall(r"`([a-z_/]+\.py)`", table))


def entered_files(call: Callable[[], object]) -> set[str]:
    """The files of the package that a call enters, in any thread, the second time it is made."""
    call()
    names: set[str] = set()

    def trace(frame: FrameType, _event: str, _argument: Any) -> None:
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(PACKAGE):
            names.add(path.relative_to(PACKAGE).as_posix())

    before = sys.gettrace()
    threading.settrace(trace)
    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(before)
        threading.settrace(before)
    return names


def test_building_a_query() -> None:
    entered = entered_files(lambda: Leads.where(EngagementScore < 20).select(Phone).to_json())

    assert entered == named_files("Build a query and serialize it")
    assert len(entered) <= 7


def test_checking_a_payload() -> None:
    query = Leads.where(EngagementScore < 20).select(Phone).to_payload()
    query["ReportFilter"]["LeadFilters"][0]["SqlOperator"] = "LIKE"

    entered = entered_files(lambda: str(check(query)))

    assert entered == named_files("Check a payload with a wrong operator")
    assert len(entered) <= 12


def test_reading_three_pages() -> None:
    leads = [{"ProspectID": str(number), "Phone": str(number)} for number in range(30)]
    client = Client("api.example.com", "key", "secret", Emulator(leads).session())
    query = Leads.select(Phone).page(1, 10)
    entered = entered_files(lambda: client.run(query, progress=False))
    # The mock API reads the payload with the reader of `check`.
    server = entered_files(lambda: Emulator(leads).answer(query.to_payload()))
    client_files = {name for name in entered if not name.startswith(("emulator/", "lint/"))}

    named = named_files("Read three pages")

    assert client_files - (server - named) == named
    assert len(named) <= 12


def test_running_a_query_of_several_requests() -> None:
    client = Client("api.example.com", "key", "secret", Emulator([]).session())

    def call() -> None:
        query = Leads.where((mx_City == "Delhi") | (Score > 80)).group_by(OwnerId).count()
        client.run(query, progress=False)

    entered = entered_files(call)
    named = named_files("Run a query of several requests")

    assert named <= entered
    assert {name for name in entered if name.startswith("plan/")} <= named


def test_the_files_of_plans() -> None:
    """Every module of the package has a row."""
    modules = {path.name for path in (PACKAGE / "plan").glob("*.py")} - {"__init__.py"}

    assert modules == {Path(name).name for name in named_in("## Plans") if name.startswith("plan/")}


def test_every_file_that_the_page_names() -> None:
    names = re.findall(r"`([\w/]+\.py)`", PAGE.read_text("utf-8"))
    folders = [PACKAGE, PACKAGE.parent / "tests", PAGE.parent.parent]
    existing = [f"/{path.as_posix()}" for folder in folders for path in folder.rglob("*.py")]

    missing = {name for name in names if not any(path.endswith(f"/{name}") for path in existing)}
    assert not missing
