"""How is a figure of outcomes written: a share, a sum, days, a score?"""

from agent.narration.wording import number, percent

SHARES = ("win_rate", "won_share", "pipeline_share")
SMALLEST_Q = 1e-4


def figure(measure: str, value: float, currency: str = "", *, signed: bool = False) -> str:
    """`31 %`, `12,400 EUR`, `43 days`, `61.5`."""
    sign = "+" if signed and value > 0 else "-" if value < 0 else ""
    size = abs(value)
    if measure in SHARES:
        return sign + percent(size)
    if measure == "contract_value":
        return f"{sign}{number(size)} {currency}".strip()
    if measure == "cycle_days":
        return f"{sign}{_days(size)}"
    return f"{sign}{size:.1f}"


def _days(value: float) -> str:
    told = f"{value:.0f}" if value == round(value) or value >= 10 else f"{value:.1f}"
    return f"{told} day" if told == "1" else f"{told} days"


def points(difference: float) -> str:
    """`+9.1`, in percentage points."""
    value = difference * 100
    return f"{value:+.1f}" if abs(value) >= 1 else f"{value:+.2f}"


def q_words(value: float) -> str:
    """`q 0.0003`, `q < 0.0001`."""
    return "q < 0.0001" if value < SMALLEST_Q else f"q {value:.2g}"
