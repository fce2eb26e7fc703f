"""Someone who follows a page word by word: writes its files, runs its code, looks at the output."""

from __future__ import annotations

import json
import linecache
import os
from contextlib import redirect_stdout
from io import StringIO
from itertools import pairwise
from pathlib import Path
from traceback import format_exception_only
from typing import Any, Final
from unittest.mock import patch

from attrs import define, field

import leadquery
from tests.docs.pages import Block, blocks, named
from tests.docs.terminal import Terminal, commands, is_run, joined

OUTPUTS: Final = ("text", "json", "csv")
"""The languages of a block that, right below code, is what the code prints."""

NOT_HERE: Final = "# Not run here: "
"""How a block of Python begins that no test runs. It says why, and is Python all the same."""


EXAMPLE: Final = "example.py"
"""The file that code says it stands in, where an error names one."""


class UntrueError(AssertionError):
    """A page that does not hold what it says."""


@define
class Reader:
    """A person with an empty folder, and what Python knows so far."""

    page: Path
    folder: Path
    names: dict[str, Any] = field(init=False, factory=lambda: {"__name__": "__main__"})
    terminal: Terminal = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.terminal = Terminal(self.folder)

    def follow(self) -> int:
        """Do all that the page says, in its order; the number of blocks that were run."""
        nothing = Block("", "", 0, "", below=False)
        ran, read = 0, nothing
        for block, after in pairwise([*blocks(self.page), nothing]):
            if not (block.below and block.language in OUTPUTS and _is_code(read)):
                output = after.text if after.below and after.language in OUTPUTS else None
                ran += self._take(block, output)
            read = block
        return ran

    def _take(self, block: Block, output: str | None) -> bool:
        if block.shown:
            self._same(block, block.text, (self.folder / block.shown).read_text("utf-8"))
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
            raise self._told(block, "'text' is what the code right above prints; a sketch has none")
        return False

    def _write(self, file: Path, block: Block) -> None:
        if not file.resolve().is_relative_to(self.folder.resolve()):
            raise self._told(block, f"{file} is outside the folder")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block.text, "utf-8", newline="\n")

    def _same(self, block: Block, shown: str, real: str) -> None:
        if shown != real:
            raise self._told(block, f"the page shows\n{shown}\nand there is\n{real}")

    def _told(self, block: Block, what: str) -> UntrueError:
        return UntrueError(f"{named(self.page)}:{block.line}: {what}")

    def _python(self, block: Block, shown: str) -> bool:
        """What a block prints, and the last lines of what it raises, as Python shows them."""
        code = compile(block.text, EXAMPLE, "exec")
        if block.text.startswith(NOT_HERE):
            return False
        # Whoever looks for the source of a line finds it.
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
        self._same(block, shown, out.getvalue())
        return True

    def _console(self, block: Block) -> bool:
        """Each command writes what stands below it."""
        found = [one for one in commands(block.text) if is_run(one[0])]
        for command, shown in found:
            written = self.terminal.run(command).written
            self._same(block, f"$ {command}\n{shown}", f"$ {command}\n{written}")
        return bool(found)

    def _sh(self, block: Block, output: str | None) -> bool:
        """Each command ends well; what they write stands below, where anything does."""
        lines = filter(is_run, joined(block.text).splitlines())
        ended = list(map(self.terminal.run, lines))
        written = "".join(one.written for one in ended)
        if any(one.code for one in ended):
            raise self._told(block, f"a command fails: {written}")
        if output is not None:
            self._same(block, output, written)
        return bool(ended)


def _is_code(block: Block) -> bool:
    return block.language in ("python", "sh") and not block.file
