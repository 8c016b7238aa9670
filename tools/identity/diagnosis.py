"""Why so few identifiers matched, and what to try."""

from pydantic import BaseModel, Field

from tools.identity.matching import Problems

LOW_RATE = 0.5


class MatchProblem(BaseModel):
    """One reason, how many identifiers it concerns, and what would help."""

    reason: str = Field(
        description="`invalid_form`, `wrong_hash_type`, `phone_form`, `not_found` or `same_person`."
    )
    id_type: str = Field(description="`any` for `same_person`.")
    count: int
    explanation: str
    advice: str


ADVICE = {
    "email": "An e-mail address looks like name@domain.tld.",
    "phone": "A phone is ten digits, with or without +1 and punctuation.",
    "address": "An address is one line: number and street, city, state and ZIP code.",
    "maid": "A mobile ad id is a UUID of 32 hex digits that are not all zero.",
    "id": "An id is the key of the loaded file, at most 256 characters.",
}


def diagnose(problems: Problems, repeats: int = 0) -> list[MatchProblem]:
    """The reasons, the most frequent first. Holds counts and forms, never a value.

    repeats: identifiers of persons whom another identifier had found already.
    """
    found = [
        MatchProblem(
            reason="phone_form" if id_type == "phone" else "invalid_form",
            id_type=id_type,
            count=count,
            explanation=f"not a well-formed {id_type}: {reason}",
            advice=ADVICE[id_type],
        )
        for (id_type, reason), count in problems.malformed.items()
    ]
    found += [_wrong_hash(*key, count) for key, count in problems.wrong_hash.items()]
    found += [
        MatchProblem(
            reason="not_found",
            id_type=id_type,
            count=count,
            explanation="well formed, but nobody in the population has it",
            advice="Send several types of identifier for each customer: one of them may be known.",
        )
        for id_type, count in problems.not_found.items()
    ]
    if repeats:
        found.append(
            MatchProblem(
                reason="same_person",
                id_type="any",
                count=repeats,
                explanation="found somebody whom another identifier had found already",
                advice="Nothing is wrong: the rate counts persons, and some gave several identifiers.",
            )
        )
    return sorted(found, key=lambda problem: -problem.count)


def _wrong_hash(id_type: str, said: str, looks: str, count: int) -> MatchProblem:
    return MatchProblem(
        reason="wrong_hash_type",
        id_type=id_type,
        count=count,
        explanation=f"given as {said}, but they look like {looks}",
        advice=f"Send them with hash type `{looks}`.",
    )
