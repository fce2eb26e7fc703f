"""Explanations of misuse: the line that raised an error, marked, and how to write it instead.

`leadquery.errors` imports it when an error is displayed and calls `explain`, the only entry point.
No other package imports it. Start reading at `explain` in `render`.

- `source`: the caller's statement, from the traceback
- `detect`, `calls`: what the misuse is, and its message
- `rewriter`, `rules_*`: the statement, rewritten correctly
- `fixer`: checks that the rewritten statement would work
- `type_inference`, `aliases`: types of expressions, and names from other libraries
"""

from __future__ import annotations

from leadquery._explain.render import explain as explain
