"""Queries: which leads, and what to compute of them.

Start reading at `Query` in `query`; `leads` has the states before it, `LeadSet` and `GroupedLeads`,
and `base` what they share. `describe` writes a query in English, `decompile` in Python, and
`from_payload` reads one from JSON with the reader of `leadquery.lint`.

Queries are built from the conditions of `leadquery.expr` and hold a `Request` of `leadquery.wire`.
`Query.to_request` alone imports `leadquery.exporters`, when it is called.
"""
