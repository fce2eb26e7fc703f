"""How far an export has come: a small file beside the rows. It holds no key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import attrs
from attrs import frozen

from leadquery._util.atomic_write import atomic_write
from leadquery.client.pagination import Change
from leadquery.errors import QueryError
from leadquery.query.from_payload import from_payload

FORM: Final = 1
"""Of the file; another one is not read."""

RESTART_OPTION: Final = "resume=False (--no-resume)"
"""What starts an export over, in Python and in a shell."""


@frozen
class ExportKey:
    """What an export asks, and of whom: rows of two questions are never joined."""

    host: str
    payload: Mapping[str, Any]
    limit: int | None


@frozen
class Checkpoint:
    """The state of an export.

    `pages`, `rows` and `size` (in bytes) are those that stand before the last page that was
    written, and `last` tells what that page held: it is read once more, to see whether rows
    moved meanwhile. `whole` says that nothing is left to fetch.
    """

    asked: ExportKey
    pages: int = 0
    rows: int = 0
    size: int = 0
    last: str = ""
    total: int | None = None
    changes: tuple[Change, ...] = ()
    whole: bool = False

    def write(self, path: Path) -> None:
        """Put the state into a file, at one stroke."""
        text = json.dumps({"form": FORM, **attrs.asdict(self)}, indent=1)
        with atomic_write(path, path.with_name(f"{path.name}.new")) as out:
            out.write(text.encode())


def checkpoint_in(path: Path, asked: ExportKey) -> Checkpoint | None:
    """The state in a file; None where there is no file.

    Raises QueryError for the state of another export, and for what is none.
    """
    if not path.exists():
        return None
    try:
        found = _read(json.loads(path.read_text("utf-8")))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise QueryError(
            f"{str(path)!r} is no checkpoint that can be read; write {RESTART_OPTION} to start over"
        ) from None
    if found.asked != asked:
        raise QueryError(
            f"{str(path)!r} belongs to an export {_mismatch(found.asked, asked)}; "
            f"go on with that one, or write {RESTART_OPTION} to start over"
        )
    return found


def _read(state: dict[str, Any]) -> Checkpoint:
    if state.pop("form") != FORM:
        raise ValueError
    asked = ExportKey(**state.pop("asked"))
    from_payload(dict(asked.payload))
    changes = tuple(Change(**one) for one in state.pop("changes"))
    return Checkpoint(asked, changes=changes, **state)


def _mismatch(found: ExportKey, asked: ExportKey) -> str:
    """What sets another export apart from this one."""
    if found.host != asked.host:
        return f"from {found.host!r}, not from {asked.host!r}"
    if found.limit != asked.limit:
        return f"with limit={found.limit}, not {asked.limit}"
    other = _sentence(found.payload)
    if other == _sentence(asked.payload):
        return "with another page size"
    return f"of another query ({other.rstrip('.')})"


def _sentence(payload: Mapping[str, Any]) -> str:
    """What a payload asks, whatever the page."""
    return from_payload(dict(payload)).page(1).describe()
