from __future__ import annotations


def order_statistics(query, field, quantiles, limit):
    raise NotImplementedError
    yield
