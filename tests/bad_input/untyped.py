"""The public names without types, for code that type checkers would reject."""

from __future__ import annotations

from typing import Any

import leadquery
from leadquery import fields

# Untyped: a type checker would refuse most of these lines before they run.
Leads: Any = leadquery.Leads
users: Any = leadquery.users
Choice: Any = fields.Choice
CreatedOn: Any = fields.CreatedOn
DoNotCall: Any = fields.DoNotCall
EngagementScore: Any = fields.EngagementScore
F: Any = fields.Field("mx_A")
OwnerId: Any = fields.OwnerId
OwnerIdName: Any = fields.OwnerIdName
Phone: Any = fields.Phone
Source: Any = fields.Source
