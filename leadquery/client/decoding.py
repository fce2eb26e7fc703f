"""The body of a response as it arrives, unpacked."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from requests import Response

CHUNK_SIZE: Final = 65_536
"""Bytes to read at a time, and the most to unpack at a time."""

_GZIP_NAMES: Final = ("gzip", "x-gzip")

_GZIP: Final = 16 + zlib.MAX_WBITS

_MAGIC: Final = b"\x1f"
"""The first byte of gzip. The second one may be in the next chunk."""


class EncodingError(ValueError):
    """The body is packed in a way that was not asked for. Never leaves the package."""


class EndOfStreamError(Exception):
    """The packed body ends before its end. Never leaves the package."""


def read_body(response: Response) -> Iterator[bytes]:
    """The body in chunks. Raises EndOfStreamError, EncodingError, and the errors of requests.

    urllib3 does not tell whether gzip was cut off, so gzip is unpacked here, and in small pieces:
    a chunk may unpack to a thousand times its size. No call asks for another encoding.
    """
    encoding = response.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in ("", "identity", *_GZIP_NAMES):
        raise EncodingError
    if encoding in _GZIP_NAMES and hasattr(response.raw, "stream"):
        yield from _unpack(response.raw.stream(CHUNK_SIZE, decode_content=False))
    else:
        yield from response.iter_content(CHUNK_SIZE)


def _unpack(chunks: Iterator[bytes]) -> Iterator[bytes]:
    member = zlib.decompressobj(_GZIP)
    is_empty = True
    for chunk in chunks:
        data = chunk
        while data:
            is_empty = False
            if member.eof:
                if not data.startswith(_MAGIC):
                    # Bytes after the last member mean nothing.
                    return
                member = zlib.decompressobj(_GZIP)
            yield member.decompress(data, CHUNK_SIZE)
            data = member.unconsumed_tail or member.unused_data
    if not is_empty and not member.eof:
        raise EndOfStreamError
