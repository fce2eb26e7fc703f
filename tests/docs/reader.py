"""Follow a page as a reader does: write its files, run its code, compare the output."""

from __future__ import annotations

import json
import linecache
import os
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from traceback import format_exception_only
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from attrs import define, field

import leadquery
from tests.docs.pages import Block, blocks, named
from tests.docs.terminal import Terminal, commands, is_run, joined

OUTPUTS: Final = ("text", "json", "csv")
"""The languages of a block that, directly below code, shows what the code prints."""

NOT_RUN: Final = "# Not run here: "
"""How a Python block begins that is only compiled. The rest of the line says why."""


EXAMPLE: Final = "example.py"
"""The file name of Python blocks in tracebacks and error messages."""


class OutdatedPageError(AssertionError):
    """A page shows something else than its code writes."""


class Difference(NamedTuple):
    """An output as the page shows it, and as the code writes it."""

    line: int
    expected: str
    written: str


@define
class Reader:
    """Follows one page in an empty folder; Python names stay known from block to block."""

    page: Path
    folder: Path
    names: dict[str, Any] = field(init=False, factory=lambda: {"__name__": "__main__"})
    terminal: Terminal = field(init=False)
    differences: list[Difference] = field(init=False, factory=list)

    def __attrs_post_init__(self) -> None:
        self.terminal = Terminal(self.folder)

    def follow(self) -> int:
        """Run the page and raise if an output differs; return the number of blocks run."""
        ran = self._run()
        for line, expected, written in self.differences:
            raise self._outdated(line, f"the page shows\n{expected}\nthe code writes\n{written}")
        return ran

    def update(self) -> None:
        """Run the page and rewrite its outputs to what the code writes."""
        self._run()
        lines = self.page.read_text("utf-8").splitlines(keepends=True)
        for line, expected, written in reversed(self.differences):
            below = "".join(lines[line:])
            if not expected or expected not in below:
                raise self._outdated(line, f"show this output by hand:\n{written}")
            lines[line:] = [below.replace(expected, written, 1)]
        self.page.write_text("".join(lines), "utf-8")

    def _run(self) -> int:
        nothing = Block("", "", 0, "", below=False)
        ran, previous = 0, nothing
        for block, following in pairwise([*blocks(self.page), nothing]):
            if not (block.below and block.language in OUTPUTS and _is_code(previous)):
                has_output = following.below and following.language in OUTPUTS
                ran += self._take(block, following.text if has_output else None)
            previous = block
        return ran

    def _take(self, block: Block, output: str | None) -> bool:
        if block.repository_file:
            self._compare(
                block, block.text, (self.folder / block.repository_file).read_text("utf-8")
            )
        elif block.file:
            self._write(self.folder / block.file, block)
        elif block.language == "python":
            return self._python(block, output or "")
        elif block.language == "console":
            return self._console(block)
        elif block.language == "sh":
            return self._sh(block, output)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "text":
            raise self._outdated(block.line, "a 'text' block belongs directly below code")
        return False

    def _write(self, file: Path, block: Block) -> None:
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise self._outdated(block.line, f"{file} is outside the folder")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, "utf-8", newline="\n")

    def _compare(self, block: Block, expected: str, written: str) -> None:
        if expected != written:
            self.differences.append(Difference(block.line, expected, written))

    def _outdated(self, line: int, message: str) -> OutdatedPageError:
        return OutdatedPageError(f"{named(self.page)}:{line}: {message}")

    def _python(self, block: Block, expected: str) -> bool:
        """Compare what a block prints, and the message of an error that ends it."""
        code = compile(block.text, EXAMPLE, "exec")
        if block.text.startswith(NOT_RUN):
            return False
        # Error messages show source lines, which they take from here.
        lines = block.text.splitlines(keepends=True)
        linecache.cache[EXAMPLE] = (len(block.text), None, lines, EXAMPLE)
        with redirect_stdout(StringIO()) as out, patch.dict(os.environ, self.terminal.set):
            try:
                exec(code, self.names)  # noqa: S102 - our own pages
            except leadquery.LeadQueryError as error:
                out.write("".join(format_exception_only(error)))
            except Exception as error:
                error.add_note(f"in {named(self.page)}:{block.line}")
                raise
        self._compare(block, expected, out.getvalue())
        return True

    def _console(self, block: Block) -> bool:
        """Compare the output of each command with the lines below it."""
        found = [pair for pair in commands(block.text) if is_run(pair[0])]
        for command, expected in found:
            written = self.terminal.run(command).written
            self._compare(block, f"$ {command}\n{expected}", f"$ {command}\n{written}")
        return bool(found)

    def _sh(self, block: Block, output: str | None) -> bool:
        """Expect every command to succeed; compare the output if the page shows one."""
        lines = filter(is_run, joined(block.text).splitlines())
        ended = list(map(self.terminal.run, lines))
        written = "".join(process.written for process in ended)
        if any(process.code for process in ended):
            raise self._outdated(block.line, f"a command fails: {written}")
        if output is not None:
            self._compare(block, output, written)
        return bool(ended)


def _is_code(block: Block) -> bool:
    return block.language in ("python", "sh") and not block.file
