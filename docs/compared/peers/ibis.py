# --- connect
import ibis

from docs.compared.leads import LEADS

leads = ibis.duckdb.connect().create_table("leads", ibis.memtable(LEADS))

# --- filter
low = leads.filter(leads.Score < 10, leads.Source == "Website").select("FirstName", "Score")
print(low.to_pandas().to_string(index=False))

# --- group
stages = leads.group_by("ProspectStage").agg(leads=leads.count(), score=leads.Score.mean().round(2))
print(stages.to_pandas().to_string(index=False))

# --- every
print(leads.count().execute())

# --- field
leads.filter(leads.Scor < 10)

# --- operator
leads.filter(leads.Score.less(10))
