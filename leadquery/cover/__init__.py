"""A tree of conditions as the fewest requests of the API, each of which joins its filters by AND.

Start reading at `cover.py`, whose first lines show the idea by a table. `axes.py` and
`field_axes.py` cut the values of a field into the cells of that table, and `diagram.py` keeps it
small. `leadquery.plan` makes steps of the requests; `where` also takes the single ones.
"""
