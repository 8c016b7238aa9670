"""Does the name of a column say that it is filled in afterwards?"""

import re

# What a column of such a name holds, and forms of the name in words; the whole name must be of one.
_FORMS: dict[str, tuple[str, ...]] = {
    "a reason or a day of the decision": (
        r"(close|closed|closing|won|lost|loss|win|churn|cancel\w*) (reason|date|comment|note)s?",
        r"reasons?( (for|of|why).*)?",
        r"competitor (won|lost|chosen)",
    ),
    "a payment": (
        r"(amount|total|sum) (paid|collected|invoiced|refunded)",
        r"paid|payments?|refund\w*",
        r"(last |first |number of |open )?invoice\w*( \w+)?",
    ),
    "the state of the deal itself": (
        r"(deal |pipeline |sales )?(stage|status)",
        r"outcome|result|is (won|lost|closed)",
        r"(days|time) in (stage|status).*",
    ),
    "the length of a call that is over": (
        r"((last )?(call|talk) )?duration( seconds| minutes| secs?)?",
        r"(last )?call (length|seconds|minutes)",
    ),
    "a forecast made of the stage": (
        r"(win |close |deal |forecast )?probability( \w+)?",
        r"forecast( category| amount)?",
        r"expected revenue|weighted amount",
    ),
    "a time counted from the decision": (
        r"(days|weeks|months) (since|to|until|after) (close|closing|decision|won|lost|churn)\w*",
        r"time to close|cycle (days|length)|sales cycle( \w+)?",
    ),
    "a step after the decision": (
        r"(contract|renewal|cancellation|termination|churn)( (signed|start|end))?( date| at)",
        r"(onboarding|activation)( (start|end))?( date| at)",
        r"(contract )?signed( at| on| date)?",
        r"days since (contract|cancellation|termination|churn|signature|onboarding|activation)( \w+)*",
        r"exit (survey|interview).*|post ?mortem.*|nps after.*|offboard\w*",
    ),
}
_HINTS = [(re.compile("|".join(f"({form})" for form in forms)), holds) for holds, forms in _FORMS.items()]


def words_of_name(name: str) -> str:
    """The name as lower-case words: `AmountPaid` and `amount_paid` are `amount paid`."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name))).casefold()


def known_afterwards(name: str) -> str:
    """What a column of this name holds that is known only afterwards; blank for none that is known.

    Only a hint: a `duration` can be that of a call, or of the contract that one had before.
    """
    words = words_of_name(name)
    return next((holds for hint, holds in _HINTS if hint.fullmatch(words)), "")
