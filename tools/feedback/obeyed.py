"""Which accepted feedback does a run obey, from its beginning to its end?"""

from collections.abc import Sequence

import numpy as np

from store.artifacts import Artifacts
from store.errors import NotFound
from store.population.population import Population
from store.workspace import Workspace
from tools.feedback.applied import FeedbackEffects, Value, effects_on
from tools.identity.corrections.known_again import person_id_at, places_of
from tools.mining.rows.membership import Membership

KIND = "feedback"  # of the artifact: ids of feedback, and nothing of a person


def begin_obeying(workspace: Workspace, run_id: str) -> FeedbackEffects:
    """The effects that hold now, which the run obeys however long it takes."""
    effects = effects_on(workspace)
    if effects.feedback_ids:
        workspace.artifacts.save_document(KIND, run_id, effects.feedback_ids)
    return effects


def obeyed_by(workspace: Workspace, run_id: str) -> FeedbackEffects:
    """The effects that the run began with. What was opened again since is obeyed no more."""
    try:
        ids = workspace.artifacts.document(KIND, run_id)
    except NotFound:
        return FeedbackEffects()
    return effects_on(workspace, only=set(ids))


def forget_obeyed(artifacts: Artifacts, run_id: str) -> None:
    """Drop what was kept of a run that was refused."""
    artifacts.remove(KIND, run_id, "json")


def without_values(
    membership: Membership, person_ids: np.ndarray, values: Sequence[tuple[int, int]]
) -> tuple[Membership, int]:
    """The membership without these values, and how many of them it had.

    person_ids: of its rows. values: (person id, cluster code).
    """
    row_of = {person_id: row for row, person_id in enumerate(person_ids.tolist())}
    column_of = {code: column for column, code in enumerate(membership.codes.tolist())}
    cells = {
        (column_of[code], row_of[person_id])
        for person_id, code in values
        if code in column_of and person_id in row_of
    }
    bits, had = membership.bits.copy(), 0
    for column, row in cells:
        word, bit = row // 64, np.uint64(1) << np.uint64(row % 64)
        had += int(bits[column, word] & bit != 0)
        bits[column, word] &= ~bit
    return Membership(membership.codes, bits, membership.total), had


def values_here(population: Population, values: Sequence[Value]) -> list[tuple[int, int]]:
    """(person id, cluster code) of those values whose person and cluster are in this snapshot."""
    places = places_of(population, [each.person for each in values])
    clusters = [population.catalogue.find(each.cluster_hash) for each in values]
    return [
        (person_id_at(population, place), cluster.code)
        for place, cluster in zip(places, clusters, strict=True)
        if place is not None and cluster is not None
    ]
