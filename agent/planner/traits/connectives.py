"""Which words of a sentence join its traits?"""

import re

from agent.planner.traits.joining import Kind, Token

_CONNECTIVES: list[tuple[Kind, str]] = [
    ("neither", r"(?:are |is |do |have |in )?neither(?: of)?|none of"),
    ("nor", r"nor"),
    (
        "except",
        r"(?:but |and )?(?:please )?(?:except(?:ing)?(?: for)?|excluding|exclude|excludes"
        r"|apart from|other than|minus|leav(?:e|ing) (?:out|off)|not including|not counting"
        r"|unless|omit(?:ting)?|remov(?:e|ing)|filter(?:ing)? out|skip(?:ping)?|drop(?:ping)?"
        r"|ignor(?:e|ing)|lose(?! weight)|rul(?:e|ing) out|tak(?:e|ing) out|strip(?:ping)? out"
        r"|keep(?:ing)? out|weed(?:ing)? out|bar(?:ring)?|don't include"
        r"|do not include|never include|as long as they (?:aren't|don't|are not"
        r"|do not)(?: have)?|provided they (?:aren't|don't)(?: have)?"
        r"|(?:with the )?exception of|excl\.?)",
    ),
    (
        "without",
        r"(?:but )?without|but (?:not|no|nobody|none)(?! (?:yet|already))|who lack|lack(?:ing"
        r"|s)?|sans|free of|with(?:out| zero)",
    ),
    (
        "not",
        r"(?:who |that |which )?(?:do|does|did|is|are|was|were|has|have|had|would|will|could"
        r"|should|ca|wo)(?:n't| not| never)(?: (?:currently|yet|already|really|actually"
        r"|necessarily|also))?|cannot|aren't|not|never|hardly ever|un(?=interested)",
    ),
    ("no", r"no|non|none|zero|nobody|no one"),
    ("either", r"either"),
    ("both", r"both"),
    ("or", r"(?:and ?/ ?)?or(?: (?:else|even|alternatively))?|/|\||alternatively|and/or"),
    (
        "and",
        r"(?:and|&|\+)(?: (?:also|then|they|additionally|in addition))?|plus|as well as"
        r"|along with|together with|in addition to|in combination with|who also|that also"
        r"|also|on top of that|combined with|crossed with|overlapping with",
    ),
    ("but", r"but|yet|though|although|however|while|whereas|only"),
    (
        "then",
        r"(?:and )?(?:who(?:'s|'re|'ve| are| is| have| has)?|that(?:'s| are| is)?|which|whose"
        r"|with|having|where|if they|when they|provided(?: that)? they|as long as they"
        r"|among(?:st)?|they)",
    ),
]


CONNECTIVE = re.compile(
    "|".join(
        rf"(?P<{kind}>(?<![\w-])(?:{pattern})(?![\w]|-\w))" if re.match(r"[(\w]", pattern) else pattern
        for kind, pattern in _CONNECTIVES
    )
    + r"|(?P<comma>[,;:.!?]+(?=\s|$)|\s-\s)|(?P<open>\()|(?P<close>\))|(?P<any>\uf0fe)",
    re.I,
)


SIGN_JOINTS = re.compile(r"\s?([&+/|])\s?")


SIGNS = {"&": " and ", "+": " and ", "/": " or ", "|": " or "}


STARTS = re.compile(
    r"\s*(?:are|is|have|has|own|owns|like|likes|love|loves|live|lives|earn|earns|want"
    r"|wants|buy|buys|bought|travel|work|works|rent|rents|enjoy|enjoys|make|makes)\b",
    re.I,
)


ANY_OF = re.compile(
    r"-?\s?\bany (?:one )?of (?:the (?:three|two|four|five)|these|those"
    r"|them)\b(?: (?:will do|is fine|works|is ok(?:ay)?|counts?|qualif\w+))?(?: -)?"
    r"|\bat least one of\b|\bone of these\b|\bany will do\b|\beither (?:one )?(?:will do"
    r"|is fine)\b",
    re.I,
)


ANY = "\uf0fe"  # stands for `any of these`


THOSE = re.compile(
    r"\s*(?:for |the |all |any )?(?:those|people|anyone|anybody|everyone|everybody|folks"
    r"|persons|the ones|individuals|customers|households|whoever)\b(?=\s*(?:who|that|with"
    r"|which|having|whose|in|from)\b)",
    re.I,
)


def as_alternatives(tokens: list[Token]) -> list[Token]:
    """A list after which `any of these` is said."""
    if not tokens:
        return []
    return [*(Token("or") if token.kind in ("and", "comma") else token for token in tokens), Token("then")]


def verb_of(text: str) -> str:
    """The verb with which a clause begins; blank where none does."""
    match = STARTS.match(text)
    return match[0].strip().lower().removesuffix("s") if match else ""


def kind_of(match: re.Match[str]) -> Kind:
    """What a match of CONNECTIVE is."""
    name = match.lastgroup or "comma"
    return {"open": "(", "close": ")"}.get(name, name)  # type: ignore[return-value]  # the groups are kinds
