"""What urllib3 logs of a call, without the keys that a URL holds."""

from __future__ import annotations

import logging
import re
from typing import Final

from leadquery.client.credentials import HIDDEN
from leadquery.spec.vocabulary import ACCESS_KEY, SECRET_KEY

LOGGERS: Final = (
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)
"""Those that log the URL of a call, or of one tried again. A filter hears its own logger alone."""

_keys_of_url = re.compile(rf"\b({ACCESS_KEY}|{SECRET_KEY})=[^&\s'\"]*", re.IGNORECASE).sub


def hide_keys(record: logging.LogRecord) -> bool:
    """Let a record pass, without the keys of any URL in it."""
    said = record.getMessage()
    hidden = _keys_of_url(rf"\1={HIDDEN}", said)
    if hidden != said:
        record.msg, record.args = hidden, None
    return True


def hide_keys_in_logs() -> None:
    """Scrub what is logged from now on; a filter that is there already is not added again."""
    for name in LOGGERS:
        logging.getLogger(name).addFilter(hide_keys)
