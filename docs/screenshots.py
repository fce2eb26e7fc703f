"""Take pictures of the terminal, notebooks and pages, to look at: `nox -s pictures`.

They are written to build/pictures. Chromium is the system's, or the one that CHROMIUM names.
"""

from __future__ import annotations

import json
import os
import pty
import select
import shutil
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from typing import TYPE_CHECKING, Final
from urllib.error import URLError
from urllib.request import urlopen

from rich.text import Text

from docs.draw import FILES, HOME, terminal_svg

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

FOLDER: Final = HOME / "build/pictures"

FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)

WIDTHS: Final = (60, 80, 120)
"""Columns of a terminal."""

COMMANDS: Final = {
    "check": "leadquery check report.json",
    "groups": "leadquery run --demo ask.py:stages",
    "leads": "leadquery run --demo ask.py:leads --limit 4 --tz Asia/Kolkata",
    "pipeline": "leadquery run --demo ask.py:pipeline --limit 8",
    "several": "leadquery run --demo ask.py:top",
    "describe": "leadquery describe ask.py:top",
    "plan": "leadquery plan ask.py:top",
}

SLOW: Final = """\
from leadquery import Client, Leads
from leadquery.emulator import Emulator

slow = Client("demo.example.com", "key", "secret", Emulator.demo(2_000).session(), rate=(3, 1))
result = slow.run(Leads.select("ProspectID", "FirstName", "Score", "CreatedOn").page(1, 200))
"""
"""It takes three seconds, in which a bar is shown."""

CELLS: Final = (
    """\
from leadquery import Client, Leads, check, count
from leadquery.emulator import Emulator
from leadquery.fields import EngagementScore, ProspectStage, Source

client = Client("demo.example.com", "key", "secret", Emulator.demo(2_000).session())
client.run(Leads.group_by(ProspectStage).average(EngagementScore))""",
    "client.run(Leads.group_by(ProspectStage).average(EngagementScore)).plot()",
    f"{SLOW}result",
    """\
check('''{"ReportFilter": {"LeadFilters": [
  {"LookUpName": "EngagementScore", "LookUpValue": 20, "SqlOperator": "LIKE"}
]}, "output": {"Type": "list", "IncludeCSV": "Phone"}, "Paging": {"PageIndex": 1, "PageSize": 9}}
''')""",
    "client.run(Leads.group_by(ProspectStage, Source).count()).pivot()",
    """\
either = (Source == "Web") | (EngagementScore > 80)
Leads.where(either).group_by(ProspectStage).count().plan()""",
    "Leads.where(EngagementScore < 20 and Source == 'Web')",
)
"""The cells of the notebook; the last is a mistake."""

PAGES: Final = {
    "index": "index",
    "how-to": "how-to/check-payloads",
    "reference": "reference/python",
    "fields": "reference/fields",
    "rule": "reference/rules/LQ304",
}

SIZES: Final = {"phone": (390, 844), "desktop": (1280, 900)}


def require(command: str, hint: str) -> str:
    """The path of a command; without it, the script ends and says what to install."""
    if (found := shutil.which(command)) is None:
        raise SystemExit(f"{command} is not installed; {hint}")
    return found


@contextmanager
def chromium() -> Iterator[BrowserContext]:
    """A browser with an empty profile."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise SystemExit("playwright is not installed; run `nox -s pictures`") from None
    path = require(os.environ.get("CHROMIUM", "chromium"), "install it, or name one in CHROMIUM")
    with TemporaryDirectory() as profile, sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=path, args=FLAGS, headless=True
        )
        yield context
        context.close()


def shoot(page: Page, name: str, *, full: bool = True) -> None:
    """Save a picture of a page."""
    page.screenshot(path=FOLDER / f"{name}.png", full_page=full)
    print(f"build/pictures/{name}.png")


def shoot_terminals(page: Page) -> None:
    """Each command at each width, with the bar of a query that takes a while."""
    for width in WIDTHS:
        pictures = [
            terminal_svg(name, text, _lines(on_terminal(["-m", *text.split()], width)), width)
            for name, text in COMMANDS.items()
        ]
        bar = on_terminal(["-c", SLOW], width, frames=20).split("\r\x1b[2K")[-2]
        pictures.append(terminal_svg("progress", "python slow.py", _lines(bar), width))
        page.set_viewport_size({"width": 40 + width * 12, "height": 600})
        page.set_content(
            "".join(f"<div style='width: {width * 12}px'>{one}</div>" for one in pictures)
        )
        shoot(page, f"terminal-{width}")


def _lines(written: str) -> list[Text]:
    return list(Text.from_ansi(written.replace("\r\n", "\n").rstrip()).split("\n"))


def on_terminal(arguments: list[str], width: int, frames: int | None = None) -> str:
    """What Python writes to a terminal of this width, or up to a frame of its progress bar."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (50, width))
    kept = {name: text for name, text in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(HOME)}
    written = b""
    with TemporaryDirectory() as folder:
        for name, text in FILES.items():
            Path(folder, name).write_text(text, "utf-8")
        with subprocess.Popen(  # noqa: S603 - our own commands
            [sys.executable, *arguments],
            cwd=folder,
            env={**kept, **terminal},
            stdout=slave,
            stderr=slave,
        ) as process:
            while frames is None or written.count(b" of 2,000 rows") < frames:
                if select.select([master], [], [], 0.2)[0]:
                    written += os.read(master, 65_536)
                elif process.poll() is not None:
                    break
            process.kill()
    return written.decode()


def notebook(folder: Path) -> Path:
    """The notebook with the cells."""
    cells: list[dict[str, object]] = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"cell-{number}",
            "metadata": {"tags": ["raises-exception"]},
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(CELLS)
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    document = {
        "cells": cells,
        "metadata": {"kernelspec": kernel},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    file = folder / "demo.ipynb"
    file.write_text(json.dumps(document), "utf-8")
    return file


def shoot_nbconvert(page: Page) -> None:
    """The executed notebook as HTML, in both themes."""
    with TemporaryDirectory() as folder:
        file = notebook(Path(folder))
        for theme in ("light", "dark"):
            command = [sys.executable, "-m", "nbconvert", "--to", "html", "--execute"]
            options = ["--theme", theme, "--output", f"{theme}.html", str(file)]
            subprocess.run([*command, *options], check=True, capture_output=True)  # noqa: S603
            page.set_viewport_size({"width": 1100, "height": 900})
            page.goto(Path(folder, f"{theme}.html").as_uri())
            shoot(page, f"nbconvert-{theme}")


def shoot_jupyterlab(page: Page) -> None:
    """The notebook in JupyterLab, in both themes: while the third cell runs, and at the end."""
    for port, theme in ((8901, "Light"), (8902, "Dark")):
        with TemporaryDirectory() as folder, jupyterlab(Path(folder), port, theme) as url:
            page.set_viewport_size({"width": 1300, "height": 2900})
            page.goto(f"{url}/lab/tree/demo.ipynb?reset")
            page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=90_000)
            sleep(5)
            for text in ("No", "Dismiss"):
                if (button := page.get_by_text(text, exact=True)).count():
                    button.first.click()
            page.locator(".jp-Notebook .jp-Cell").first.click()
            page.get_by_role("menuitem", name="Run", exact=True).click()
            page.get_by_text("Run All Cells", exact=True).click()
            page.wait_for_selector(".jp-OutputArea progress", timeout=60_000)
            sleep(1)
            shoot(page, f"jupyterlab-{theme.lower()}-progress", full=False)
            page.wait_for_selector("text=UsageError", timeout=60_000)
            sleep(1)
            shoot(page, f"jupyterlab-{theme.lower()}", full=False)


@contextmanager
def jupyterlab(folder: Path, port: int, theme: str) -> Iterator[str]:
    """A JupyterLab of its own, with the notebook in its folder."""
    notebook(folder)
    settings = folder / "settings/@jupyterlab/apputils-extension"
    settings.mkdir(parents=True)
    chosen = json.dumps({"theme": f"JupyterLab {theme}"})
    (settings / "themes.jupyterlab-settings").write_text(chosen, "utf-8")
    url = f"http://localhost:{port}"
    options = [
        *("--no-browser", "--allow-root", f"--port={port}", "--IdentityProvider.token="),
        *(f"--ServerApp.root_dir={folder}", f"--LabApp.user_settings_dir={folder}/settings"),
    ]
    quiet = subprocess.DEVNULL
    command = [sys.executable, "-m", "jupyterlab", *options]
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:  # noqa: S603 - our own server
        try:
            for _ in range(60):
                try:
                    urlopen(f"{url}/api", timeout=1)  # noqa: S310 - our own server
                    break
                except (URLError, OSError):
                    sleep(1)
            yield url
        finally:
            process.terminate()


def shoot_pages(page: Page) -> None:
    """Pages of the docs on a phone and on a desktop, light and dark."""
    with TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "sphinx", "-q", str(HOME / "docs"), folder]
        subprocess.run(command, check=True)  # noqa: S603
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            for theme in ("light", "dark"):
                page.emulate_media(color_scheme=theme)
                for name, path in PAGES.items():
                    page.goto(Path(folder, f"{path}.html").as_uri())
                    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                    if wide > 0:
                        print(f"{path} is {wide} pixels wider than a {size}")
                    shoot(page, f"docs-{name}-{size}-{theme}", full=False)


PARTS: Final = {
    "terminal": shoot_terminals,
    "nbconvert": shoot_nbconvert,
    "jupyterlab": shoot_jupyterlab,
    "docs": shoot_pages,
}


def main(parts: list[str]) -> None:
    """Take all pictures, or those of some parts."""
    if unknown := [part for part in parts if part not in PARTS]:
        raise SystemExit(f"no part {unknown[0]!r}; the parts are {', '.join(PARTS)}")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with chromium() as context:
        for part in parts or PARTS:
            PARTS[part](context.new_page())


if __name__ == "__main__":
    main(sys.argv[1:])
