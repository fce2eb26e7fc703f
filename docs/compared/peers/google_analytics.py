# --- connect
from google.analytics.data_v1beta import BetaAnalyticsDataClient
from google.analytics.data_v1beta.types import (
    DateRange,
    Dimension,
    Filter,
    FilterExpression,
    Metric,
    NumericValue,
    RunReportRequest,
)
from google.auth.credentials import AnonymousCredentials

client = BetaAnalyticsDataClient(credentials=AnonymousCredentials(), transport="rest")
report = {
    "property": "properties/1",
    "date_ranges": [DateRange(start_date="2024-07-01", end_date="today")],
}

# --- filter
website = Filter(field_name="source", string_filter=Filter.StringFilter(value="Website"))
low = Filter(
    field_name="score",
    numeric_filter=Filter.NumericFilter(operation="LESS_THAN", value=NumericValue(int64_value=10)),
)
request = RunReportRequest(
    **report,
    dimensions=[Dimension(name="leadId"), Dimension(name="firstName")],
    metrics=[Metric(name="score")],
    dimension_filter=FilterExpression(filter=website),
    metric_filter=FilterExpression(filter=low),
)
for row in client.run_report(request).rows:
    print(row.dimension_values[1].value, row.metric_values[0].value)

# --- group
request = RunReportRequest(
    **report,
    dimensions=[Dimension(name="stage")],
    metrics=[Metric(name="leads"), Metric(name="averageScore")],
)
for row in client.run_report(request).rows:
    print(row.dimension_values[0].value, *(metric.value for metric in row.metric_values))

# --- every
rows, total = 0, 1
while rows < total:
    request = RunReportRequest(
        **report,
        dimensions=[Dimension(name="leadId"), Dimension(name="firstName")],
        metrics=[Metric(name="score")],
        offset=rows,
        limit=200,
    )
    response = client.run_report(request)
    rows, total = rows + len(response.rows), response.row_count
print(rows)

# --- field
client.run_report(RunReportRequest(**report, metrics=[Metric(name="scor")]))

# --- operator
Filter.NumericFilter(operation="LESS", value=NumericValue(int64_value=10))
