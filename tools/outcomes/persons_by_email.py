"""Which person of the population has each of these e-mail addresses?"""

from collections.abc import Sequence

import numpy as np

from store.outcomes.intake.records import Resolve
from store.population.population import Population
from store.workspace import Workspace
from tools.identity.corrections.overlay import Corrected, corrections_on
from tools.identity.matching import Group, match


def persons_by_email(
    population: Population, emails: Sequence[str], corrected: Corrected | None = None
) -> list[str | None]:
    """The person id of each address as text, None for one that nobody has or that is malformed.

    Of several people with one address it is the one whose match is surest, then the first of the population.
    """
    if not emails:
        return []
    matches, _ = match(population, [Group("email", "plaintext", list(emails))], corrected)
    found: list[str | None] = [None] * len(emails)
    # The surest last, so that it is the one that stays.
    for at in np.lexsort((-matches.number, -matches.shard, matches.score)).tolist():
        shard = population.shards[int(matches.shard[at])]
        found[int(matches.given[at])] = str(int(shard.person_ids[int(matches.number[at])]))
    return found


def email_resolver(workspace: Workspace) -> Resolve | None:
    """What gives the person ids of e-mail addresses here; None where no people are loaded."""
    if not workspace.warehouse.exists:
        return None
    return lambda emails: persons_by_email(workspace.population, emails, corrections_on(workspace))
