"""The tools for standing audiences and tiers, as every door declares them."""

from tools.declaration import tool
from tools.standing.keep_audience import keep_audience
from tools.standing.list_standing import list_standing
from tools.standing.refresh import refresh_standing
from tools.standing.rescore import rescore_accounts

KEEP = tool(keep_audience, needs=("people", "run"))
LIST = tool(list_standing)
REFRESH = tool(refresh_standing, needs=("people", "run"))
RESCORE = tool(rescore_accounts, needs=("people", "run"))

STANDING = (KEEP, LIST, REFRESH, RESCORE)
