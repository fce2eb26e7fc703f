"""The body of a reply: read piece by piece, within the patience of its query, to its very end."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPException
from typing import Any, Final

from attrs import frozen
from requests import Response
from urllib3.exceptions import HTTPError

from leadquery.client.deadline import Deadline
from leadquery.client.response import RawResponse, ResponseParser, Rows
from leadquery.client.transport_errors import Timeouts, broken_off, map_exception, out_of_time
from leadquery.errors import ApiError

CHUNK: Final = 65_536

FAULTS: Final = (OSError, HTTPError, HTTPException)
"""What a session raises when a call brings nothing; the errors of requests are OSErrors."""


@frozen
class StreamingResponse:
    """The body of a reply of which only the head is read."""

    response: Response
    where: str
    timeouts: Timeouts
    patience: Deadline

    def reply(self) -> RawResponse | ApiError:
        """The whole reply, or the error that it ends with."""
        try:
            body = b"".join(self.pieces())
        except ApiError as error:
            return error
        return RawResponse(self.response.status_code, self.response.headers, body)

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
                    failed = map_exception(self.where, error, self.timeouts)
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


def read_rows(judge: ResponseParser, body: StreamingResponse) -> tuple[Rows, int] | ApiError:
    """The rows of a page, and how many there are in all."""
    reply = body.reply()
    return reply if isinstance(reply, ApiError) else judge.rows(reply)


def read_json(judge: ResponseParser, body: StreamingResponse) -> Any:
    """The JSON value of a body, or an ApiError."""
    reply = body.reply()
    return reply if isinstance(reply, ApiError) else judge.value(reply)


def read_file(judge: ResponseParser, body: StreamingResponse) -> StreamingResponse | ApiError:
    """The body itself, unread, when it is a file."""
    if judge.is_file(body.response.status_code, body.response.headers):
        return body
    reply = body.reply()
    return reply if isinstance(reply, ApiError) else judge.no_file(reply)
