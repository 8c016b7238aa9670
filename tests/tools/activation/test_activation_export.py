"""export_audience: who is in the file, how it is parted, and what stops it."""

import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.destinations import Destination, Destinations, Keys
from store.errors import BadInput, Conflict, Expired, NotFound
from store.exports import Columns
from store.records import Export
from store.records.newest import newest
from store.workspace import Workspace
from tools.activation.export_audience import export_audience
from tools.activation.plan import AudiencePlan, evenly, keep_plan
from tools.activation.queries import ExportAudience, ExportedAudience
from tools.activation.rows import parted


def exported(workspace: Workspace, **given: Any) -> ExportedAudience:
    return export_audience(workspace, ExportAudience.model_validate({"destination": "plain"} | given))


def ids_in(workspace: Workspace, answer: ExportedAudience) -> list[int]:
    found: list[int] = []
    for file in answer.files:
        text = workspace.exports.path(file.export).read_text("utf-8")
        found += [int(row["person_id"]) for row in csv.DictReader(io.StringIO(text, newline=""))]
    return sorted(found)


def cluster(workspace: Workspace, name: str, value: str) -> str:
    found = workspace.population.catalogue.valued(name, value)
    assert found is not None
    return found.cluster_hash


def test_an_expression_a_list_and_an_audience_give_the_same_people(eight: Workspace) -> None:
    pro = cluster(eight, "plan", "Pro")
    by_expression = exported(eight, expression=pro)
    by_ids = exported(eight, person_ids=[3, 1, 7, 7])
    plan = AudiencePlan(
        warehouse="eight",
        snapshot_id=eight.population.snapshot_id,
        made_at=eight.now(),
        in_words="whatever",
        expression=pro,
    )
    keep_plan(eight, "audience_1", plan)
    by_audience = exported(eight, audience_id="audience_1")
    # 5 was given the plan Basic: Pro are 1, 3 and 7.
    assert ids_in(eight, by_expression) == ids_in(eight, by_ids) == ids_in(eight, by_audience) == [1, 3, 7]


def test_an_audience_without_a_plan_is_its_expression_while_that_finds_as_many(eight: Workspace) -> None:
    pro = cluster(eight, "plan", "Pro")
    kept = {"expression": pro, "in_words": "plan Pro", "total": 3}
    eight.artifacts.save_document("audience", "audience_old", kept)
    eight.artifacts.save_document("audience", "audience_other", kept | {"total": 2})
    assert ids_in(eight, exported(eight, audience_id="audience_old")) == [1, 3, 7]
    with pytest.raises(NotFound, match="Generate it again"):
        exported(eight, audience_id="audience_other")
    with pytest.raises(NotFound):
        exported(eight, audience_id="audience_none")


def test_an_audience_of_another_warehouse_is_not_there(eight: Workspace) -> None:
    plan = AudiencePlan(
        warehouse="other", snapshot_id="s", made_at=eight.now(), in_words="x", expression=None
    )
    keep_plan(eight, "audience_2", plan)
    with pytest.raises(NotFound):
        exported(eight, audience_id="audience_2")


def test_a_plan_leaves_customers_out_and_keeps_to_its_size(eight: Workspace, everybody: str) -> None:
    eight.artifacts.save_people("customers", "analysis_1", np.array([1, 2, 3]))
    plan = AudiencePlan(
        warehouse="eight",
        snapshot_id=eight.population.snapshot_id,
        made_at=eight.now(),
        in_words="x",
        expression=everybody,
        customers_left_out_of="analysis_1",
    )
    keep_plan(eight, "audience_3", plan)
    assert ids_in(eight, exported(eight, audience_id="audience_3")) == [4, 5, 6, 7, 8]
    keep_plan(eight, "audience_4", plan.model_copy(update={"most": 2}))
    assert len(ids_in(eight, exported(eight, audience_id="audience_4"))) == 2


def test_whoever_is_suppressed_or_erased_is_in_no_file(eight: Workspace, everybody: str) -> None:
    eight.warehouse.erase(6, {"email": ["six@example.com"]})
    answer = exported(eight, expression=everybody, suppress=cluster(eight, "plan", "Pro"))
    assert ids_in(eight, answer) == [2, 4, 5, 8]
    assert (answer.people, answer.suppressed, answer.erased) == (4, 3, 1)
    assert "suppressed" in [each.code for each in answer.warnings]
    gone = exported(eight, person_ids=[6, 1, 99])
    assert ids_in(eight, gone) == [1]
    assert [each.what for each in gone.warnings if each.code == "not_found"] == [
        "2 of the person ids are nobody's in this population."
    ]


def test_preflight_counts_like_the_export_and_writes_nothing(eight: Workspace, everybody: str) -> None:
    """Google matches 1, 2, 3 and 6 by e-mail or phone, 7 by name and address: five of eight."""
    given = {"destination": "google_customer_match", "expression": everybody, "default_country": None}
    told = exported(eight, **given, preflight=True)
    assert (told.people, told.rows, told.with_email, told.with_phone, told.with_address) == (8, 5, 3, 3, 5)
    assert (told.expected_matched, told.minimum, told.files) == (2, 100, [])
    assert not (eight.home / "exports").exists()
    done = exported(eight, **given)
    same = {"preflight", "files"}
    assert done.model_dump(exclude=same) == told.model_dump(exclude=same)
    assert done.files[0].export.rows == 5


def test_the_files_are_parted_and_hold_everybody_once(eight: Workspace, everybody: str) -> None:
    answer = exported(eight, expression=everybody, split=3)
    assert [file.export.rows for file in answer.files] == [3, 3, 2]
    assert ids_in(eight, answer) == [1, 2, 3, 4, 5, 6, 7, 8]
    with pytest.raises(ValueError, match="split"):
        exported(eight, expression=everybody, split=0)


@given(st.lists(st.integers(0, 20), max_size=6), st.integers(1, 25), st.integers(10, 200))
def test_parts_keep_order_rows_and_bytes(steps: list[int], most_rows: int, most_bytes: int) -> None:
    """Each row is one text of one to seven letters: 3 bytes of overhead besides."""
    texts = [[f"{'x' * (number % 7)}{number % 10}" for number in range(size)] for size in steps]
    columns: list[Columns] = [{"a": [*step]} for step in texts if step]
    batches = iter(columns)
    parts = [
        [value for batch in part for value in batch["a"]] for part in parted(batches, most_rows, most_bytes)
    ]
    assert [value for part in parts for value in part] == [value for step in texts for value in step]
    for part in parts:
        assert 0 < len(part) <= most_rows
        assert len(part) == 1 or sum(len(value or "") + 3 for value in part) <= most_bytes


def test_linkedins_bytes_are_below_its_limit_in_every_file(us: Workspace) -> None:
    expression = " OR ".join(each.cluster_hash for each in us.population.catalogue.named("gender"))
    told = exported(us, destination="linkedin", expression=expression)
    assert sum(file.export.rows for file in told.files) == told.rows > 90_000
    assert all(file.export.size_bytes <= 20_000_000 for file in told.files)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "give one of"),
        ({"expression": "a", "person_ids": [1]}, "give one of"),
        ({"person_ids": []}, "at least 1"),
        ({"audience_id": "a", "strategy": "reach"}, "belongs to an `analysis_id`"),
        ({"analysis_id": "a", "strategy": "ranked"}, "needs a `target_size`"),
        ({"audience_id": "a", "location": {"latitude": 0, "longitude": 0, "radius": 1}}, "belongs to an"),
        ({"audience_id": "a", "default_country": "QQQ"}, "at most 2"),
        ({"audience_id": "a", "default_country": "1x"}, "two letters"),
        ({"audience_id": "a", "destination": "myspace"}, "destination"),
    ],
)
def test_a_request_that_does_not_fit_says_why(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ExportAudience.model_validate({"destination": "plain"} | given)


def test_columns_are_carried_by_files_that_may_and_are_known(eight: Workspace, everybody: str) -> None:
    answer = exported(eight, expression=everybody, columns=["plan", "company"])
    assert answer.header[-2:] == ["plan", "company"]
    text = eight.exports.path(answer.files[0].export).read_text("utf-8")
    by_id = {row["person_id"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}
    assert (by_id["1"]["plan"], by_id["1"]["company"], by_id["5"]["plan"]) == ("Pro", "Account 17", "Basic")
    with pytest.raises(BadInput, match="columns of its own alone"):
        exported(eight, destination="meta", expression=everybody, columns=["plan"])
    with pytest.raises(BadInput, match="no attributes of this population"):
        exported(eight, expression=everybody, columns=["plam"])


def test_what_is_left_out_is_in_no_column_and_matches_nobody(eight: Workspace, everybody: str) -> None:
    given = {"destination": "google_customer_match", "expression": everybody}
    answer = exported(eight, **given, leave_out=["phone", "name"])
    assert answer.header == ["Email", "Email", "Country", "Zip"]
    assert answer.rows == 3  # 1, 2 and 6 have an e-mail; 3 only a phone, 7 only a name with an address


def test_salesforce_takes_who_has_a_company_or_is_given_one(eight: Workspace, everybody: str) -> None:
    given = {"destination": "salesforce", "expression": everybody}
    alone = exported(eight, **given)
    assert alone.rows == 1
    assert "5 people have no company" in str([each.what for each in alone.warnings])
    assert exported(eight, **given, company="Private").rows == 6


def test_a_sensitive_criterion_stops_until_it_is_accepted(eight: Workspace) -> None:
    given = {"destination": "meta", "expression": cluster(eight, "has_diabetes", "Yes")}
    told = exported(eight, **given, preflight=True)
    [stop] = [each for each in told.warnings if each.severity == "stop"]
    assert (stop.code, "health" in stop.what) == ("sensitive", True)
    with pytest.raises(Conflict, match="accept"):
        exported(eight, **given)
    assert eight.database.exports("") == []
    assert exported(eight, **given, accept=["sensitive"]).rows == 1


def test_nobody_to_match_is_refused_and_leaves_nothing(eight: Workspace) -> None:
    with pytest.raises(Conflict, match="None of 1 people"):
        exported(eight, destination="google_customer_match", person_ids=[5])
    assert not list((eight.home / "exports").glob("*"))


def test_people_of_consent_countries_can_be_exported_apart(eight: Workspace, everybody: str) -> None:
    """3 lives in Britain and 6 in Germany; the country of 4, 5 and 8 is unknown without a default."""
    given = {"expression": everybody, "default_country": None}
    assert ids_in(eight, exported(eight, **given, countries="consent")) == [3, 6]
    assert ids_in(eight, exported(eight, **given, countries="others")) == [1, 2, 4, 5, 7, 8]
    told = exported(eight, **given, preflight=True)
    assert told.countries == {"US": 3, "unknown": 3, "GB": 1, "DE": 1}
    assert told.consent_rows == 2


def test_files_are_written_to_a_destination_besides(eight: Workspace, everybody: str) -> None:
    folder = eight.home.parent / "out"
    box = Destination(name="box", url=folder.as_uri(), created_at=eight.now())
    Destinations(eight.home).add(box, Keys(), [folder.parent])
    answer = exported(eight, expression=everybody, split=5, delivery="box")
    for file in answer.files:
        assert file.delivered is not None
        name = f"{file.export_id}.csv"
        assert file.delivered.url == f"{folder.as_uri()}/{name}"
        assert (folder / name).read_bytes() == eight.exports.path(file.export).read_bytes()
    assert len(list(folder.iterdir())) == 2
    with pytest.raises(NotFound, match="no such destination"):
        exported(eight, expression=everybody, delivery="bax")


def test_a_delivery_that_fails_takes_back_all_files(
    eight: Workspace, everybody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import tools.activation.export_audience as module

    folder = eight.home.parent / "out"
    box = Destination(name="box", url=folder.as_uri(), created_at=eight.now())
    Destinations(eight.home).add(box, Keys(), [folder.parent])
    real, sent = module.deliver, []

    def second_fails(file: Any, name: str, *target: Any) -> Any:
        sent.append(name)
        if len(sent) == 2:
            raise BadInput("The destination does not take files")
        return real(file, name, *target)

    monkeypatch.setattr(module, "deliver", second_fails)
    with pytest.raises(BadInput):
        exported(eight, expression=everybody, split=3, delivery="box")
    assert list(folder.iterdir()) == []
    assert list((eight.home / "exports").iterdir()) == []
    records = newest(eight.database, Export, Export.created_at, Export.export_id, 10)
    assert [each.revoked_at for each in records] == [eight.now()] * 3


def test_a_revoked_file_is_gone_at_once(eight: Workspace, everybody: str) -> None:
    [file] = exported(eight, expression=everybody).files
    eight.exports.revoke(file.export_id, eight.now())
    assert not eight.exports.path(file.export).exists()
    with pytest.raises(Expired, match="revoked"):
        eight.exports.write(
            file.export_id, "csv", ["a"], [], warehouse="eight", workflow_id="", now=eight.now()
        )


@given(st.lists(st.integers(0, 30), min_size=1, max_size=5), st.integers(1, 40))
def test_even_spacing_keeps_so_many_of_those_there_are(sizes: list[int], most: int) -> None:
    from pyroaring import BitMap

    people = [BitMap(range(size)) for size in sizes]
    kept = evenly(people, most)
    assert sum(map(len, kept)) == min(most, sum(sizes))
    assert all(some.issubset(all_) for some, all_ in zip(kept, people, strict=True))
