"""What other people wrote and labelled is planned as they meant it."""

from pathlib import Path

import pytest

from benchmarks.planner import labels_in, scored
from store.workspace import Workspace

UTTERANCES = Path(__file__).parent / "utterances"
# Of the held-out ones nobody who wrote the planner has read a line; the others were learned from.
FLOORS = {"train.jsonl": (0.99, 0.98), "validation.jsonl": (0.98, 0.95), "held_out.jsonl": (0.95, 0.90)}


@pytest.mark.parametrize("name", FLOORS)
def test_tools_and_arguments_stay_above_their_floors(own_us: Workspace, name: str) -> None:
    score = scored(labels_in(UTTERANCES / name), own_us)
    intents, arguments = FLOORS[name]
    wrong = [
        f"{one.label['id']}: {'; '.join(one.differences)}" for one in score.outcomes if not one.arguments
    ]
    assert score.intents >= intents, "\n".join([score.confusion(), *wrong])
    assert score.arguments >= arguments, "\n".join(wrong)
