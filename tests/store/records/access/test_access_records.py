"""Organisations, members, keys, sessions and the audit, as they are kept."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store.access import SCOPES_OF
from store.errors import BadInput, Conflict, NotFound
from store.records import Database
from store.records.access.audit import AuditEntry, entries_of, note
from store.records.access.keys import FORM, key_of, keys_of, make_key, mark_used, revoke_key, was_any_made
from store.records.access.members import (
    Member,
    add_member,
    change_member,
    email_form,
    link_subject,
    member_named,
    members_at,
    members_of,
    remove_member,
)
from store.records.access.organisations import (
    Organisation,
    keep_organisation,
    organisation_named,
    organisations,
)
from store.records.access.passwords import is_password, password_hash
from store.records.access.sign_ins import (
    begin_sign_in,
    csrf_of,
    end_sign_in,
    end_sign_ins,
    mark_seen,
    sign_in_of,
)
from store.records.newest import Place

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def everywhere(tmp_path: Path) -> Iterator[Database]:
    database = Database(tmp_path / "records.db", organisation_id=None)
    yield database
    database.close()


@pytest.fixture
def ours(everywhere: Database) -> Database:
    return everywhere.of("org_1")


@pytest.fixture
def theirs(everywhere: Database) -> Database:
    return everywhere.of("org_2")


def new_key(database: Database, number: int = 1, **given):
    wanted = {"name": "nightly", "role": "analyst", "now": NOW, "created_by": "local"} | given
    return make_key(database, key_id=f"key_{number}", **wanted)


def new_member(database: Database, number: int, role: str = "admin", email: str = "") -> Member:
    member = Member(
        member_id=f"member_{number}",
        email=email or f"person{number}@example.com",
        role=role,
        created_at=NOW + timedelta(minutes=number),
    )
    return add_member(database, member)


def test_a_key_is_found_by_its_secret_and_nothing_kept_holds_it(ours, everywhere, tmp_path):
    key, secret = new_key(ours)
    assert FORM.fullmatch(secret)
    found = key_of(everywhere, secret)
    assert found is not None
    assert (found.key_id, found.organisation_id, found.prefix) == ("key_1", "org_1", secret[:12])
    assert found.scopes == ["read", "people", "run"]
    everywhere.close()
    for file in tmp_path.glob("records.db*"):
        assert secret.encode() not in file.read_bytes()
    assert secret[12:] not in repr(key)


def test_two_keys_never_have_the_same_secret(ours):
    assert len({new_key(ours, number)[1] for number in range(30)}) == 30


def test_a_secret_with_one_other_character_is_no_key(ours, everywhere):
    _, secret = new_key(ours)
    other = "A" if secret[-2] != "A" else "B"
    assert key_of(everywhere, secret[:-2] + other + secret[-1]) is None


def test_a_key_has_the_scopes_of_its_role_or_fewer(ours):
    assert new_key(ours, 1, role="viewer")[0].scopes == ["read"]
    assert new_key(ours, 2, role="admin", scopes=["run", "read"])[0].scopes == ["read", "run"]
    for wrong in (["people"], []):
        with pytest.raises(BadInput, match="scopes of its role"):
            new_key(ours, 3, role="viewer", scopes=wrong)
    with pytest.raises(BadInput, match="end of the key is past"):
        new_key(ours, 4, expires_at=NOW)


def test_a_key_is_revoked_once_and_stays_listed(ours, theirs, everywhere):
    _, secret = new_key(ours)
    with pytest.raises(NotFound) as unknown:
        revoke_key(theirs, "key_1", NOW)
    with pytest.raises(NotFound) as never:
        revoke_key(theirs, "key_none", NOW)
    assert str(unknown.value) == str(never.value)
    assert revoke_key(ours, "key_1", NOW) is True
    assert revoke_key(ours, "key_1", NOW + timedelta(days=1)) is False
    found = key_of(everywhere, secret)
    assert found is not None
    assert found.revoked_at == NOW
    assert [key.key_id for key in keys_of(ours, 10)] == ["key_1"]
    assert keys_of(theirs, 10) == []


def test_the_last_use_is_kept_to_the_minute(ours, everywhere):
    """Used at 8:00:00, 8:00:59 and 8:01:00: two writes, the second one at 8:01:00."""
    _, secret = new_key(ours)
    seen = []
    for seconds in (0, 59, 60):
        mark_used(everywhere, key_of(everywhere, secret), NOW + timedelta(seconds=seconds))
        seen.append(key_of(everywhere, secret).last_used_at)
    assert seen == [NOW, NOW, NOW + timedelta(seconds=60)]


def test_a_house_knows_whether_a_key_was_ever_made(ours, everywhere):
    assert not was_any_made(everywhere)
    new_key(ours)
    revoke_key(ours, "key_1", NOW)
    assert was_any_made(everywhere)


def test_lists_come_in_pages_newest_first(ours):
    for number in range(5):
        new_key(ours, number, now=NOW + timedelta(minutes=number // 2))
    first = keys_of(ours, 2)
    assert [key.key_id for key in first] == ["key_4", "key_3", "key_2"]  # one more: there is more
    place = Place(first[1].created_at, first[1].key_id)
    assert [key.key_id for key in keys_of(ours, 5, place)] == ["key_2", "key_1", "key_0"]


def test_an_address_is_kept_in_one_form(ours):
    assert email_form("  Ann.Lee+x@Example.COM ") == "ann.lee+x@example.com"
    for wrong in (
        "",
        "ann",
        "ann@",
        "@example.com",
        "a b@example.com",
        "x" * 300 + "@example.com",
        "\x00@a.b",
    ):
        with pytest.raises(BadInput) as refusal:
            email_form(wrong)
        assert "example.com" in str(refusal.value)
        assert "ann@" not in str(refusal.value)


def test_an_address_is_one_member_of_each_organisation(ours, theirs, everywhere):
    new_member(ours, 1, email="Ann@example.com")
    with pytest.raises(Conflict):
        new_member(ours, 2, email="ann@EXAMPLE.com")
    new_member(theirs, 3, email="ann@example.com")
    assert [each.member_id for each in members_at(ours, "ann@example.com")] == ["member_1"]
    assert len(members_at(everywhere, "ann@example.com")) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda database: change_member(database, "member_1", role="viewer"),
        lambda database: change_member(database, "member_1", disabled_at=NOW),
        lambda database: remove_member(database, "member_1"),
    ],
)
def test_the_last_admin_stays(ours, theirs, change):
    new_member(ours, 1)
    new_member(ours, 2, "viewer")
    new_member(theirs, 3)  # an admin elsewhere is none here
    with pytest.raises(Conflict, match="last admin"):
        change(ours)
    kept = member_named(ours, "member_1")
    assert (kept.role, kept.disabled_at) == ("admin", None)
    change_member(ours, "member_2", role="admin")
    change(ours)


def test_a_disabled_admin_does_not_count_as_one(ours):
    new_member(ours, 1)
    new_member(ours, 2)
    change_member(ours, "member_2", disabled_at=NOW)
    with pytest.raises(Conflict):
        remove_member(ours, "member_1")
    change_member(ours, "member_2", enabled=True)
    remove_member(ours, "member_1")


def demote_each_other(first: Database, second: Database) -> list[str]:
    """How it ended for two admins who each make the other one a viewer at the same moment."""
    ended, ready = [], threading.Barrier(2)

    def demote(database: Database, member_id: str) -> None:
        ready.wait(10)
        try:
            change_member(database, member_id, role="viewer")
            ended.append("done")
        except Conflict:
            ended.append("refused")

    threads = [
        threading.Thread(target=demote, args=args) for args in ((first, "member_1"), (second, "member_2"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ended)


def test_two_admins_cannot_demote_each_other_at_once(ours, tmp_path):
    new_member(ours, 1)
    new_member(ours, 2)
    other = Database(tmp_path / "records.db", organisation_id="org_1")
    assert demote_each_other(ours, other) == ["done", "refused"]
    other.close()
    assert [each.role for each in members_of(ours, 5)].count("admin") == 1


def test_two_admins_cannot_demote_each_other_at_once_in_postgres(postgres_database, tmp_path):
    first, second = (Database(tmp_path / "none.db", postgres_database, "org_1") for _ in range(2))
    try:
        new_member(first, 1)
        new_member(first, 2)
        assert demote_each_other(first, second) == ["done", "refused"]
    finally:
        first.close()
        second.close()


def test_a_member_of_another_organisation_is_not_there(ours, theirs):
    new_member(ours, 1)
    for asked in (
        lambda: member_named(theirs, "member_1"),
        lambda: change_member(theirs, "member_1", role="viewer"),
        lambda: change_member(theirs, "member_1", password_hash="x"),
        lambda: remove_member(theirs, "member_1"),
    ):
        with pytest.raises(NotFound):
            asked()
    assert member_named(ours, "member_1").password_hash is None


def test_a_subject_is_linked_at_the_first_sign_in_and_stays(ours):
    new_member(ours, 1)
    assert link_subject(ours, "member_1", "https://issuer 7")
    assert link_subject(ours, "member_1", "https://issuer 7")
    assert not link_subject(ours, "member_1", "https://issuer 8")


def test_a_session_slides_for_twelve_hours_and_ends_after_seven_days(ours, everywhere):
    """Seen every 11 hours it lives until 7 days after it began: 15 times 11 h is 165 h, 16 times 176 h."""
    token = begin_sign_in(everywhere, "org_1", "member_1", "sign_1", NOW)
    assert sign_in_of(everywhere, token, NOW + timedelta(hours=12)) is None
    for times in range(1, 16):
        now = NOW + timedelta(hours=11 * times)
        found = sign_in_of(everywhere, token, now)
        assert found is not None, times
        mark_seen(everywhere, found, now)
    assert sign_in_of(everywhere, token, NOW + timedelta(days=7, seconds=-1)) is not None
    assert sign_in_of(everywhere, token, NOW + timedelta(days=7)) is None


def test_a_session_that_ended_is_none_and_another_one_stays(ours, everywhere):
    first, second = (
        begin_sign_in(everywhere, "org_1", "member_1", f"sign_{number}", NOW) for number in range(2)
    )
    end_sign_in(everywhere, first)
    assert sign_in_of(everywhere, first, NOW) is None
    assert sign_in_of(everywhere, second, NOW) is not None
    assert csrf_of(first) != csrf_of(second)


@pytest.mark.parametrize(
    "change",
    [
        lambda database: change_member(database, "member_1", password_hash="new"),
        lambda database: change_member(database, "member_1", disabled_at=NOW),
        lambda database: remove_member(database, "member_1"),
        lambda database: end_sign_ins(database, "member_1"),
    ],
)
def test_a_new_password_and_an_end_sign_out_everywhere(ours, everywhere, change):
    new_member(ours, 1, "viewer")
    token = begin_sign_in(everywhere, "org_1", "member_1", "sign_1", NOW)
    other = begin_sign_in(everywhere, "org_1", "member_2", "sign_2", NOW)
    change(ours)
    assert sign_in_of(everywhere, token, NOW) is None
    assert sign_in_of(everywhere, other, NOW) is not None


def test_a_password_is_hashed_with_argon2id_and_salted():
    first, second = password_hash("correct horse battery"), password_hash("correct horse battery")
    assert first != second
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password(first, "correct horse battery")
    assert not is_password(first, "correct horse batterz")
    assert not is_password(first, "")
    assert not is_password(None, "the password of nobody")
    assert not is_password("no hash", "x")


def test_an_accent_is_the_same_however_the_keyboard_sends_it():
    assert is_password(password_hash("caf\u00e9 caf\u00e9 caf\u00e9"), "cafe\u0301 cafe\u0301 cafe\u0301")


def test_a_password_has_a_length_and_no_other_rule():
    for wrong in ("short", "x" * 257):
        with pytest.raises(BadInput) as refusal:
            password_hash(wrong)
        assert wrong not in str(refusal.value)
    kept = password_hash("x" * 256)
    assert not is_password(kept, "x" * 257)  # nothing is cut off in silence


def test_the_audit_is_newest_first_and_of_one_organisation(ours, theirs):
    for number, action in enumerate(["key.made", "key.revoked", "key.made"]):
        entry = AuditEntry(
            entry_id=f"audit_{number}",
            actor="local",
            action=action,
            about=f"key_{number}",
            detail={"role": "viewer", "rows": 3},
            created_at=NOW + timedelta(minutes=number),
        )
        note(ours, entry)
    assert [entry.about for entry in entries_of(ours, 10)] == ["key_2", "key_1", "key_0"]
    assert [entry.about for entry in entries_of(ours, 10, action="key.made")] == ["key_2", "key_0"]
    assert entries_of(ours, 10)[0].detail == {"role": "viewer", "rows": 3}
    assert entries_of(theirs, 10) == []


@pytest.mark.parametrize("value", ["ann@example.com", "Ann Lee", "https://x.y/?q=1"])
def test_the_audit_takes_no_addresses_and_names(ours, value):
    entry = AuditEntry(entry_id="a", actor="local", action="x", detail={"email": value}, created_at=NOW)
    with pytest.raises(ValueError, match="ids and figures"):
        note(ours, entry)
    assert entries_of(ours, 10) == []


def test_an_organisation_is_made_renamed_and_listed(everywhere):
    keep_organisation(everywhere, Organisation(organisation_id="org_1", name=" One ", created_at=NOW))
    later = NOW + timedelta(days=1)
    keep_organisation(everywhere, Organisation(organisation_id="org_2", name="Two", created_at=later))
    assert [each.name for each in organisations(everywhere)] == ["One", "Two"]
    assert organisation_named(everywhere, "org_2", NOW).name == "Two"
    assert organisation_named(everywhere, "local", NOW).name == "local"
    with pytest.raises(NotFound):
        organisation_named(everywhere, "org_3", NOW)
    for wrong in ("", "  ", "x" * 121):
        with pytest.raises(BadInput):
            keep_organisation(everywhere, Organisation(organisation_id="o", name=wrong, created_at=NOW))


def test_each_role_has_all_of_the_role_before_it():
    assert SCOPES_OF["viewer"] < SCOPES_OF["analyst"] < SCOPES_OF["admin"]
