"""What each column of a source file means."""

from store.population.mapping.model import Column, Kind, Mapping, read_mapping, write_mapping
from store.population.mapping.proposal import Outcome, Proposal, propose, propose_mapping

__all__ = [
    "Column",
    "Kind",
    "Mapping",
    "Outcome",
    "Proposal",
    "propose",
    "propose_mapping",
    "read_mapping",
    "write_mapping",
]
