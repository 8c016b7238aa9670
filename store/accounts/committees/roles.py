"""Which department and which seniority does a job title tell?"""

import re
from dataclasses import dataclass
from functools import lru_cache

# Whole words, lower case. The department whose word stands first in the title counts: "Sales Engineer" sells,
# "Marketing Operations Manager" is marketing; where two begin alike, the upper one here does.
DEPARTMENTS: dict[str, str] = {
    "HR": "human resources|hr|people operations|people ops|people|talent|recruiting|recruiter|recruitment"
    "|chro|payroll|personnel|workforce",
    "Procurement": "procurement|purchasing|sourcing|buyer|supply chain|vendor|category manager",
    "Legal": "legal|counsel|attorney|lawyer|compliance|contracts|privacy|clo|paralegal",
    "Finance": "finance|financial|accounting|accountant|controller|comptroller|treasurer|treasury|cfo|fp&a"
    "|audit|tax|bookkeeper",
    "Marketing": "marketing|product marketing|brand|demand generation|demand gen|growth|content"
    "|communications|seo|cmo|digital|advertising|public relations|campaign|ecommerce",
    "Sales": "sales|revenue|account executive|account manager|business development|partnerships|sdr|bdr|cro"
    "|commercial|customer success|presales|pre-sales",
    "Engineering": "engineering|engineer|developer|development|software|architect|devops|r&d|research|cto"
    "|product|data science|data scientist|machine learning|programmer|sre|qa",
    "IT": "it|information technology|information systems|information security|infrastructure|network|systems"
    "|system administrator|sysadmin|help desk|cio|ciso|security|database|technology",
    "Operations": "operations|operating|coo|logistics|facilities|manufacturing|production|plant|warehouse"
    "|supply|quality|project|program|programme|administration|office",
}
SENIORITIES: dict[str, str] = {
    "C-level": "chief|ceo|cfo|cto|cio|ciso|cmo|coo|cro|chro|cpo|clo|cdo|president|founder|co-founder"
    "|cofounder|owner|managing partner|managing director|c-level|c-suite|c suite|cxo|board"
    "|executive director",
    "VP": "vp|vice president|svp|evp|avp|vice-president|senior vice president|vp-level",
    "Director": "director|head|dir|general counsel|controller|comptroller|treasurer|gm|general manager",
    "Manager": "manager|mgr|lead|team lead|supervisor|leader|mgmt|management",
    "Individual": "individual|individual contributor|specialist|analyst|engineer|developer|associate"
    "|coordinator|assistant|representative|executive|administrator|consultant|accountant|designer|architect"
    "|buyer|recruiter|attorney|counsel|staff|junior|entry|senior|intern|scientist|programmer|officer"
    "|account executive|account manager|project manager|product manager|program manager|agent|clerk"
    "|non-manager|contributor",
}
# What would be read wrongly word by word, and what is meant.
_FIXED: dict[str, tuple[str, str]] = {
    "account executive": ("Sales", "Individual"),
    "account manager": ("Sales", "Individual"),
    "product manager": ("Engineering", "Individual"),
    "project manager": ("Operations", "Individual"),
    "program manager": ("Operations", "Individual"),
    "product owner": ("Engineering", "Individual"),
    "executive assistant": ("Operations", "Individual"),
    "assistant to": ("Operations", "Individual"),
    "chief of staff": ("Operations", "Director"),
    "chief technology officer": ("Engineering", "C-level"),
    "chief information officer": ("IT", "C-level"),
    "chief people officer": ("HR", "C-level"),
    "chief product officer": ("Engineering", "C-level"),
    "chief procurement officer": ("Procurement", "C-level"),
}
# In a column of seniorities these words mean more than in a title.
_RANK_WORDS = {"executive": "C-level", "partner": "C-level", "exec": "C-level"}
# VP before C-level: "vice president" holds "president".
_ORDER = ("VP", "C-level", "Director", "Manager", "Individual")
RANKS: tuple[str, ...] = ("C-level", "VP", "Director", "Manager", "Individual")


def _pattern(words: str) -> re.Pattern[str]:
    longest_first = sorted(words.split("|"), key=len, reverse=True)
    return re.compile(r"(?<![\w&])(" + "|".join(map(re.escape, longest_first)) + r")(?![\w&])")


_DEPARTMENT_OF = {name: _pattern(words) for name, words in DEPARTMENTS.items()}
_SENIORITY_OF = {name: _pattern(SENIORITIES[name]) for name in _ORDER}


@dataclass(frozen=True)
class Role:
    """A department and a seniority; None where the words do not tell."""

    department: str | None
    seniority: str | None

    @property
    def told(self) -> str | None:
        """The role in words, `Finance VP`; None unless both are known."""
        return f"{self.department} {self.seniority}" if self.department and self.seniority else None


@lru_cache(maxsize=100_000)
def role_of(title: str, department: str = "", seniority: str = "") -> Role:
    """The role that a title tells, after what the columns of department and seniority say themselves.

    "VP of Finance" and "Vice President, Finance" are Finance VP; "CEO" is C-level of no department.
    """
    words = re.sub(r"\s+", " ", title.lower().replace(".", "")).strip()
    fixed = next((role for phrase, role in _FIXED.items() if phrase in words), None)
    by_title = fixed or (_first(_DEPARTMENT_OF, words), _seniority(words))
    given_department = _first(_DEPARTMENT_OF, _plain(department))
    rank = _plain(seniority)
    given_seniority = _RANK_WORDS.get(rank) or _seniority(rank)
    return Role(given_department or by_title[0], given_seniority or by_title[1])


def _plain(text: str) -> str:
    """The words of a cell: HubSpot and others write `vp`, `C_SUITE`, `human_resources`."""
    return re.sub(r"[\s_]+", " ", text.lower()).strip()


def _first(patterns: dict[str, re.Pattern[str]], words: str) -> str | None:
    """The name of which a word stands first; the table's order breaks ties."""
    found = [(match.start(), at, name) for at, (name, pattern) in enumerate(patterns.items())
             if (match := pattern.search(words))]  # fmt: skip
    return min(found)[2] if found else None


def _seniority(words: str) -> str | None:
    return next((name for name in _ORDER if _SENIORITY_OF[name].search(words)), None)
