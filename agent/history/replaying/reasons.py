"""What is not as it was when a run was made, in words?"""

from collections.abc import Iterator

from agent.history.inputs import Inputs, snapshot_hash
from agent.history.kept_ledgers import ledger_folder, ledger_manifest
from agent.history.recipe import KeptRecipe
from agent.history.state import erasures_digest, people_digest, state_of
from agent.history.versions import code_digest, library_versions, text_versions
from agent.version import CODE_VERSION
from prompts import piece
from store.errors import Expired, NotFound
from store.workspace import Workspace

READS_OUTCOMES = ("analyze_outcomes", "run_briefing")
# By the part of what was said until now: what tells that it is not as it was.
SAID = {
    "feedback": "history_feedback",
    "corrections": "history_corrections",
    "standing": "history_standing",
}


def require_inputs(workspace: Workspace, inputs: Inputs) -> None:
    """Raise Expired where what the run was made from is gone: nothing could be found by making it again."""
    if inputs.snapshot_id and not snapshot_hash(workspace, inputs.snapshot_id):
        raise Expired(
            f"The run was made from the snapshot `{inputs.snapshot_id}`, which was removed since",
            where="snapshot_id",
            instead="A warehouse keeps its newest few: make the run again from those that are there.",
        )
    version = inputs.ledger_version if reads_outcomes(inputs) else ""
    if version and ledger_folder(workspace.warehouse, version) is None:
        raise Expired(
            f"The run was made from the outcomes of `{version}`, which were removed since",
            where="outcomes",
            instead="The outcomes of the last few runs are kept: make the run again from those of today.",
        )


def reads_outcomes(inputs: Inputs) -> bool:
    """Whether the outcomes are a part of what the run is made from."""
    return inputs.kind in READS_OUTCOMES or bool(inputs.settings.get("recorded"))


def reasons(workspace: Workspace, recipe: KeptRecipe, *, same: bool) -> list[str]:
    """What is not as it was, each in a sentence; where the same was found, not what made no difference."""
    inputs = recipe.made_from
    said = [] if same else _said_since(workspace, inputs)
    return [*_code(inputs), *_texts(inputs), *_inputs(workspace, inputs), *said, *_people(workspace, recipe)]


def _code(inputs: Inputs) -> Iterator[str]:
    if inputs.code_version != CODE_VERSION:
        yield piece("history_code_version").fill(before=inputs.code_version, now=CODE_VERSION)
    elif inputs.code_digest != code_digest():
        yield piece("history_code").fill(version=CODE_VERSION, before=inputs.code_digest, now=code_digest())
    known = library_versions()
    for name in sorted({*inputs.libraries, *known}):
        before, now = inputs.libraries.get(name, "none"), known.get(name, "none")
        if before != now:
            yield piece("history_library").fill(name=name, before=before, now=now)


def _texts(inputs: Inputs) -> Iterator[str]:
    known = text_versions()
    moved = [name for name in sorted({*inputs.texts, *known}) if inputs.texts.get(name) != known.get(name)]
    if moved:
        yield piece("history_texts").fill(names=", ".join(moved))


def _inputs(workspace: Workspace, inputs: Inputs) -> Iterator[str]:
    if inputs.snapshot_id and snapshot_hash(workspace, inputs.snapshot_id) != inputs.snapshot_hash:
        yield piece("history_snapshot_other").fill(snapshot=inputs.snapshot_id)
    if _are_other_outcomes(workspace, inputs):
        yield piece("history_ledger_other").fill(version=inputs.ledger_version)
    if erasures_digest(workspace) != inputs.state.get("erasures", ""):
        yield piece("history_erased").fill()


def _said_since(workspace: Workspace, inputs: Inputs) -> list[str]:
    """What was said and decided since the run; the replay knows it as it was then, as far as that is kept."""
    now = state_of(workspace)
    return [piece(told).fill() for part, told in SAID.items() if now[part] != inputs.state.get(part, "")]


def _are_other_outcomes(workspace: Workspace, inputs: Inputs) -> bool:
    version = ledger_folder(workspace.warehouse, inputs.ledger_version) if reads_outcomes(inputs) else None
    if version is None:
        return False
    return ledger_manifest(workspace.warehouse, version).data_hash != inputs.ledger_hash


def _people(workspace: Workspace, recipe: KeptRecipe) -> Iterator[str]:
    inputs = recipe.made_from
    if inputs.people != "kept":
        return
    yield piece("history_people_kept").fill()
    try:
        kept = workspace.artifacts.people("customers", recipe.run_id)
    except NotFound:
        return
    if people_digest(kept) != inputs.customers_hash:
        yield piece("history_customers").fill(before=inputs.customers, now=len(kept))
