"""Sends queries to the API and returns results.

A call passes through these modules, top to bottom:

- `client`: `Client`, the public methods. `options` makes the transport of its options, and has the
  errors for what the methods are given.
- `async_client`: `AsyncClient`, the same methods in threads.
- `paginator`: reads all pages, prefetched on threads; `drift` notices rows that move between them.
- `transport`: one call with its retries and its deadline.
- `rate_limiter`: when a call may start, so that the API never rejects one for its rate.
- `auth`: holds the keys, and adds them to a call.
- `connections`: open sockets that add the keys, and keep the deadline.
- `response`: reads a response, and what it means; `call_errors` has the errors with their hints.
- `redaction`: removes the keys from texts of the server, however they are escaped.

`export` writes long lists to a file and can resume; `csv_download` joins the API's own CSV. Start
reading at `Client.run` and `Transport._execute`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadquery.client.async_client import AsyncClient
    from leadquery.client.client import Client
    from leadquery.client.export import ExportResult
    from leadquery.client.progress import Progress
    from leadquery.errors import Change
    from leadquery.result import Result

__all__ = ["AsyncClient", "Change", "Client", "ExportResult", "Progress", "Result"]

# Loaded on first use: the clients bring requests, other modules of this package do not.
_LAZY = {
    "AsyncClient": "client.async_client",
    "Change": "errors",
    "Client": "client.client",
    "ExportResult": "client.export",
    "Progress": "client.progress",
    "Result": "result",
}


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = globals()[name] = getattr(import_module(f"leadquery.{_LAZY[name]}"), name)
    return found
