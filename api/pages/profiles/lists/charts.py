"""How do the rows of a list divide into tiers, as a picture?"""

from functools import lru_cache

from store.scored_lists.kept import HeldAgainst

Counts = tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
BAR = 26


def tiers_picture(against: list[HeldAgainst]) -> str:
    """Rows in each tier by each profile, as SVG."""
    return _drawn(tuple((each.name, tuple(each.tiers.items())) for each in against))


# Drawing takes a tenth of a second of a core; a list stays as it was scored.
@lru_cache(256)
def _drawn(counts: Counts) -> str:
    import altair as alt

    from api.report.charts import ACCENT, INK, QUIET, SECOND, as_svg, shortened

    rows = [
        {"tier": tier, "rows": many, "profile": shortened(name), "told": f"{many:,}"}
        for name, tiers in counts
        for tier, many in tiers
    ]
    names = [shortened(name) for name, _ in counts]
    base = alt.Chart(alt.Data(values=rows)).encode(
        y=alt.Y("tier:N", title=None, sort=["A", "B", "C", "D"]),
        yOffset=alt.YOffset("profile:N", sort=names),
        x=alt.X("rows:Q", title=None, axis=alt.Axis(tickCount=4, format="~s", tickMinStep=1)),
    )
    legend = alt.Legend(title=None, orient="top") if len(names) > 1 else None
    colours = alt.Scale(domain=names, range=[ACCENT, SECOND, QUIET][: len(names)])
    bars = base.mark_bar().encode(color=alt.Color("profile:N", scale=colours, legend=legend))
    figures = base.mark_text(align="left", dx=5, fontSize=11, color=INK).encode(text="told:N")
    return as_svg(bars + figures, height=4 * BAR * max(1, len(names)), width=420)
