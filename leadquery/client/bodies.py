"""The body of a reply: read piece by piece, within the patience of its query, to its very end."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPException
from typing import Any, Final

from attrs import frozen
from requests import Response
from urllib3.exceptions import HTTPError

from leadquery.client.failures import Timeouts, broken_off, failure, out_of_time
from leadquery.client.patience import Patience
from leadquery.client.replies import Judge, Reply, Rows
from leadquery.errors import ApiError

CHUNK: Final = 65_536
FAULTS: Final = (OSError, HTTPError, HTTPException)
"""What a session raises when a call brings nothing; the errors of requests are OSErrors."""


@frozen
class Body:
    """The body of a reply of which only the head is read."""

    response: Response
    where: str
    timeouts: Timeouts
    patience: Patience

    def reply(self) -> Reply | ApiError:
        """The whole reply, or the error that it ends with."""
        try:
            body = b"".join(self.pieces())
        except ApiError as error:
            return error
        return Reply(self.response.status_code, self.response.headers, body)

    def pieces(self) -> Iterator[bytes]:
        """What comes, as it comes. Raises ApiError when it breaks off."""
        came = 0
        failed: ApiError | None = None
        pieces = self.response.iter_content(CHUNK)
        with self.response:
            while failed is None:
                try:
                    piece = next(pieces, None)
                except FAULTS as error:
                    failed = failure(self.where, error, self.timeouts)
                    break
                if piece is None:
                    failed = broken_off(self.where, came, self.response.headers)
                    break
                came += len(piece)
                yield piece
                if self.patience.left <= 0:
                    failed = out_of_time(self.where, self.patience.seconds, 1)
        # Out here the error of requests, which holds the URL, is not its context.
        if failed:
            raise failed


def rows_of(judge: Judge, body: Body) -> tuple[Rows, int] | ApiError:
    """The rows of a page, and how many there are in all."""
    reply = body.reply()
    return reply if isinstance(reply, ApiError) else judge.rows(reply)


def value_of(judge: Judge, body: Body) -> Any:
    """The JSON value of a body, or an ApiError."""
    reply = body.reply()
    return reply if isinstance(reply, ApiError) else judge.value(reply)


def file_of(judge: Judge, body: Body) -> Body | ApiError:
    """The body itself, unread, when it is a file."""
    if judge.is_file(body.response.status_code, body.response.headers):
        return body
    reply = body.reply()
    return reply if isinstance(reply, ApiError) else judge.no_file(reply)
