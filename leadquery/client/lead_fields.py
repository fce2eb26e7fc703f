"""The lead fields of an account, as the API tells them."""

from __future__ import annotations

from typing import Any

from leadquery.client.transport import Transport
from leadquery.errors import InvalidResponseError, QueryError
from leadquery.lint.catalog import FieldCatalog
from leadquery.wire.protocol import FIELDS_PATH


def lead_fields(caller: Transport, host: str | None) -> list[dict[str, Any]]:
    """What LeadsMetaData.Get answers, once it is seen to be that. Raises ApiError."""
    found = caller.get(FIELDS_PATH, host=host)
    try:
        FieldCatalog.of(found)
    except QueryError as error:
        unread = str(error)
    else:
        fields: list[dict[str, Any]] = found
        return fields
    raise InvalidResponseError(
        f"{caller.where}: the answer is no list of lead fields: {unread}",
        "write host= as the ordinary API host of the account, as in 'api.example.com'",
    )
