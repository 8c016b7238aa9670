"""Which cells would a spreadsheet run, and how are they made texts?

The characters are those of OWASP's "CSV Injection" page, in full width too, as East Asian programs read them;
behind blanks of any kind, which some programs drop; and the bar with which a DDE command parts its words.
"""

import pyarrow as pa
import pyarrow.compute as pc

_BLANKS = r"[\s\x{00A0}\x{1680}\x{2000}-\x{200F}\x{2028}\x{2029}\x{202F}\x{205F}\x{2060}\x{3000}\x{FEFF}]"
_SIGNS = r"[=@+|\-\x{FF1D}\x{FF20}\x{FF0B}\x{FF0D}\x{FF5C}\x{2212}]"
FORMULA = rf"^(?:[\t\r\n]|{_BLANKS}*{_SIGNS})"
# A number with its sign, such as a phone: no spreadsheet runs it.
SIGNED_NUMBER = r"^[+-]\d[\d .]*([eE][+-]?\d+)?$"


def without_formulas(table: pa.Table) -> pa.Table:
    """The same table with an apostrophe before every text that a spreadsheet would run."""
    for index in range(table.num_columns):
        column = table.column(index)
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            continue
        runs = pc.match_substring_regex(column, FORMULA)  # type: ignore[attr-defined]  # pyarrow has no stubs for its kernels
        if pc.any(runs).as_py():  # type: ignore[attr-defined]  # as above
            runs = pc.and_(runs, pc.invert(pc.match_substring_regex(column, SIGNED_NUMBER)))  # type: ignore[attr-defined]  # as above
            mark, nothing = pa.scalar("'", column.type), pa.scalar("", column.type)
            guarded = pc.binary_join_element_wise(mark, column, nothing)  # type: ignore[attr-defined]  # as above
            safe = pc.if_else(runs, guarded, column)  # type: ignore[attr-defined]  # as above
            table = table.set_column(index, table.field(index).name, safe)
    return table
