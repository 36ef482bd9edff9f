from portal.lifecycle.programmes.wording import DECISIONS
from portal.web.navigation import Entry, register

register(Entry(DECISIONS, "lifecycle:conferral.list", "conferral.view", "honours", icon="award", order=10))
