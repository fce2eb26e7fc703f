"""The same tasks with leadquery and other libraries, for a page of the explanation.

`peers` has a script for each library; a comment `# --- task` starts each task. `stand_ins` answers
for the services. `python -m docs.compared` runs everything and writes `outputs.json`; the page
shows both. `nox -s compare` installs the libraries and does so.
"""
