"""Where does a language model answer, and what may it cost?"""

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelAccess:
    """An OpenAI-compatible server, and the bounds of what a run may ask of it."""

    base_url: str
    model: str
    api_key: str = ""
    timeout_seconds: float = 60.0  # of one answer, from its request to its last word
    run_seconds: float = 600.0  # of all answers of a run; what is not told by then, the template tells
    concurrency: int = 4
    budget_tokens: int = 60_000  # of a run, in and out
    price_in: float = 0.0  # a million tokens; in the currency the house thinks in
    price_out: float = 0.0

    def cost(self, tokens_in: int, tokens_out: int) -> float:
        """What so many tokens cost."""
        return (tokens_in * self.price_in + tokens_out * self.price_out) / 1_000_000
