"""Parts of the reference that are generated from the code, and how Sphinx shows them.

A part stands in its page between `<!-- derived: NAME -->` and `<!-- end -->`;
`tests/docs/test_derived.py --update-goldens` writes them. Fields and errors are in the inventory
`objects.inv`, so that other documentation can link to them.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docutils import nodes

from docs.compared.scripts import TASKS
from docs.derived import (
    assumptions,
    commands,
    compared,
    demo,
    errors,
    fields,
    names,
    payload,
    reports,
)
from docs.derived.llms import llms
from docs.derived.signatures import signature
from leadquery import errors as leadquery_errors
from leadquery.fields import STANDARD

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

PARTS: Final[dict[str, Callable[[], str]]] = {
    "assumptions": assumptions.assumptions,
    "commands": commands.commands,
    "compared.lines": compared.lines,
    "compared.versions": compared.versions,
    **{f"compared.{task}": partial(compared.ran, task) for task in TASKS},
    "demo.fields": demo.fields,
    "demo.users": demo.users,
    "errors": errors.errors,
    "names": names.names,
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


_REGION: Final = re.compile(r"(<!-- derived: (\S+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_parts(page: str) -> str:
    """The text of a page with the parts as the code generates them."""
    return _REGION.sub(lambda found: f"{found[1]}\n{PARTS[found[2]]().strip()}\n\n{found[3]}", page)


def _signature(_app: Sphinx, what: str, name: str, *rest: str | None) -> list[str | None]:
    """Handle autodoc-process-signature; the last two arguments are signature and return type."""
    return signature(what, name, *rest[-2:])


CONTENTS: Final = "\n```{toctree}\n:hidden:\n:glob:\n\n*\n```\n"
"""Added to an index page that has no toctree of its own."""


def _with_contents(_app: Sphinx, page: str, source: list[str]) -> None:
    """Handle source-read: link every page of a folder from its index."""
    if page.endswith("/index") and "{toctree}" not in source[0]:
        source[0] += CONTENTS


def _note_objects(app: Sphinx, document: nodes.document) -> None:
    """Handle doctree-read: the headings of errors and the rows of fields are Python objects."""
    python = app.env.domains.python_domain
    page = app.env.docname
    if page == "reference/errors":
        for section in document.findall(nodes.section):
            name = section.children[0].astext()
            if name in vars(leadquery_errors):
                python.note_object(f"leadquery.{name}", "exception", section["ids"][0])
    if page == "reference/fields":
        for row in document.findall(nodes.row):
            literal = next(iter(row.children[0].findall(nodes.literal)), None)
            if literal is not None and literal.astext() in STANDARD:
                name = literal.astext()
                literal["ids"].append(name)
                python.note_object(f"leadquery.fields.{name}", "data", name)


def _write_llms(app: Sphinx, error: Exception | None) -> None:
    """Handle build-finished: list the pages of the website."""
    if error is None and app.builder.format == "html":
        Path(app.outdir, "llms.txt").write_text(llms(), "utf-8")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the extension with Sphinx."""
    app.connect("doctree-read", _note_objects)
    app.connect("build-finished", _write_llms)
    app.connect("source-read", _with_contents)
    app.connect("autodoc-process-signature", _signature)
    return {"parallel_read_safe": True, "version": "1"}
