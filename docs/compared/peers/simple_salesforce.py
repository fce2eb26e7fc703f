# --- connect
from simple_salesforce import Salesforce, format_soql

sf = Salesforce(instance="example.my.salesforce.com", session_id="key")

# --- filter
soql = format_soql(
    "SELECT FirstName, Score__c FROM Lead WHERE Score__c < {} AND LeadSource = {}", 10, "Website"
)
for record in sf.query_all(soql)["records"]:
    print(record["FirstName"], record["Score__c"])

# --- group
soql = """
SELECT ProspectStage__c, COUNT(Id) leads, AVG(Score__c) score
FROM Lead
GROUP BY ProspectStage__c
"""
for record in sf.query(soql)["records"]:
    print(record["ProspectStage__c"], record["leads"], round(record["score"], 2))

# --- every
print(sum(1 for record in sf.query_all_iter("SELECT FirstName, Score__c FROM Lead")))

# --- field
sf.query("SELECT FirstName FROM Lead WHERE Scor__c < 10")

# --- operator
sf.query("SELECT FirstName FROM Lead WHERE Score__c LESS 10")
