"""Which tools are there for profiles? In the order a reader should meet them."""

from tools.declaration import tool
from tools.profiles.changing.delete_icp_profile import delete_icp_profile
from tools.profiles.changing.restore_icp_profile import restore_icp_profile
from tools.profiles.changing.share_icp_profile import share_icp_profile
from tools.profiles.changing.update_icp_profile import update_icp_profile
from tools.profiles.lists.score_list import score_list
from tools.profiles.making.clone_icp_profile import clone_icp_profile
from tools.profiles.making.create_icp_profile import create_icp_profile
from tools.profiles.making.propose_icp_profile import propose_icp_profile
from tools.profiles.reading.compare_icp_profiles import compare_icp_profiles
from tools.profiles.reading.get_icp_profile import get_icp_profile
from tools.profiles.reading.icp_profile_history import icp_profile_history
from tools.profiles.reading.list_icp_profiles import list_icp_profiles

PROPOSE = tool(propose_icp_profile, needs=("run",))
CREATE = tool(create_icp_profile, needs=("run",))
LIST = tool(list_icp_profiles)
GET = tool(get_icp_profile)
UPDATE = tool(update_icp_profile, needs=("run",))
CLONE = tool(clone_icp_profile, needs=("run",))
SHARE = tool(share_icp_profile, needs=("run",))
HISTORY = tool(icp_profile_history)
COMPARE = tool(compare_icp_profiles)
RESTORE = tool(restore_icp_profile, needs=("run",))
DELETE = tool(delete_icp_profile, needs=("run",), takes_away=True)
SCORE_LIST = tool(score_list, needs=("people", "run"))
PROFILE_TOOLS = (
    PROPOSE,
    CREATE,
    LIST,
    GET,
    UPDATE,
    CLONE,
    SHARE,
    HISTORY,
    COMPARE,
    RESTORE,
    DELETE,
    SCORE_LIST,
)
