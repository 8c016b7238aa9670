"""Outcomes on a page, asked without a browser: jobs, files, models, who may do what."""

import os
import re

import pytest

from api.jobs.sweeping import Sweeper
from api.pages.outcomes.showing import summaries
from store.outcomes.ledger import ledger_of
from store.records.runs import runs_of
from store.uploads import Uploads
from tests.api.rest.tenants_planted import bearer, key
from tests.store.workbooks_written import write_workbook

PLAIN = "deal_id,account_id,outcome,decided_at,amount\n1,a,won,2025-02-01,10\n2,b,lost,2025-02-02,20\n"


def sent_file(asked, text: str, name: str = "deals.csv"):
    """The answer to a file that is dropped."""
    return asked.send("/outcomes/load", files={"file": (name, text.encode())}, data={"name": "crm"})


def waiting(asked, text: str) -> str:
    """The address of a file that waits to be recorded."""
    answer = sent_file(asked, text)
    assert answer.status_code == 200, answer.text
    return answer.headers["Fieldmark-Go"]


def recorded(asked) -> None:
    """Two deals are in the ledger of `crm`."""
    assert asked.send(f"{waiting(asked, PLAIN)}/record").status_code == 200


def test_without_outcomes_the_file_that_is_wanted_and_an_example_are_offered(asked):
    told = asked.page("/outcomes")
    assert "Export your deals from HubSpot or Salesforce" in told
    assert 'action="/outcomes/example"' in told
    assert "Name of the warehouse" in asked.page("/outcomes/load")


def test_a_file_without_known_columns_is_corrected_by_naming_them(asked):
    place = waiting(asked, "firma,ende,tag\na,gewonnen,2025-02-01\nb,verloren,2025-02-02\n")
    assert "Say below which column is what" in asked.page(place)
    said = {
        "column": ["ende", "tag", "", "", "", "firma"],
        "stage": ["gewonnen", "verloren"],
        "means": ["won", "lost"],
    }
    assert "2 of 2 rows would be recorded" in asked.send(f"{place}/look", data=said).text
    assert "2 outcomes are recorded" in asked.send(f"{place}/record", data=said).text
    assert ledger_of(asked.house.workspace("crm").warehouse).manifest.outcomes == {"won": 1, "lost": 1}
    assert asked.client.get(place, headers={"Accept": "text/html"}).status_code == 404  # nothing waits


def test_nothing_is_recorded_by_looking_and_a_path_of_the_house_is_told_to_nobody(asked):
    place = waiting(asked, PLAIN)
    told = asked.page(place)
    assert "2 of 2 rows would be recorded" in told
    assert not ledger_of(asked.house.workspace("crm").warehouse).exists
    broken = asked.client.get(waiting(asked, '"a,b\n1,2\n'), headers={"Accept": "text/html"})
    assert broken.status_code in (200, 422)
    assert str(asked.house.home) not in told + broken.text


@pytest.mark.parametrize("name", ["deals.exe", "deals", "deals.csv.zip"])
def test_a_file_of_another_kind_is_refused(asked, name):
    answer = sent_file(asked, PLAIN, name)
    assert answer.status_code == 422
    assert "This kind of file is not read here" in answer.text


def test_an_empty_file_is_refused_and_a_file_can_be_thrown_away(asked):
    assert "The file is empty" in sent_file(asked, "").text
    place = waiting(asked, PLAIN)
    assert asked.send(f"{place}/drop").headers["Fieldmark-Go"] == "/outcomes/load"
    assert not list((asked.house.home / "uploads").glob("*"))


def test_a_word_that_one_record_alone_has_is_masked_in_the_first_rows(asked):
    rows = "".join(f"{at},a{at},won,2025-02-01,{'Jane Roe' if at == 1 else 'fair'}\n" for at in range(1, 30))
    told = asked.page(waiting(asked, f"deal_id,account_id,outcome,decided_at,booth\n{rows}"))
    assert "fair" in told
    assert "Jane" not in told


def test_too_few_records_are_learned_from_as_a_job_and_what_lacks_is_told(asked):
    recorded(asked)
    begun = asked.send("/outcomes/learn?warehouse=crm", data={"unit": "account"})
    assert re.search(r'data-follow="/outcomes/jobs/outcomes_[^"]+/events"', begun.text)
    assert "Learning from the outcomes" in asked.page("/outcomes")  # also after a reload
    asked.work()
    run = runs_of(asked.house.database)[0]
    events = asked.client.get(f"/outcomes/jobs/{run.run_id}/events").text
    assert "event: done" in events
    assert f'href="/outcomes/{run.run_id}"' in events
    told = asked.page(f"/outcomes/{run.run_id}")
    assert "1 won and 1 lost with a day of decision; 10 of either are the fewest." in told
    assert "What is not told" in asked.page("/outcomes")  # an analysis without a model is the newest too


def test_a_job_is_stopped_and_gone_on_with_and_another_kind_is_not_reached(asked):
    recorded(asked)
    asked.send("/outcomes/learn?warehouse=crm", data={"unit": "account"})
    run = runs_of(asked.house.database)[0]
    assert "The learning was stopped" in asked.send(f"/outcomes/jobs/{run.run_id}/cancel").text
    assert "The learning was stopped" in asked.page("/outcomes")
    assert "data-follow" in asked.send(f"/outcomes/jobs/{run.run_id}/resume").text
    assert asked.send(f"/briefings/jobs/{run.run_id}/cancel").status_code == 404
    assert "There is no such job any more" in asked.client.get("/briefings/jobs/none/events").text


def test_a_target_that_is_no_number_is_refused_by_the_tool_itself(asked):
    recorded(asked)
    answer = asked.send("/outcomes/learn?warehouse=crm", data={"unit": "account", "target": "much"})
    assert answer.status_code == 422
    assert "target" in answer.text


def test_before_anything_is_learned_the_list_of_models_says_what_to_do(asked):
    recorded(asked)
    told = asked.page("/outcomes/models")
    assert "No model was learned yet" in told
    assert "Load outcomes, then learn from them" in told


def test_a_viewer_reads_and_is_offered_nothing_that_changes(asked):
    recorded(asked)
    _, secret = key(asked.house, "viewer")
    asked.client.headers |= bearer(secret)
    for path in ("/outcomes", "/outcomes/load", "/outcomes/models"):
        told = asked.page(path)
        assert "<button" not in re.sub(r"data-copy=[^>]*>|<button[^>]*data-copy[^>]*>", "", told)
    assert asked.send("/outcomes/learn", data={"unit": "account"}).status_code == 403
    assert sent_file(asked, PLAIN).status_code == 403
    assert asked.send("/outcomes/example").status_code == 403


def test_a_file_of_somebody_else_is_not_found(asked):
    place = waiting(asked, PLAIN)
    _, secret = key(asked.house, "analyst")
    answer = asked.client.get(place, headers={"Accept": "text/html"} | bearer(secret))
    assert answer.status_code == 404


def test_a_workbook_is_read_and_another_sheet_of_it_is_chosen(asked, tmp_path):
    deals = [line.split(",") for line in PLAIN.splitlines()]
    written = write_workbook(
        tmp_path / "deals.xlsx", {"Notes": [["said", "when"], ["x", "y"]], "Deals": deals}
    )
    answer = asked.send(
        "/outcomes/load", files={"file": (written.name, written.read_bytes())}, data={"name": "crm"}
    )
    place = answer.headers["Fieldmark-Go"]
    told = asked.page(place)
    assert "deals.xlsx" in told
    assert "<option selected>Notes</option>" in told
    assert "rows would be recorded" not in told
    assert "2 of 2 rows would be recorded" in asked.send(f"{place}/sheet", data={"sheet": "Deals"}).text
    assert "<option selected>Deals</option>" in asked.page(place)  # also after a reload
    assert asked.send(f"{place}/sheet", data={"sheet": "Other"}).status_code == 404
    assert "2 outcomes are recorded" in asked.send(f"{place}/record").text


def test_a_file_that_nobody_records_goes_after_a_day_and_nothing_of_it_stays(asked, clock):
    place = waiting(asked, PLAIN)
    (folder,) = (asked.house.home / "uploads").iterdir()
    os.utime(folder, (clock().timestamp(), clock().timestamp()))
    clock.advance(hours=23)
    Sweeper(asked.house).sweep()
    assert "2 of 2 rows would be recorded" in asked.page(place)
    clock.advance(hours=2)
    Sweeper(asked.house).sweep()
    assert asked.client.get(place, headers={"Accept": "text/html"}).status_code == 404
    assert not list((asked.house.home / "uploads").iterdir())
    assert not list((asked.house.home / "conversations").glob("*outcomes*"))


def test_a_file_of_the_chat_is_not_taken_for_one_of_outcomes(asked, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(PLAIN)
    with file.open("rb") as content:
        Uploads(asked.house.home).save_from("up_1", file.name, content)
    for name in ("up_1", "up_outcomes-1", "outcome"):
        assert asked.client.get(f"/outcomes/load/{name}", headers={"Accept": "text/html"}).status_code == 404


def test_the_records_are_summed_up_once_for_each_version_of_them(asked, monkeypatch, clock):
    """Two views of two deals, a third of three, a fourth on the next day: three times."""
    counted = []
    summarise = summaries.summarise
    monkeypatch.setattr(summaries, "summarise", lambda table: counted.append(table.rows) or summarise(table))
    recorded(asked)
    assert asked.page("/outcomes").count("<dt>Records</dt><dd>2</dd>") == 1
    asked.page("/outcomes")
    assert counted == [2]
    more = f"{PLAIN}3,c,won,2025-02-03,30\n"
    assert asked.send(f"{waiting(asked, more)}/record").status_code == 200
    assert asked.page("/outcomes").count("<dt>Records</dt><dd>3</dd>") == 1
    clock.advance(days=1)
    asked.page("/outcomes")
    assert counted == [2, 3, 3]


def test_the_warehouse_is_chosen_in_the_header_and_nowhere_else(asked):
    recorded(asked)
    assert asked.send("/outcomes/example").status_code == 200
    for path in ("/outcomes", "/outcomes?warehouse=crm", "/outcomes/load", "/outcomes/models", "/briefings"):
        assert asked.page(path).count('action="/warehouse"') == 1
    assert 'action="/warehouse"' not in asked.page(waiting(asked, PLAIN))  # the file knows where it goes
