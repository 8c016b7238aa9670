"""Which box at a post office, on a rural route or in an army's mail?"""

import re

_SIGN = r"(?: (?:NO|NUM|NUMBER|#))*"
_NUMBER = rf"{_SIGN} ([A-Z0-9-]+)(?= |\Z)"
_FORMS = [
    (rf"(?:(?:P ?O|POST OFFICE) ?(?:BOX|BX|DRAWER)|POB|BOX){_NUMBER}", "PO BOX {0}"),
    (rf"(?:R ?R|RURAL (?:ROUTE|RTE|RT)|RFD){_SIGN} (\d+) (?:BOX|BX){_NUMBER}", "RR {0} BOX {1}"),
    (rf"(?:HC|HIGHWAY CONTRACT)(?: ROUTE)? (\d+) (?:BOX|BX){_NUMBER}", "HC {0} BOX {1}"),
    (rf"(PSC|CMR|UNIT) (\d+) BOX{_NUMBER}", "{0} {1} BOX {2}"),
]
_BOXES = [(re.compile(form).match, line) for form, line in _FORMS]

BOX_STARTS = frozenset(
    {
        "P",
        "PO",
        "POB",
        "POBOX",
        "POST",
        "BOX",
        "R",
        "RR",
        "RURAL",
        "RFD",
        "HC",
        "HIGHWAY",
        "PSC",
        "CMR",
        "UNIT",
    }
)


def box_line(tokens: list[str]) -> tuple[str, int] | None:
    """The standard form of the box that these words begin with, and how many words it took."""
    if tokens[0] not in BOX_STARTS:
        return None
    joined = " ".join(tokens)
    for match, line in _BOXES:
        if found := match(joined):
            return line.format(*found.groups()), joined.count(" ", 0, found.end()) + 1
    return None
