"""The environment that a client takes its host and its keys from."""

from __future__ import annotations

from typing import Final

HOST: Final = "LEADQUERY_HOST"
ACCESS: Final = "LEADQUERY_ACCESS_KEY"
SECRET: Final = "LEADQUERY_SECRET_KEY"  # noqa: S105 - its name, no secret

VARIABLES: Final = (HOST, ACCESS, SECRET)
