"""The page: a payload, SQL or Python typed into a browser, checked and explained there.

`analysis` has the functions that the page calls: `analyze` for each keystroke, `fix` for a click,
and `demo`, which runs the query on demo leads. `python_text` reads Python without running it.
`build` writes the static page, in which Pyodide runs these functions in a worker, and `app` serves
the same page from the process. The sources of the page are in `web`.
"""
