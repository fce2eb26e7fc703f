"""A SQL statement as a query.

Start at `reader`, which goes through the clauses in `clauses` and `order`. `statement` parses the
text and knows its places, `names` finds the fields of columns, `predicates` reads conditions,
`literals` their values, `outputs` and `buckets` what SELECT has. `written` and `flatten` turn the
forms that `to_sql` writes into plain SQL first.
"""
