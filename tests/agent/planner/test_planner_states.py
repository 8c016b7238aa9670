"""States of a conversation that no turn has left."""

import pytest

from agent.planner.plan import ConversationState, Plan, PlanStep
from agent.planner.planner import plan
from store.errors import BadInput


@pytest.mark.parametrize("tool", ["no_such_tool", "update_icp_profile"])
def test_a_waiting_plan_of_a_step_that_no_plan_has_is_refused(tool: str) -> None:
    asked = Plan(steps=[PlanStep(tool=tool, arguments={}, in_words="do it")], ask="Which one?")
    with pytest.raises(BadInput, match="step that no plan has"):
        plan("the first", ConversationState(asked=asked))
