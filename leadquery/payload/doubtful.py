"""Lists of objects read in less time: only the entries that something may be said of.

What the fast test passes and the smells are known to pass over is left out. A law holds that the
findings are those of the whole reading.
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from leadquery.payload.compiled import entry_writer
from leadquery.payload.lists import read_several, report_repeats
from leadquery.payload.passing import entry_test, told_apart
from leadquery.payload.smells.plain import names_of, suspects
from leadquery.spec.findings import BROKEN, Json, Spot
from leadquery.spec.shapes import Several, Variants


def read_doubtful(form: Several, raw: Json, spot: Spot) -> Any:
    """A list; of objects of several shapes, only those that something may be said of."""
    if type(raw) is not list or not raw or not isinstance(form.of, Variants):
        return read_several(form, raw, spot)
    clean, failed = _sifted(form.of, raw)
    filters = [raw[index] for index in clean]
    findings, nodes = spot.walk.findings, spot.walk.nodes
    known = len(findings), len(nodes)
    values = _read(form.of, raw, failed, spot)
    told = {found.path[: len(spot.path) + 1] for found in findings[known[0] :]}
    if any(spot.at(index).path not in told for index in failed):
        # The fast test said no without a reason, so that other entries may have one here.
        del findings[known[0] :], nodes[known[1] :]
        return read_several(form, raw, spot)
    mended = {index: values[index] for index in failed if values[index] is not BROKEN}
    mended_names = {one.name for one in mended.values()}
    suspected = [clean[place] for place in suspects(filters, mended_names)]
    values |= _read(form.of, raw, suspected, spot)
    nodes[known[1] :] = sorted(nodes[known[1] :], key=lambda node: node.path[len(spot.path)])
    names = [*names_of(filters), *(one.name for one in mended.values())]
    if len(set(names)) < len(names):
        written = map(entry_writer(form.of), mended.values())
        keys = told_apart(form.of)([*filters, *written])
        if len(set(keys)) < len(keys):
            told_by_place = sorted(zip([*clean, *mended], keys, strict=True), key=itemgetter(0))
            report_repeats(told_by_place, spot)
    return BROKEN if BROKEN in values.values() else tuple(values.values())


def _sifted(form: Variants, raw: list[Json]) -> tuple[list[int], list[int]]:
    """The entries that the fast test passes, and the others."""
    test = entry_test(form)
    clean: list[int] = []
    failed: list[int] = []
    for index, one in enumerate(raw):
        try:
            passed = test(one)
        except (KeyError, ValueError):
            passed = False
        (clean if passed else failed).append(index)
    return clean, failed


def _read(form: Variants, raw: list[Json], which: list[int], spot: Spot) -> dict[int, Any]:
    return {index: spot.at(index).read(form, raw[index]) for index in which}
