"""`ExportRequest`, a payload to send, and `Exporter`, which writes it for a client."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count
from typing import Final

import attrs

from leadquery.errors import QueryError
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.model import FIRST_PAGE, Paging, Request
from leadquery.wire.schema import key_name
from leadquery.wire.types import Json

PAGING: Final = key_name(Request, "paging")
INDEX: Final = key_name(Paging, "index")
SIZE: Final = key_name(Paging, "size")


@attrs.frozen
class ExportRequest:
    """A payload to send, with its name for people and its description in English.

    `all_pages` asks for a loop over all pages.
    """

    payload: dict[str, Json]
    name: str = "query"
    description: str = ""
    response_format: ResponseFormat = ResponseFormat.JSON
    all_pages: bool = False

    @property
    def is_csv(self) -> bool:
        """Whether the response is CSV."""
        return self.response_format is ResponseFormat.CSV

    def page(self, index: int) -> ExportRequest:
        """The request for another page, of the same size."""
        size = self.payload.get(PAGING, {SIZE: FIRST_PAGE.size})[SIZE]
        paging = {INDEX: index, SIZE: size}
        return attrs.evolve(self, payload={**self.payload, PAGING: paging})

    def with_all_pages(self) -> ExportRequest:
        """The request as a loop that starts at the first page."""
        return attrs.evolve(self.page(1), all_pages=True)

    def pages(self, count: int) -> list[ExportRequest]:
        """A request for each of the first pages, with the page number in its name."""
        width = len(str(count))
        return [
            attrs.evolve(self.page(index), name=f"{self.name}-{index:0{width}}")
            for index in range(1, count + 1)
        ]


@attrs.frozen
class Exporter:
    """Writes requests for a client.

    `suffix` ends the names of its files. `loops` says whether it can write a loop over all pages,
    `several` whether one document can hold several requests, `has_url` whether the document holds
    the URL, which names the response format. `written_by` is for the docs: the library, if any,
    that writes the format.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Sequence[ExportRequest]], str] = attrs.field(repr=False)
    written_by: str
    loops: bool = False
    several: bool = False
    has_url: bool = True

    def export(self, requests: Iterable[ExportRequest]) -> str:
        """The document for the client, in Unicode, with a line end.

        Raises QueryError for what the client does not support.
        """
        named = _with_unique_names(requests)
        self._check(named)
        return self.write(named)

    def _check(self, requests: Sequence[ExportRequest]) -> None:
        if len(requests) != 1 and not self.several:
            raise QueryError(f"{self.name} takes one query at a time; write a file for each")
        if not self.has_url and any(request.is_csv for request in requests):
            raise QueryError(
                f"{self.name} has no URL, which names the response format; choose another exporter"
            )
        if not self.loops and any(request.all_pages for request in requests):
            raise QueryError(
                f"{self.name} has no loop; export a request for each page: query.page(1), and so on"
            )


def _with_unique_names(requests: Iterable[ExportRequest]) -> tuple[ExportRequest, ...]:
    """The requests, with a number added to a name that is taken."""
    named: dict[str, ExportRequest] = {}
    for request in requests:
        numbered = (f"{request.name}-{number}" for number in count(2))
        name = next(name for name in chain([request.name], numbered) if name not in named)
        named[name] = attrs.evolve(request, name=name)
    return tuple(named.values())
