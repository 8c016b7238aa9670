"""Three Mondays of one house: a first briefing, one without news, and one that tells what was planted."""

import csv
import json
from collections import Counter

from standardwebhooks import Webhook

from benchmarks.closed_loop.house import AUDIENCE, CHANNEL, EVENTS, GONE, MARKETING, SALES
from benchmarks.closed_loop.story import GREW, JOINED, LEFT, PLANTED
from store.accounts.numbering import account_number
from tests.closed_loop.conftest import Told, text_of


def test_each_monday_has_one_briefing_of_its_kind(told: Told) -> None:
    assert [each.kind for each in told.briefings] == ["first", "unchanged", "changes"]
    assert [each.slot for each in told.briefings] == [
        "2026-03-02T08:00",
        "2026-03-09T08:00",
        "2026-03-16T08:00",
    ]


def test_the_planted_industry_is_told_with_its_figures(told: Told) -> None:
    changes = told.briefings[2].changes
    closing = next(each for each in changes if f"in {PLANTED} close at 100 %" in each.sentence)
    assert closing.q_value is not None
    assert closing.q_value < 0.001
    assert all(PLANTED in each.sentence for each in changes)
    assert not any(PLANTED in each.sentence for each in told.briefings[1].changes)


def test_each_recipient_gets_each_briefing_once_and_who_unsubscribed_none(told: Told) -> None:
    assert Counter(to for to, _ in told.mails) == {SALES: 3, MARKETING: 3}
    assert len({(to, mail["Message-ID"]) for to, mail in told.mails}) == 6
    assert GONE not in {to for to, _ in told.mails}
    assert len([each for each in told.posts if each.path == CHANNEL]) == 3


def test_the_mail_says_what_the_briefing_says(told: Told) -> None:
    mail = [mail for to, mail in told.mails if to == SALES][-1]
    text = " ".join(text_of(mail).split())
    assert " ".join(told.briefings[2].changes[0].sentence.split()) in text
    assert told.briefings[2].call_first[0].unit_id in text


def test_unchanged_data_writes_no_file_and_tells_no_webhook(told: Told) -> None:
    """Week 1 writes one file and tells two (a webhook, a channel); week 2 tells the channel alone; week 3
    writes all and those who entered, and tells both.
    """
    assert told.arrived == [
        {"mails": 2, "posts": 2, "files": 1},
        {"mails": 4, "posts": 3, "files": 1},
        {"mails": 6, "posts": 5, "files": 3},
    ]


def test_the_synced_audience_is_told_once_a_change_and_signed(told: Told) -> None:
    posts = [each for each in told.posts if each.path == EVENTS]
    said = [Webhook(told.secret).verify(each.body, each.headers) for each in _signed_now(told)]
    assert [each["type"] for each in said] == ["audience.synced"] * 2
    assert len({each.headers["webhook-id"] for each in posts}) == 2
    assert said[1]["data"]["counts"]["entered"] == JOINED
    assert said[1]["data"]["counts"]["left"] == LEFT


def _signed_now(told: Told) -> list:
    """The posts, signed anew with the endpoint's secret for this moment: the house's clock is years away.

    That the house's own signature is the same over its own time is checked before.
    """
    from dataclasses import replace
    from datetime import UTC, datetime

    from api.webhooks.signing import signature, signed_headers

    found = []
    for each in (post for post in told.posts if post.path == EVENTS):
        sent = each.headers["webhook-id"], int(each.headers["webhook-timestamp"])
        assert each.headers["webhook-signature"] == signature(told.secret, *sent, each.body)
        now = signed_headers([told.secret], sent[0], datetime.now(UTC), each.body)
        found.append(replace(each, headers=each.headers | now))
    return found


def test_who_entered_and_left_is_told_with_reasons_and_lies_at_the_destination(told: Told) -> None:
    (audience,) = told.briefings[2].audiences
    assert (audience.name, audience.synced, audience.is_dry_run) == (AUDIENCE, "ads", False)
    assert [(each.people, each.why) for each in audience.entered] == [(JOINED, "a trait changed")]
    assert [(each.people, each.why) for each in audience.left] == [(LEFT, "no longer in the population")]
    files = {path.name: _ids(path) for path in (told.folder / "delivered").iterdir()}
    (entered,) = (ids for name, ids in files.items() if name.endswith("-entered.csv"))
    first, last = sorted((ids for name, ids in files.items() if "entered" not in name), key=entered.__le__)
    gone = {str(account_number(each)) for each in told.left}
    assert len(entered) == JOINED
    assert last == (first | entered) - gone
    assert audience.people == len(last)


def _ids(path) -> set[str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["person_id"] for row in csv.DictReader(file)}


def test_a_model_is_published_or_kept_aside_with_why(told: Told) -> None:
    assert any(each.published for each in told.briefings[0].models)
    for model in (model for each in told.briefings for model in each.models if not model.published):
        assert len(model.why.split()) > 5
        assert model.why.endswith(".")


def test_the_accounts_that_grew_flow_into_tier_a(told: Told) -> None:
    rescored = told.briefings[2].rescored
    assert rescored is not None
    assert (rescored.moved, rescored.flows) == (GREW, {"D>A": GREW})


def test_whom_to_call_comes_with_reasons_and_a_doubt(told: Told) -> None:
    calls = told.briefings[2].call_first
    assert 0 < len(calls) <= 12
    assert all(each.reasons and each.doubt and each.tier == "A" for each in calls[:3])
    assert len({each.unit_id for each in calls}) == len(calls)


def test_the_channel_is_sent_what_the_briefing_is(told: Told) -> None:
    post = [each for each in told.posts if each.path == CHANNEL][-1]
    assert told.briefings[2].headline in json.dumps(json.loads(post.body), ensure_ascii=False)
