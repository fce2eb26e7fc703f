"""Explanations of misuse: the line that raised an error, marked, and how to write it instead.

`explain` is the only entry, called by `leadquery.errors` when somebody looks at an error. Start
reading at `render.py`.
"""

from __future__ import annotations

from leadquery._explain.render import explain as explain
