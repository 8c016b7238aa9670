"""What are a lead's sessions, pages or seconds likely to be, where only some of them are known?"""

import numpy as np
from pydantic import BaseModel, Field

from store.features import FeatureTable
from tools.behaviour.icp.answers import IcpFeatures

COUNTS = ("session_count", "page_views", "engagement_time_seconds")
FEWEST = 30  # users with both counts


class Line(BaseModel):
    """log(1 + one count) as a line of log(1 + another)."""

    of: str
    by: str
    start: float
    slope: float
    correlation: float


class LeadCounts(BaseModel):
    """Lines between the counts of users, and their medians."""

    lines: list[Line]
    medians: dict[str, float] = Field(description="Of log(1 + count).")

    def filled(self, lead: IcpFeatures) -> IcpFeatures:
        """The lead with each unknown count told by the known one that it goes with most; else its median.

        Counts go together: a lead with twenty sessions of unknown length is no median lead in pages.
        """
        new: dict[str, float] = {}
        for count in COUNTS:
            if getattr(lead, count) is None:
                told = self._told(count, lead)
                if told is not None:
                    new[count] = max(float(np.expm1(told)), 0.0)
        return lead.model_copy(update=new)

    def _told(self, count: str, lead: IcpFeatures) -> float | None:
        lines = [each for each in self.lines if each.of == count and getattr(lead, each.by) is not None]
        if not lines:
            return self.medians.get(count)
        best = max(lines, key=lambda each: abs(each.correlation))
        return best.start + best.slope * float(np.log1p(getattr(lead, best.by)))


def lead_counts(table: FeatureTable) -> LeadCounts:
    """The lines and medians of these users; least squares on logarithms, of users with both counts."""
    known = {name: np.log1p(np.maximum(found.values, 0.0)) for name in COUNTS if (found := table.find(name))}
    pairs = [(of, by) for of in known for by in known if of != by]
    lines = [line for of, by in pairs if (line := _line(of, by, known[of], known[by]))]
    medians = {
        name: float(np.nanmedian(values)) for name, values in known.items() if not np.isnan(values).all()
    }
    return LeadCounts(lines=lines, medians=medians)


def _line(of: str, by: str, y: np.ndarray, x: np.ndarray) -> Line | None:
    both = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[both], y[both]
    if len(x) < FEWEST or x.std() < 1e-9 or y.std() < 1e-9:
        return None
    correlation = float(np.corrcoef(x, y)[0, 1])
    slope = correlation * float(y.std() / x.std())
    start = float(y.mean()) - slope * float(x.mean())
    return Line(of=of, by=by, start=start, slope=slope, correlation=correlation)
