"""Which words is a text made of, whatever its case, accents and signs?"""

import re
import unicodedata
from functools import lru_cache

REMEMBERED = 65_536  # values whose reading is kept, of each kind
NOTHING = frozenset({"", "no", "none", "false", "0", "n", "never", "na", "null", "unknown"})
_SIGNS = re.compile(r"(?:[^\w+]|_)+")
# Words that say nothing of what is looked for: `uses Salesforce` is Salesforce.
_EMPTY = frozenset(
    (
        *("a", "an", "and", "are", "at", "by", "company", "companies", "for", "from", "has", "have", "in"),
        *("is", "of", "on", "or", "our", "recent", "recently", "spree", "the", "their", "to"),
        *("use", "used", "uses", "using", "who", "with"),
    )
)


@lru_cache(REMEMBERED)
def normal(text: str) -> str:
    """The text in small letters without accents, its words parted by single blanks."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and ")).casefold()
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _SIGNS.sub(" ", letters).strip()


def stem(word: str) -> str:
    """The word without the ending of a plural."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@lru_cache(REMEMBERED)
def words(text: str) -> frozenset[str]:
    """Stems of all words of the text."""
    return frozenset(stem(word) for word in normal(text).split())


@lru_cache(REMEMBERED)
def telling_words(text: str) -> frozenset[str]:
    """Stems of the words that tell something; all of them where none does."""
    found = frozenset(stem(word) for word in normal(text).split() if word not in _EMPTY)
    return found or words(text)


def holds(text: str, phrase: str) -> bool:
    """Whether the text has all telling words of the phrase."""
    wanted = telling_words(phrase)
    return bool(wanted) and wanted <= words(text)


def says_no(value: str) -> bool:
    """Whether a value is a no: `No`, `false`, `0`, `none`."""
    return normal(value) in NOTHING
