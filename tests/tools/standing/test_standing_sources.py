"""keep_audience: from what an audience is made, to what end, and what cannot be kept."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from store.destinations import Destination, Destinations, Keys
from store.errors import BadInput, Conflict, NotFound
from store.workspace import Workspace
from tests.store.destinations.conftest import KEY, SECRET, bucket, opened, s3_server
from tests.tools.standing.conftest import COLUMNS, Crowd, reasons
from tools.activation.plan import AudiencePlan, keep_plan
from tools.profiles.changing.update_icp_profile import UpdateIcpProfile, update_icp_profile
from tools.profiles.making.create_icp_profile import CreateIcpProfile, create_icp_profile
from tools.standing.keep_audience import keep_audience
from tools.standing.people.definition import Definition
from tools.standing.people.members import ids_of, members
from tools.standing.people.now import Now
from tools.standing.queries import KeepAudience, RefreshStanding
from tools.standing.refresh import refresh_standing

__all__ = ["bucket", "s3_server"]  # fixtures

FIVE = {1: "Pro L", 2: "Pro L", 3: "Pro S", 4: "Free L", 5: "Free S"}
BEST = "plan=Pro AND size=L"


def test_a_new_revision_of_a_profile_changes_the_criteria(crowd: Crowd) -> None:
    """The profile asks for Pro (1, 2, 3), then for Free too: 4 and 5 enter by the criteria."""
    workspace = crowd.are(FIVE)
    made = create_icp_profile(workspace, CreateIcpProfile(name="Ours", signals=["Pro"]))
    keep_audience(workspace, KeepAudience(name="ours", icp_profile_id="Ours", strategy="reach"))
    assert crowd.refresh().people == 3
    update_icp_profile(
        workspace,
        UpdateIcpProfile(icp_profile=made.icp_profile_id, revision=1, changes={"signals": ["Pro", "Free"]}),
    )
    done = crowd.refresh()
    assert (done.people, reasons(done.entered), done.left) == (5, {"definition": 2}, [])


def test_an_audience_that_was_generated_stays_its_criteria(crowd: Crowd) -> None:
    workspace = crowd.are(FIVE)
    plan = AudiencePlan(warehouse="crowd", in_words="Pro", expression=crowd.clusters("plan=Pro"))
    keep_plan(workspace, "audience_1", plan)
    keep_audience(workspace, KeepAudience(name="kept", audience_id="audience_1"))
    workspace.artifacts.remove("audience_plan", "audience_1", "json")
    assert (crowd.refresh().people, crowd.refresh().status) == (3, "unchanged")


def test_a_changed_expression_of_a_newer_analysis_is_told_as_the_criteria(crowd: Crowd) -> None:
    """Of the newest analysis: first Pro, then Pro or large. 4 enters by the criteria; 3 stays Pro."""
    crowd.are(FIVE)
    analysed(crowd, "icp_1", "plan=Pro")
    keep_audience(crowd.workspace, KeepAudience(name="newest", analysis_id="newest"))
    assert crowd.refresh().people == 3
    analysed(crowd, "icp_2", "plan=Pro OR size=L")
    done = crowd.refresh()
    assert (done.people, reasons(done.entered), done.left) == (4, {"definition": 1}, [])
    analysed(crowd, "icp_3", "plan=Pro AND size=S")
    assert reasons(crowd.refresh().left) == {"definition": 3}


def analysed(crowd: Crowd, analysis_id: str, expression: str) -> None:
    from store.records import Analysis

    workspace = crowd.workspace
    way = {"strategy": "precision", "expression": crowd.clusters(expression), "in_words": expression}
    workspace.artifacts.save_document(
        "analysis", analysis_id, {"warehouse": "crowd", "strategies": [way], "segments": []}
    )
    at = workspace.now().replace(minute=int(analysis_id[-1]))
    workspace.database.add(
        Analysis(
            analysis_id=analysis_id,
            workflow_id="",
            warehouse="crowd",
            snapshot_id=workspace.population.snapshot_id,
            created_at=at,
            customers=1,
            headline="",
        )
    )


def test_the_same_ones_stay_of_a_size_that_nothing_ranks(crowd: Crowd) -> None:
    """100 of 200; when 20 others are added, those stay are the lowest by hash: none is swapped in vain."""
    crowd.are({number: "Pro L" for number in range(1, 201)})
    crowd.keep("plan=Pro", target_size=100)
    crowd.refresh()
    crowd.are({number: "Pro L" for number in range(1, 221)})
    done = crowd.refresh()
    assert done.people == done.people_before == 100
    assert set(reasons(done.left)) <= {"rank"}
    assert reasons(done.entered).get("new_in_population", 0) == sum(reasons(done.entered).values())
    assert sum(reasons(done.entered).values()) == sum(reasons(done.left).values()) <= 20


def test_a_platform_form_goes_to_the_destination_and_consent_stops_it(
    load: Callable[..., Workspace], tmp_path: Path
) -> None:
    columns = {**COLUMNS, "has_diabetes": {"kind": "flag", "domain": "lifestyle"}}
    rows = "id,plan,size,email,has_diabetes\n1,Pro,L,a@example.org,Yes\n2,Pro,L,b@example.org,No\n"
    workspace = load(rows, columns, warehouse="care")
    out = tmp_path / "out"
    made = Destination(name="ads", url=f"file://{out}", created_at=workspace.now())
    Destinations(workspace.home).add(made, Keys(), [tmp_path])
    catalogue = workspace.population.catalogue
    (sick,) = [each.cluster_hash for each in catalogue.named("has_diabetes") if each.value == "Yes"]
    (pro,) = [each.cluster_hash for each in catalogue.named("plan") if each.value == "Pro"]
    form: dict[str, Any] = {"platform": "meta", "destination": "ads"}
    with pytest.raises(Conflict, match="Special category"):
        keep_audience(workspace, KeepAudience(name="x", expression=sick, **form))
    keep_audience(workspace, KeepAudience(name="x", expression=pro, **form))
    (done,) = refresh_standing(workspace, RefreshStanding(mode="yes")).audiences
    assert (done.rows, done.synced) == (2, "ads")
    assert "below_minimum" in [each.code for each in done.warnings]
    (file,) = out.glob("*.csv")
    _, *body = csv.reader(file.read_text("utf-8").splitlines())
    assert len(body) == 2
    assert not any("@" in cell for row in body for cell in row)  # hashed


def test_a_bucket_gets_the_files(
    crowd: Crowd,
    s3_server: str,
    bucket: str,  # fixtures
) -> None:
    workspace = crowd.are(FIVE)
    made = Destination(name="s3", url=f"s3://{bucket}/daily", endpoint=s3_server, created_at=workspace.now())
    Destinations(workspace.home).add(made, Keys.model_validate({"key": KEY, "secret": SECRET}))
    crowd.keep(BEST, destination="s3")
    done = crowd.refresh()
    (file,) = done.files
    with opened(s3_server).open_input_stream(file.url.removeprefix("s3://")) as stream:
        assert stream.read().decode().splitlines()[1].startswith("1,")


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"platform": "meta"}, "of use only at a destination"),
        ({"destination": "nowhere"}, "no such destination"),
    ],
)
def test_what_can_not_be_kept_is_refused(crowd: Crowd, given_: dict[str, str], says: str) -> None:
    crowd.are(FIVE)
    with pytest.raises((BadInput, NotFound), match=says):
        crowd.keep(BEST, **given_)


def test_a_name_is_kept_once(crowd: Crowd) -> None:
    crowd.are(FIVE)
    crowd.keep(BEST)
    with pytest.raises(Conflict, match="of this name"):
        crowd.keep("plan=Pro")


def test_no_two_ids_have_one_hash_and_the_lowest_are_taken(crowd: Crowd) -> None:
    crowd.are({number: "Pro L" for number in range(1, 1001)})
    now = Now(crowd.workspace)
    for most in (1, 10, 999, 1000, 5000):
        people = members(now, Definition(in_words="", most=most))
        ids = ids_of(now.population, people)
        assert len(ids) == min(most, 1000)
        assert len(np.unique(ids)) == len(ids)
