# --- connect
from leadquery import Client, Leads
from leadquery.emulator import Emulator
from leadquery.fields import FirstName, ProspectStage, Score, Source

from docs.compared.leads import LEADS

session = Emulator(LEADS).session()
client = Client("api.example.com", "key", "secret", session)

# --- filter
print(client.run(Leads.where(Score < 10, Source == "Website").select(FirstName, Score)))

# --- group
print(client.run(Leads.group_by(ProspectStage).average(Score)))

# --- every
print(len(client.run(Leads.select(FirstName, Score))))

# --- field
from leadquery.fields import Scor

# --- operator
Leads.where(Score.less(10))
