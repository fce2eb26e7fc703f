"""What is to be sent, and what a client takes it as."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count
from typing import Final

import attrs

from leadquery.errors import QueryError
from leadquery.lint.diagnostics import Json
from leadquery.wire.enums import ResponseFormat
from leadquery.wire.model import FIRST_PAGE, Paging, Request
from leadquery.wire.protocol import CALLS, SECONDS
from leadquery.wire.schema import keys_of

PAGING: Final = keys_of(Request)["paging"].token

INDEX: Final = keys_of(Paging)["index"].token

SIZE: Final = keys_of(Paging)["size"].token

PAUSE: Final = SECONDS / CALLS
"""Seconds that a loop waits between two calls: one after the other, they keep the API's limit."""


@attrs.frozen
class ExportRequest:
    """A payload as a client sends it.

    `name` is what a person calls it, `sentence` what it asks, in words. `every_page` asks for a
    loop over all pages.
    """

    payload: dict[str, Json]
    name: str = "query"
    sentence: str = ""
    response: ResponseFormat = ResponseFormat.JSON
    every_page: bool = False

    @property
    def csv(self) -> bool:
        """Whether the answer is to be CSV."""
        return self.response is ResponseFormat.CSV

    def page(self, index: int) -> ExportRequest:
        """The same for another page, of the same size."""
        size = self.payload.get(PAGING, {SIZE: FIRST_PAGE.size})[SIZE]
        paging = {INDEX: index, SIZE: size}
        return attrs.evolve(self, payload={**self.payload, PAGING: paging})

    def looped(self) -> ExportRequest:
        """The same as a loop that starts at the first page."""
        return attrs.evolve(self.page(1), every_page=True)

    def pages(self, count: int) -> list[ExportRequest]:
        """The same for each of the first pages, with the page in its name."""
        width = len(str(count))
        return [
            attrs.evolve(self.page(index), name=f"{self.name}-{index:0{width}}")
            for index in range(1, count + 1)
        ]


@attrs.frozen
class Exporter:
    """A client, and how sendings are written for it.

    `suffix` ends the name of a file. `loops` says whether what is written can ask for page after
    page, `several` whether one text holds several sendings, `url` whether it says the URL, with
    the format of the answer in it. `writer` is what puts it into words, as the docs say it.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Sequence[ExportRequest]], str] = attrs.field(repr=False)
    writer: str
    loops: bool = False
    several: bool = False
    url: bool = True

    def text(self, sendings: Iterable[ExportRequest]) -> str:
        """What the client takes, in Unicode, with a line end.

        Raises QueryError for what the target cannot say.
        """
        sent = _told_apart(sendings)
        self._refuse(sent)
        return self.write(sent)

    def _refuse(self, sent: Sequence[ExportRequest]) -> None:
        if len(sent) != 1 and not self.several:
            raise QueryError(f"{self.name} takes one query at a time; write a file for each")
        if not self.url and any(one.csv for one in sent):
            raise QueryError(
                f"the URL says the format of the answer, and {self.name} holds none; "
                "write another target"
            )
        if not self.loops and any(one.every_page for one in sent):
            raise QueryError(
                f"{self.name} has no loop; write a request for each page, of query.page(1) and on"
            )


def _told_apart(sendings: Iterable[ExportRequest]) -> tuple[ExportRequest, ...]:
    """The same, a name that stands before with a number behind it."""
    named: dict[str, ExportRequest] = {}
    for one in sendings:
        numbered = (f"{one.name}-{number}" for number in count(2))
        name = next(name for name in chain([one.name], numbered) if name not in named)
        named[name] = attrs.evolve(one, name=name)
    return tuple(named.values())


def single(write: Callable[[ExportRequest], str]) -> Callable[[Sequence[ExportRequest]], str]:
    """A writer of several, from a writer of one."""
    return lambda sent: write(sent[0])
