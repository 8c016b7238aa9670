"""What do the leads look like to each of the profiles that they are scored against?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from store.features import FeatureTable
from tools.profiles.scoring.card import card_of
from tools.scoring.fit.profile import FitProfile
from tools.scoring.learned import ScoredProfile, Scorer


@dataclass(frozen=True)
class Prepared:
    """The leads with the columns that profiles make of theirs, the scorers over them, and what is told."""

    table: FeatureTable
    scorers: list[Scorer]
    notes: list[str]


def prepared(table: FeatureTable, scorers: Sequence[Scorer]) -> Prepared:
    """Leads and scorers such that each scorer's fit reads columns of the table.

    A profile that was learned reads the leads' own columns; of one that is written, what each lead has of
    what it asks for is a column of its own.
    """
    ready, notes, columns = [], [], []
    for scorer in scorers:
        if scorer.profile is None:
            ready.append(scorer)
            continue
        card = card_of(scorer.model_id, scorer.profile.document, scorer.profile.learned, table)
        ready.append(replace(scorer, fit=card.fit))
        columns += [each for each in card.columns if each.name not in {one.name for one in columns}]
        notes += card.notes
    return Prepared(table.beside(*columns), ready, notes)


def with_profile(profile: ScoredProfile, key: str, table: FeatureTable) -> tuple[FitProfile, FeatureTable]:
    """The fit profile that an ideal customer profile is for these rows, and the rows with its columns."""
    card = card_of(key, profile.document, profile.learned, table)
    return card.fit, table.beside(*card.columns)
