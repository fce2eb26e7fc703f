"""Progress: reported to a function, or drawn on a terminal or in a notebook."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from io import StringIO
from itertools import count
from time import monotonic, sleep
from types import SimpleNamespace

import pytest

from leadquery import Client, Leads
from leadquery.client import progress
from leadquery.client.progress import Progress
from leadquery.emulator import Emulator, Faults

EMULATOR = Emulator.demo(95)
QUERY = Leads.select("ProspectID").page(1, 20)


def client_of(seconds: float = 0.0) -> Client:
    """A client of the emulator with a latency."""
    session = EMULATOR.session(Faults(latency=lambda dice: dice.uniform(0, seconds)))
    return Client("api.example.com", "k-access", "k-secret", session)


@pytest.mark.parametrize("method", ["run", "rows", "pages"])
def test_progress_calls_a_function(method: str) -> None:
    """With the rows so far and the total."""
    reports: list[Progress] = []

    list(getattr(client_of(), method)(QUERY, progress=reports.append))

    assert [(one.rows, one.total) for one in reports] == [(n, 95) for n in (20, 40, 60, 80, 95)]
    assert reports[0].seconds_left is None
    assert reports[-1].seconds_left == 0


def test_limit_is_the_total_number_of_rows() -> None:
    reports: list[Progress] = []

    client_of().run(QUERY, limit=50, progress=reports.append)

    assert [(one.rows, one.total) for one in reports] == [(20, 50), (40, 50), (50, 50)]


def test_the_seconds_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Estimated from the rate so far."""
    moments = iter([100.0, 102.0, 103.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(moments))
    reports: list[Progress] = []

    with progress.progress_reporter(reports.append) as report:
        for rows in (500, 600, 600):
            report(rows, 1_000)

    assert reports == [
        Progress(500, 1_000, None),
        Progress(600, 1_000, 8.0),
        Progress(600, 1_000, 12.0),
    ]


class Terminal(StringIO):
    """A text stream that is a terminal."""

    def isatty(self) -> bool:
        return True


def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Replace stderr, after pytest has replaced it."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_INTERACTIVE", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    return made


def client_waiting_for(terminal: Terminal) -> Client:
    """A client that gets its second page when the bar is drawn, which a thread does."""
    delays = count()

    def wait(_: object) -> float:
        # The first page has two delays, one in each direction.
        if next(delays) > 1:
            until = monotonic() + 30
            while "rows" not in terminal.getvalue() and monotonic() < until:
                sleep(0.001)
        return 0.0

    session = EMULATOR.session(Faults(latency=wait))
    return Client("api.example.com", "k-access", "k-secret", session)


def test_a_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """With rows, total and time left; it is removed at the end.

    Older releases of rich end its line.
    """
    terminal = on_a_terminal(monkeypatch)

    client_waiting_for(terminal).run(QUERY.page(1, 4))

    assert "━" in terminal.getvalue()
    assert " of 95 rows" in terminal.getvalue()
    assert re.search(r"\r\x1b\[2K\n?\x1b\[\?25h\r?$", terminal.getvalue())


def test_one_page_draws_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_a_terminal(monkeypatch)

    client_of().run(QUERY.page(1, 100))

    assert "rows" not in terminal.getvalue()


def test_progress_false_draws_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do `rows` and `pages` unless requested."""
    terminal = on_a_terminal(monkeypatch)

    client_of(0.1).run(QUERY.page(1, 4), progress=False)
    list(client_of(0.1).rows(QUERY.page(1, 4)))

    assert terminal.getvalue() == ""

    list(client_waiting_for(terminal).rows(QUERY.page(1, 4), progress=True))
    assert " of 95 rows" in terminal.getvalue()


def test_no_bar_without_a_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    client_of().run(QUERY)

    assert capfd.readouterr() == ("", "")


def test_no_bar_without_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under pythonw."""
    monkeypatch.setattr(sys, "stderr", None)

    assert len(client_of().run(QUERY)) == 95


class Notebook:
    """A display of a notebook: what was drawn, each update after the one before."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.drawn: list[dict[str, str]] = []
        self.displays = 0
        shell = SimpleNamespace(kernel=object())
        monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
        monkeypatch.setattr("IPython.display.display", self.display)

    def display(self, bundle: dict[str, str], *, raw: bool, display_id: bool) -> Notebook:
        assert raw
        assert display_id
        self.displays += 1
        self.drawn.append(bundle)
        return self

    def update(self, bundle: dict[str, str], *, raw: bool) -> None:
        assert raw
        self.drawn.append(bundle)


def test_a_notebook_has_one_display(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is updated ten times a second at most, and says at the end how many rows there are."""
    notebook = Notebook(monkeypatch)
    moments = iter([100.0, 100.0, 101.0, 101.0, 101.05, 101.05, 109.0, 109.0])
    monkeypatch.setattr(progress, "monotonic", lambda: next(moments))

    with progress.progress_reporter(progress=True) as report:
        for rows in (1_000, 1_500, 1_600, 2_000):
            report(rows, 2_000)

    assert notebook.displays == 1
    assert [bundle["text/plain"] for bundle in notebook.drawn] == [
        "1,000 of 2,000 rows",
        "1,500 of 2,000 rows, 1 s left",
        "2,000 of 2,000 rows",
    ]
    assert notebook.drawn[1]["text/html"] == (
        '<progress value="1500" max="2000" style="width: 16em"></progress> '
        "1,500 of 2,000 rows, 1 s left"
    )


def test_a_notebook_keeps_how_far_a_failed_run_came(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = Notebook(monkeypatch)

    reporter = progress.progress_reporter(progress=True, unit="requests")
    with suppress(ZeroDivisionError), reporter as report:
        report(1, 3)
        raise ZeroDivisionError

    assert notebook.drawn[-1]["text/plain"] == "1 of 3 requests"


def test_a_single_page_shows_nothing_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = Notebook(monkeypatch)

    client_of().run(QUERY.page(1, 100))

    assert notebook.drawn == []


def test_a_run_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = Notebook(monkeypatch)

    client_of().run(QUERY)

    assert notebook.displays == 1
    assert notebook.drawn[-1]["text/html"] == "95 of 95 rows"


def test_ipython_on_a_terminal_is_no_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = Notebook(monkeypatch)
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: None)

    client_of().run(QUERY)

    assert notebook.drawn == []
