"""Each briefing can be made again and says the same; two of them can be compared."""

import pytest

from agent.history.comparing.compare import compare_runs
from agent.history.replaying.replay import replay
from benchmarks.closed_loop.house import Loop
from tests.closed_loop.conftest import Told


@pytest.mark.parametrize("week", [1, 2, 3])
def test_a_briefing_made_again_is_the_same(loop: Loop, told: Told, week: int) -> None:
    found = replay(loop.workspace, told.briefings[week - 1].briefing_id)
    assert found.differences == []
    assert all("taken as it was told" in each or "Nothing was sent" in each for each in found.why)
    assert found.hash_now == found.hash_before


def test_the_second_and_the_third_differ_in_what_they_were_made_from(loop: Loop, told: Told) -> None:
    two, three = (each.briefing_id for each in told.briefings[1:])
    found = compare_runs(loop.workspace, two, three)
    assert any("outcome" in each for each in found.inputs)
    changed = {each.what: (each.before, each.after) for each in found.figures}
    assert changed
