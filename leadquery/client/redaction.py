"""What urllib3 logs of a call, without the keys."""

from __future__ import annotations

import logging
import re
from contextvars import ContextVar
from typing import Final

from leadquery.client.auth import HIDDEN, ApiKeys
from leadquery.wire.protocol import ACCESS_KEY, SECRET_KEY

LOGGERS: Final = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)
"""Those that log the URL of a call, or what came back. A filter hears its own logger alone."""

keys_of_call: Final[ContextVar[ApiKeys | None]] = ContextVar("keys_of_call", default=None)
"""The keys of the call that this thread makes."""

_keys_of_url = re.compile(rf"\b({ACCESS_KEY}|{SECRET_KEY})=[^&\s'\"]*", re.IGNORECASE).sub

_traceback_of = logging.Formatter().formatException


def redact_record(record: logging.LogRecord) -> bool:
    """Let a record pass, without the keys of the call and of any URL in it."""
    said = record.getMessage()
    hidden = _hidden(said)
    if hidden != said:
        record.msg, record.args = hidden, None
    if record.exc_info:
        # A handler would write the traceback anew.
        record.exc_text, record.exc_info = _hidden(_traceback_of(record.exc_info)), None
    return True


def hide_keys_in_logs() -> None:
    """Scrub what is logged from now on; a filter that is there already is not added again."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(redact_record)


def _hidden(text: str) -> str:
    keys = keys_of_call.get()
    return _keys_of_url(rf"\1={HIDDEN}", keys.hidden_in(text) if keys else text)
