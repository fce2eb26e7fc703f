"""Signatures in the reference: names that are documented, and defaults that can be written."""

from __future__ import annotations

import re
from typing import Final

NOT_CONSTRUCTED: Final = (
    *("LeadSet", "GroupedLeads", "Query", "Report", "Diagnostic", "Result", "Predicate"),
    *("NotContacted", "WithoutTasks", "WithPendingTasks", "CompoundPredicate", "OtherOwners"),
    *("Aggregate", "GroupCondition", "SortKey", "DateBucket", "Bins", "NamedPeriods", "Plan"),
    *("Step", "User", "UserPredicate", "SqlIssue", "App", "EmulatorSession", "EmulatorServer"),
    *("Transport", "BaseField", "OneRequest", "SeveralRequests", "Progress", "ExportResult"),
    *("Snapshot", "Fault", "WsgiApp"),
)
"""Classes that users get and do not construct; the reference leaves out their signature."""

_REPLACED: Final = (
    (r"TypeAliasForwardRef\('([\w.]+)'\)", r"~\1"),
    (r"~?[\w.]*\bUnpack\[~?[\w.]*\bOptions\]", "Any"),
    # Type variables.
    (r"~?[\w.]*\bQ\b", "Self"),
    (r"~?[\w.]*\bV\b", "Any"),
    (r"\[~?[\w.]*\bR_co\]", ""),
    # Aliases of the code.
    (r"~?[\w.]*\bJson\b", "Any"),
    (r"~?[\w.]*\bBaseQuery\b", "LeadSet | GroupedLeads | Query"),
    (r"~?[\w.]*\bColumnName\b", "str | BaseField[Any] | Aggregate | GroupKey"),
    (r"~?[\w.]*\bFilled\b", "Iterable[BaseField[Any] | str | Mapping[str, Any]]"),
    (r"~?[\w.]*\bHavingCondition\b", "GroupCondition"),
    (r" \| ~?[\w.]*\bRate\b", ""),
    # Defaults.
    (r"\bRate\(calls=(\d+), seconds=([\d.]+)\)", r"(\1, \2)"),
    (r"\b(Clock|Faults|Snapshot)\((?:[^()]|\(\))*\)", r"\1()"),
    (r"<[\w.]+\.(\w+) object>", r"\1()"),
    (r"<built-in function (\w+)>", r"time.\1"),
    # That of a field's label, which attrs computes.
    ("= NOTHING", "= name"),
)


def signature(
    what: str, name: str, arguments: str | None, returned: str | None
) -> list[str | None]:
    """The signature and the return type to show for an object, as autodoc hands them over."""
    if what == "class" and name.rpartition(".")[2] in NOT_CONSTRUCTED:
        return ["", ""]
    if ".AsyncClient." in name and returned:
        # They have the signatures of `Client`.
        returned = re.sub(r"\bIterator\[", "AsyncIterator[", returned)
    return [text and _readable(text) for text in (arguments, returned)]


def _readable(text: str) -> str:
    for pattern, replacement in _REPLACED:
        text = re.sub(pattern, replacement, text)
    return text
