"""Any question as the fewest requests: which requests, and how to combine their results.

`make_plan` turns a query into a `Plan` of steps, each an ordinary query that one request carries.
The boolean algebra is `leadquery.cover.cover`; `leadquery.client.run_plan` sends the steps and
combines their results.
"""

from __future__ import annotations

from leadquery.plan.filled import Filled
from leadquery.plan.plan import Plan, make_plan
from leadquery.plan.recipe import Recipe, Rows, Step, drive
from leadquery.plan.solve import solve

__all__ = ["Filled", "Plan", "Recipe", "Rows", "Step", "drive", "make_plan", "solve"]
