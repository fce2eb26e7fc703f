"""Lists of objects read in less time: only the entries that something may be said of.

What the fast test passes and the smells are known to pass over is left out. A law holds that the
findings are those of the whole reading.
"""

from __future__ import annotations

from itertools import compress, count
from operator import itemgetter, not_
from typing import Any

from leadquery.lint.arrays import read_array, report_duplicates
from leadquery.lint.diagnostics import INVALID, Cursor, Json
from leadquery.lint.fast_path import clean_test, may_repeat, told_apart
from leadquery.lint.rules.suspicious_fast import names_of, suspects
from leadquery.wire.schema import Array, Union
from leadquery.wire.serializer import entry_writer


def read_doubtful(form: Array, raw: Json, spot: Cursor) -> Any:
    """A list; of objects of several shapes, only those that something may be said of."""
    if type(raw) is not list or not raw or not isinstance(form.of, Union):
        return read_array(form, raw, spot)
    passed = list(map(clean_test(form.of), raw))
    clean = list(compress(count(), passed))
    failed = list(compress(count(), map(not_, passed)))
    filters = list(compress(raw, passed))
    names = names_of(filters)
    findings, nodes = spot.walk.findings, spot.walk.nodes
    known = len(findings), len(nodes)
    values = _read(form.of, raw, failed, spot)
    told = {found.path[: len(spot.path) + 1] for found in findings[known[0] :]}
    if any(spot.at(index).path not in told for index in failed):
        # The fast test said no without a reason, so that other entries may have one here.
        del findings[known[0] :], nodes[known[1] :]
        return read_array(form, raw, spot)
    mended = {index: values[index] for index in failed if values[index] is not INVALID}
    mended_names = {one.name for one in mended.values()}
    suspected = [clean[place] for place in suspects(filters, names, mended_names)]
    values |= _read(form.of, raw, suspected, spot)
    nodes[known[1] :] = sorted(nodes[known[1] :], key=lambda node: node.path[len(spot.path)])
    names += (one.name for one in mended.values())
    if len(set(names)) < len(names):
        written = [*filters, *map(entry_writer(form.of), mended.values())]
        if may_repeat(form.of)(written):
            keys = zip([*clean, *mended], told_apart(form.of)(written), strict=True)
            report_duplicates(sorted(keys, key=itemgetter(0)), spot)
    return INVALID if INVALID in values.values() else tuple(values.values())


def _read(form: Union, raw: list[Json], which: list[int], spot: Cursor) -> dict[int, Any]:
    return {index: spot.at(index).read(form, raw[index]) for index in which}
