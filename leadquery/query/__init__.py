"""Queries: which leads, and what to compute of them.

`query.py` has the three states a query goes through, `LeadSet`, `GroupedLeads` and `Query`;
`base.py` what they share. `describe.py` says a query in English, `decompile.py` in Python, and
`from_payload.py` reads one from JSON.
"""
