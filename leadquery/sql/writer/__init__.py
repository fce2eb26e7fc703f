"""A query as one SQL statement.

Start at `writer`, which puts the statement together of the parts in `from_where` (leads and their
conditions), `groups` (keys, and what is computed of them) and `group_steps` (empty periods, and two
periods side by side). `columns` writes the values of fields, and `conditions` what they are
compared with.
"""
