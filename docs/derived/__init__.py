"""Reference pages generated from the code: `{derived} fields.types` inserts that table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sphinx.util.docutils import SphinxDirective

from docs.derived import assumptions, commands, demo, errors, fields, payload, reports

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
    "reports.facts": reports.facts,
    "reports.paths": reports.paths,
    "fields.attributes": fields.attributes,
    "fields.operators": fields.operators,
    "fields.standard": fields.standard_fields,
    "fields.types": fields.field_types,
}
"""Functions that return Markdown. A part starts with a heading or has none."""


class Derived(SphinxDirective):
    """Insert a generated part into a page."""

    required_arguments = 1

    def run(self) -> list[Any]:
        self.env.note_reread()  # The code may have changed since the last build.
        return self.parse_text_to_nodes(PARTS[self.arguments[0]](), allow_section_headings=True)


NOT_CONSTRUCTED: Final = (
    *("LeadSet", "GroupedLeads", "Query", "Report", "Diagnostic", "Result", "Predicate"),
    "UserPredicate",
)
"""Classes that users never construct; the reference leaves out their signature."""


def _signature(
    _app: Sphinx, what: str, name: str, *rest: str | None
) -> tuple[str | None, str | None]:
    """Handle autodoc-process-signature; the last two arguments are signature and return type."""
    signature, returned = rest[-2:]
    if what == "class" and name.rpartition(".")[2] in NOT_CONSTRUCTED:
        return "", ""
    # attrs writes NOTHING for a default computed from other arguments.
    return signature and signature.replace("NOTHING", "…"), returned


CONTENTS: Final = "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"
"""Added to an index page that has no toctree of its own."""


def _with_contents(_app: Sphinx, page: str, source: list[str]) -> None:
    """Handle source-read: link every page of a folder from its index."""
    if page.endswith("/index") and "{toctree}" not in source[0]:
        source[0] += CONTENTS


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension with Sphinx."""
    app.add_directive("derived", Derived)
    app.connect("source-read", _with_contents)
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True, "version": "1"}
