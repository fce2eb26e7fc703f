# --- connect
from pyairtable import Api
from pyairtable.formulas import match

table = Api("key").table("appExample", "Leads")

# --- filter
formula = match({"Score": ("<", 10), "Source": "Website"})
for record in table.all(formula=formula, fields=["FirstName", "Score"]):
    print(record["fields"])

# --- group
scores = {}
for record in table.all(fields=["ProspectStage", "Score"]):
    fields = record["fields"]
    scores.setdefault(fields["ProspectStage"], []).append(fields["Score"])
for stage, values in scores.items():
    print(stage, len(values), round(sum(values) / len(values), 2))

# --- every
print(len(table.all()))

# --- field
table.all(formula=match({"Scor": ("<", 10)}))

# --- operator
table.all(formula=match({"Score": ("less", 10)}))
