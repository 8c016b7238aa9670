"""In what do the inputs of two runs differ, in words?"""

from collections.abc import Iterator
from typing import Any

from agent.history.differences import differences
from agent.history.inputs import Inputs
from prompts import piece

MOST_SETTINGS = 20
NONE = "none"
DIGESTS = {  # of what was said until then: what each is called
    "erasures": "who was erased",
    "feedback": "the feedback",
    "corrections": "the corrections of matches",
    "standing": "the audiences that are kept up to date",
}


def inputs_apart(before: Inputs, after: Inputs) -> list[str]:
    """A sentence for each input that is not the same; none where they are all the same."""
    return [
        *_people(before, after),
        *_settings(before, after),
        *_learned(before, after),
        *_made_by(before, after),
    ]


def _people(before: Inputs, after: Inputs) -> Iterator[str]:
    if (before.snapshot_id, before.snapshot_hash) != (after.snapshot_id, after.snapshot_hash):
        yield _told("the people", before.snapshot_id, after.snapshot_id)
    if before.ledger_hash != after.ledger_hash:
        yield _told("the outcomes", before.ledger_version, after.ledger_version)
    if before.customers_hash != after.customers_hash:
        yield _told("the customers", before.customers, after.customers)
    for part, name in DIGESTS.items():
        if before.state.get(part, "") != after.state.get(part, ""):
            yield piece("history_apart_state").fill(what=name)


def _settings(before: Inputs, after: Inputs) -> Iterator[str]:
    found = differences(before.settings, after.settings)
    for each in found[:MOST_SETTINGS]:
        yield _told(f"`{each.path}`", each.before, each.now)
    if len(found) > MOST_SETTINGS:
        yield piece("history_apart_more").fill(more=len(found) - MOST_SETTINGS)


def _learned(before: Inputs, after: Inputs) -> Iterator[str]:
    for kind in sorted({*before.models, *after.models}):
        then, now = before.models.get(kind), after.models.get(kind)
        if then != now:
            yield _told(f"the learned model of {kind} in use", then, now)
    if before.model != after.model:
        yield _told("the language model", before.model, after.model)


def _made_by(before: Inputs, after: Inputs) -> Iterator[str]:
    if before.code_version != after.code_version:
        yield _told("the version", before.code_version, after.code_version)
    elif before.code_digest != after.code_digest:
        yield _told("the code", before.code_digest, after.code_digest)
    for name in sorted({*before.libraries, *after.libraries}):
        if before.libraries.get(name) != after.libraries.get(name):
            yield _told(name, before.libraries.get(name), after.libraries.get(name))
    for name in sorted({*before.texts, *after.texts}):
        if before.texts.get(name) != after.texts.get(name):
            yield _told(f"the words of {name}", before.texts.get(name), after.texts.get(name))


def _told(what: str, before: Any, after: Any) -> str:
    then, now = (NONE if value in (None, "") else value for value in (before, after))
    return piece("history_apart").fill(what=what, before=then, after=now)
