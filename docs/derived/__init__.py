"""Reference made from the code: the directive `{derived} words.kinds` stands for what it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sphinx.util.docutils import SphinxDirective

from docs.derived import assumptions, commands, demo, errors, payload, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PARTS: Final[dict[str, Callable[[], str]]] = {
    "assumptions": assumptions.assumptions,
    "commands": commands.commands,
    "demo.fields": demo.fields,
    "demo.users": demo.users,
    "errors": errors.errors,
    "payload": payload.payload,
    "payload.call": payload.call,
    "words.attributes": words.attributes,
    "words.fields": words.all_fields,
    "words.kinds": words.kinds,
    "words.operators": words.operators,
}
"""What pages may ask for, each as Markdown: either headings and what is below, or none."""


class Derived(SphinxDirective):
    """A part of the reference, in the place where a page names it."""

    required_arguments = 1

    def run(self) -> list[Any]:
        self.env.note_reread()
        return self.parse_text_to_nodes(PARTS[self.arguments[0]](), allow_section_headings=True)


MADE_ELSEWHERE: Final = (
    *("LeadSet", "GroupedLeads", "Query", "Report", "Diagnostic", "Result", "Predicate"),
    "UserPredicate",
)
"""Classes that people meet and do not make; how they are made is nothing to rely on."""


def _signature(
    _app: Sphinx, what: str, name: str, *rest: str | None
) -> tuple[str | None, str | None]:
    """Called by autodoc for each signature; it comes last, with the type of what comes back."""
    signature, returned = rest[-2:]
    if what == "class" and name.rpartition(".")[2] in MADE_ELSEWHERE:
        return "", ""
    # What attrs writes for a default that goes by the other arguments.
    return signature and signature.replace("NOTHING", "…"), returned


CONTENTS: Final = "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"
"""What an index gets that lists its folder in words of its own."""


def _with_contents(_app: Sphinx, page: str, source: list[str]) -> None:
    """Called by Sphinx for each page: an index leads to the pages of its folder."""
    if page.endswith("/index") and "{toctree}" not in source[0]:
        source[0] += CONTENTS


def setup(app: Sphinx) -> ExtensionMetadata:
    """Called by Sphinx. Pages are read anew in each build: what they stand for is code."""
    app.add_directive("derived", Derived)
    app.connect("source-read", _with_contents)
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True, "version": "1"}
