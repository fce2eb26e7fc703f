"""The examples of the page. The first one has mistakes on purpose."""

from __future__ import annotations

from typing import Final

EXAMPLES: Final = {
    "payload": """\
{
  "ReportFilter": {
    "LeadFilters": [
      {"LookUpName": "Source", "LookUpValue": "Website", "SqlOperator": "=="},
      {"LookUpName": "EngagementScore", "LookUpValue": 20, "SqlOperator": ">="},
    ]
  },
  "Output": {
    "type": "aggregate",
    "GroupBy": "OwnerId",
    "AggregateFunction": "Count",
    "AggregateField": "OwnerId"
  },
  "Paging": {"PageIndex": 1, "PageSize": 100}
}
""",
    "sql": """\
SELECT Source, COUNT(*)
FROM leads
WHERE EngagementScore >= 20
GROUP BY Source
ORDER BY COUNT(*) DESC
""",
    "python": """\
from leadquery import Leads, count
from leadquery.fields import OwnerId, Score, mx_City

query = (
    Leads.where((mx_City == "Delhi") | (Score > 80))
    .group_by(OwnerId)
    .count()
    .order_by(count().desc())
)
""",
}
