"""Why this segment, this trait, this audience: how it was chosen, what speaks for it, and what against?"""

from agent.analysis import Analysis, Segment
from agent.audience_result import AudienceResult
from agent.explain.explanation import Explanation
from agent.explain.known import figures_of_audience
from agent.explain.matching import by_words, words_of
from agent.markdown import bullets, headed, paragraphs, told
from agent.narration.wording import interval, number, percent, times
from store.workspace import Workspace
from tools.audience.strategies import Strategy
from tools.clusters.meaning import nearest
from tools.mining.findings import TraitLift

SMALL_SEGMENT = 50  # customers
HARDLY = 1.2  # lift over the other customers under which a trait marks customers, not the segment
CLOSE_TO_ONE = 1.2  # lower end of an interval
TOLD, NEAREST = 4, 3
HOW = {"precision": "explain_precision", "hybrid": "explain_hybrid", "reach": "explain_reach"}
ORDINALS = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]


def segment_explained(analysis: Analysis, subject: str | None) -> Explanation:
    """Why there is this segment, and what marks it."""
    segment = segment_named(analysis, subject or "")
    if segment is None:
        names = bullets([told("explain_segment_name", name=s.name) for s in analysis.segments])
        text = told(
            "explain_segment_unknown" if names else "explain_no_segments", why=analysis.segments_chosen_by
        )
        return Explanation(about="segment", found=False, text=f"{text}\n\n{names}".strip())
    return Explanation(
        about="segment",
        found=True,
        text=paragraphs(
            told(
                "explain_segment",
                name=segment.name,
                size=number(segment.size),
                customers=number(analysis.match.analysed),
                share=percent(segment.share.value),
                low=percent(segment.share.low),
                high=percent(segment.share.high),
                chosen_by=analysis.segments_chosen_by,
            ),
            headed(told("explain_for"), [_mark(one) for one in segment.traits[:TOLD]]),
            headed(told("explain_against"), _against_segment(segment, analysis)),
        ),
    )


def segment_named(analysis: Analysis, subject: str) -> Segment | None:
    """The segment of this name, of this place in the list (the first is 1), or sharing the most words."""
    wanted = subject.casefold().strip().removeprefix("the ").removeprefix("segment ").strip(" \"'“”?")
    for segment in analysis.segments:
        if wanted == segment.name.casefold():
            return segment
    place = next((at for at, word in enumerate(ORDINALS) if word in wanted.split()), None)
    if place is None and wanted.isdecimal():
        place = max(0, int(wanted) - 1)
    if place is not None:
        return analysis.segments[place] if place < len(analysis.segments) else None
    best = by_words([segment.name for segment in analysis.segments], words_of(wanted))
    return analysis.segments[best[0]] if best else None


def _mark(one: TraitLift) -> str:
    return told(
        "explain_mark",
        phrase=one.trait.phrase,
        share=percent(one.frequency.value),
        baseline=percent(one.baseline_share),
        times=times(one.lift.value),
        interval=interval(one.lift),
    )


def _against_segment(segment: Segment, analysis: Analysis) -> list[str]:
    others = {one.trait.cluster_hash: one for one in segment.traits_against_others}
    told_of = [
        told("explain_against_shared", phrase=one.trait.phrase)
        for one in segment.traits[:TOLD]
        if one.trait.cluster_hash not in others or others[one.trait.cluster_hash].lift.value < HARDLY
    ]
    if segment.size < SMALL_SEGMENT:
        told_of.append(told("explain_against_small", size=number(segment.size)))
    if analysis.background:
        told_of.append(told("explain_against_background", size=number(analysis.background.size)))
    return told_of


def trait_explained(workspace: Workspace, analysis: Analysis | None, subject: str | None) -> Explanation:
    """What is known of a trait among the customers; else what the words mean in this population."""
    one = _trait_named(analysis, subject or "") if analysis else None
    if one is None or analysis is None:
        return _by_meaning(workspace, analysis, subject or "")
    return Explanation(
        about="trait",
        found=True,
        text=paragraphs(
            told(
                "explain_trait",
                phrase=one.trait.phrase,
                having=number(one.customers),
                customers=number(analysis.lift.customers),
                share=percent(one.frequency.value),
                holders=number(one.population),
                population=number(analysis.lift.population),
                baseline=percent(one.baseline_share),
                times=times(one.lift.value),
                interval=interval(one.lift),
                q=f"{one.q_value:.1g}",
                tested=number(sum(analysis.lift.tested.values())),
            ),
            headed(told("explain_against"), _against_trait(one, analysis)),
        ),
    )


def _trait_named(analysis: Analysis | None, subject: str) -> TraitLift | None:
    if analysis is None or not subject.strip():
        return None
    lift = analysis.lift
    known = [*lift.top_attributes, *lift.rare_attributes, *lift.unremarkable]
    wanted = subject.strip().casefold()
    for one in known:
        if wanted in (one.trait.cluster_hash, one.trait.cluster_id, one.trait.phrase.casefold()):
            return one
    best = by_words([f"{t.trait.label} {t.trait.value} {t.trait.phrase}" for t in known], words_of(subject))
    return known[best[0]] if best else None


def _against_trait(one: TraitLift, analysis: Analysis) -> list[str]:
    told_of = []
    if one.lift.value > 1 and one.lift.low < CLOSE_TO_ONE:
        told_of.append(told("explain_against_close", low=times(one.lift.low)))
    if one.frequency.value < 0.5 < one.lift.value:
        told_of.append(told("explain_against_most", share=percent(1 - one.frequency.value)))
    same = [c for c in analysis.criteria if one.trait.cluster_hash in c.cluster_hashes and c.same_as]
    told_of += [told("explain_against_same", labels=", ".join(c.same_as)) for c in same]
    return told_of


def _by_meaning(workspace: Workspace, analysis: Analysis | None, subject: str) -> Explanation:
    """The traits nearest in meaning, and that none of them set the customers apart."""
    population = workspace.population
    codes = nearest(workspace, subject, NEAREST) if subject.strip() else []
    lines = [
        told(
            "explain_near_trait",
            phrase=population.catalogue[code].phrase,
            size=number(population.catalogue[code].size),
            share=percent(population.catalogue[code].size / max(1, population.persons)),
        )
        for code in codes
    ]
    if not lines:
        return Explanation(about="trait", found=False, text=told("explain_trait_unknown"))
    heading = told("explain_trait_absent" if analysis else "explain_trait_meaning", subject=subject)
    return Explanation(about="trait", found=False, text=headed(heading, lines))


def audience_explained(
    analysis: Analysis | None, audience: AudienceResult | None, subject: str | None
) -> Explanation:
    """Why an audience is made of these traits, and what may be expected of it."""
    if audience is not None:
        return Explanation(
            about="audience",
            found=True,
            text=paragraphs(
                told("explain_audience", why=audience.why, total=number(audience.total)),
                *(told(HOW[name]) for name in HOW if audience.why.startswith(f"The {name} expression")),
                bullets(
                    [
                        told("answer_relaxed_step", step=s.step, total=number(s.total))
                        for s in audience.relaxed
                    ]
                ),
                headed(told("explain_against"), _against_audience(audience)),
            ),
            figures=figures_of_audience(audience, analysis)[:TOLD],
        )
    ways = analysis.strategies if analysis else []
    named = [way for way in ways if way.strategy in (subject or "").lower()] or ways
    if not named:
        return Explanation(about="audience", found=False, text=told("explain_no_audience"))
    return Explanation(about="audience", found=True, text="\n\n".join(map(_way, named)))


def _against_audience(audience: AudienceResult) -> list[str]:
    told_of = []
    if audience.reachable < audience.total:
        told_of.append(told("explain_against_unreachable", left=number(audience.total - audience.reachable)))
    if audience.overlap and audience.overlap.in_audience:
        told_of.append(told("explain_against_overlap", inside=number(audience.overlap.in_audience)))
    if audience.relaxed:
        told_of.append(told("explain_against_relaxed"))
    return told_of


def _way(way: Strategy) -> str:
    evidence = told(
        "explain_way",
        total=number(way.total),
        share=percent(way.share_of_population),
        recall=percent(way.recall.value),
        low=percent(way.recall.low),
        high=percent(way.recall.high),
        measured=number(way.customers_measured),
        times=times(way.lift.value),
        interval=interval(way.lift),
        missed=percent(1 - way.recall.value),
    )
    measured = told("explain_held_out" if way.held_out else "explain_flattering")
    return f"{told(HOW[way.strategy])} {evidence} {measured}"
