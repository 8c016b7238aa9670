"""An audience of accounts is told as accounts, and one of people as people."""

from datetime import UTC, datetime

import pytest

from agent.briefing_result import AudienceTold, Briefing, Moved
from agent.changes.briefed import markdown


@pytest.mark.parametrize(("unit", "word"), [("person", "people"), ("account", "accounts")])
def test_an_audience_is_told_in_the_unit_of_its_warehouse(unit: str, word: str) -> None:
    audience = {"name": "Software to call", "unit": unit, "people": 52}
    told = AudienceTold.model_validate(audience | {"entered": [Moved(people=3, why="they are new")]})
    briefing = Briefing(
        kind="unchanged",
        headline="Nothing significant changed.",
        briefing_id="briefing_1",
        warehouse="crm",
        created_at=datetime(2026, 3, 2, tzinfo=UTC),
        analysed_again=False,
        significant=0,
        notes=[],
        audiences=[told],
        markdown="",
    )
    assert f"“Software to call” has 52 {word}. 3 entered: they are new." in markdown(briefing)
