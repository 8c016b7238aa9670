"""How does a planned step read, and must somebody say yes to it first?"""

from collections.abc import Callable
from typing import Any

Arguments = dict[str, Any]
Said = dict[str, str]  # what the text of an expression was called
SHOWN = 3
_REACHED = {"email": "e-mail", "phone": "phone", "address": "post", "maid": "mobile advertising id"}


def in_words(tool: str, arguments: Arguments, said: Said) -> str:
    """One sentence that says what the step does."""
    return _TELLERS[tool](arguments, said) + "."


def needs_approval(tool: str, arguments: Arguments) -> str | None:
    """Why somebody must say yes to the step; None where it only looks."""
    form = arguments.get("format", "none")
    if form != "none":
        return f"It writes people's data to a {form.upper()} file that can be downloaded."
    if tool == "run_briefing" and arguments.get("send"):
        return "It sends the briefing to its recipients."
    if tool == "schedule_briefing" and not arguments.get("paused"):
        return "It sends the briefing again and again until it is paused."
    if tool == "keep_audience" and arguments.get("destination"):
        return "Its files are written to the destination whenever the audience is made anew."
    if tool == "share_icp_profile" and arguments.get("visibility", "shared") == "shared":
        return "Everyone in the organisation will see the profile."
    if tool == "icp_profile_history" and "restore" in arguments:
        return "It replaces the profile in use by an earlier revision."
    return None


def _customers(arguments: Arguments) -> str:
    if groups := arguments.get("multi_identifiers"):
        count = sum(len(group["values"]) for group in groups)
        kinds = " and ".join(dict.fromkeys(str(group["id_type"]) for group in groups))
        return f"{count} identifier{'s' if count != 1 else ''} ({kinds})"
    if isinstance(ids := arguments.get("person_ids"), list):
        shown = ", ".join(map(str, ids[:SHOWN])) + (" …" if len(ids) > SHOWN else "")
        return f"person{'s' if len(ids) != 1 else ''} {shown}"
    if arguments.get("file"):
        return f"the file `{arguments['file']}`"
    if outcome := arguments.get("outcome"):
        return f"people with {outcome['attribute']} = {outcome['value']}"
    return ""


def _traits(arguments: Arguments, said: Said, *names: str) -> str:
    """The expressions in the words that were said, in the place of the clusters that they became."""
    texts = [str(arguments[name]) for name in names if arguments.get(name)]
    for at, text in enumerate(texts):
        for expression in sorted(said, key=len, reverse=True):
            if f"({expression})" in text or " OR " not in expression:
                text = text.replace(f"({expression})", expression).replace(
                    expression, f"`{said[expression]}`"
                )
            elif text == expression:
                text = f"`{said[expression]}`"
        texts[at] = text
    return " and ".join(texts)


def _located(arguments: Arguments, said: Said) -> str:
    place = arguments.get("location")
    if not place:
        return ""
    named = said.get(f"{place['latitude']}, {place['longitude']}")
    centre = named or f"{place['latitude']:g}, {place['longitude']:g}"
    return f", within {place['radius']:g} {place['unit']} of {centre}"


def _formed(arguments: Arguments) -> str:
    form = arguments.get("format", "none")
    return f", as a {form.upper()} file" if form != "none" else ""


def _resolve(a: Arguments, _: Said) -> str:
    return f"Match {_customers(a) or 'identifiers'} to persons{_formed(a)}"


def _person(a: Arguments, _: Said) -> str:
    of = f"{', '.join(a['domains'])} of " if a.get("domains") else "what is known of "
    return f"Show {of}{_customers(a) or 'persons'}{_formed(a)}"


def _list(a: Arguments, _: Said) -> str:
    first = f"the first {a['limit']} " if "limit" in a else ""
    if a.get("cluster_names"):
        return f"List {first}clusters of {', '.join(a['cluster_names'])}"
    if a.get("domain"):
        return f"List {first}clusters of the domain {a['domain']}"
    return f"List {first}clusters" + (f" about `{a['query']}`" if a.get("query") else "")


def _cluster(a: Arguments, _: Said) -> str:
    key = a.get("cluster_id") or a.get("cluster_hash")
    return f"Show cluster {key}, its size and what goes with it" if key else "Show a cluster"


def _find(a: Arguments, said: Said) -> str:
    who = _traits(a, said, "expression")
    by = f", by {_REACHED[a['identifier_type']]}" if "identifier_type" in a else ""
    return f"Find people{f' with {who}' if who else ''}{_located(a, said)}{by}{_formed(a)}"


def _audience(a: Arguments, said: Said) -> str:
    strategy = f"{a['strategy']} " if "strategy" in a and "point" not in a else ""
    size = f" of at most {a['target_size']:,} people" if "target_size" in a else ""
    who = _traits(a, said, "expression")
    source = f" with {who}" if who else ""
    if profile := a.get("icp_profile_id"):
        source = f" from the profile `{profile}`"
    elif analysis := a.get("analysis_id"):
        segment = f"segment `{a['segment']}` of " if "segment" in a else ""
        of = "the analysis before" if str(analysis).startswith("$") else "the analysis"
        source = f" from {segment}{of}"
    if "point" in a:
        source += f", at point {a['point']} of its curve"
    among = _traits(a, said, "among")
    only = f", only those with {among}" if among else ""
    without = [
        "the customers themselves" if each == "customers" else _traits({"exclude": each}, said, "exclude")
        for each in a.get("exclude", [])
    ]
    left_out = f", without {' and '.join(without)}" if without else ""
    by = f", reached by {_REACHED[a['identifier_type']]}" if "identifier_type" in a else ""
    article = "an" if strategy.startswith(("a", "e", "i", "o", "u")) or not strategy else "a"
    rest = f"{_located(a, said)}{left_out}{by}{_formed(a)}"
    return f"Build {article} {strategy}audience{size}{source}{only}{rest}"


def _analyze(a: Arguments, said: Said) -> str:
    among = f", among those with {_traits(a, said, 'among')}" if a.get("among") else ""
    domains = f", by {', '.join(a['domains'])} only" if a.get("domains") else ""
    quality = f", with matches of quality {a['min_quality']:g} and better" if "min_quality" in a else ""
    sensitive = ", sensitive attributes included" if a.get("include_sensitive") else ""
    return f"Analyze {_customers(a) or 'customers'}{among}{domains}{quality}{sensitive}"


def _score(a: Arguments, _: Said) -> str:
    against = " and ".join(map(_profile, a.get("icp_profiles", []))) or (
        "the analysis" if a.get("analysis_id") else "a profile"
    )
    shown = [
        f"the best {a['top']}" if "top" in a else "",
        f"tier {a['tier']} and better" if "tier" in a else "",
        f"scores from {a['min_score']}" if "min_score" in a else "",
    ]
    only = ", ".join(each for each in shown if each)
    return f"Score {_customers(a) or 'leads'} against {against}{f'; show {only}' if only else ''}{_formed(a)}"


def _profile(name: str) -> str:
    return "what our outcomes teach" if name == "outcomes" else f"`{name}`"


def _create(a: Arguments, _: Said) -> str:
    name = f" `{a['name']}`" if a.get("name") else ""
    if a.get("analysis_id"):
        return f"Make a profile{name} from the analysis"
    if a.get("file"):
        return f"Make a profile{name} from the file `{a['file']}`"
    fields = [", ".join(a.get(each, [])) for each in ("industries", "geography", "roles", "signals")] + [
        a.get("company_size") or ""
    ]
    told = "; ".join(each for each in fields if each)
    without = f"; not {', '.join(a['disqualifiers'])}" if a.get("disqualifiers") else ""
    return f"Make a profile{name}{f': {told}{without}' if told else ''}"


def _clone(a: Arguments, _: Said) -> str:
    of = f"the profile `{a['icp_profile']}`" if a.get("icp_profile") else "a profile"
    return f"Copy {of}" + (f" as `{a['name']}`" if a.get("name") else "")


def _share(a: Arguments, _: Said) -> str:
    of = f"the profile `{a['icp_profile']}`" if a.get("icp_profile") else "a profile"
    return f"Make {of} private" if a.get("visibility") == "private" else f"Share {of} with the organisation"


def _history(a: Arguments, _: Said) -> str:
    of = f"the profile `{a['icp_profile']}`" if a.get("icp_profile") else "a profile"
    if "restore" in a:
        return f"Take {of} back to revision {a['restore']}"
    if "compare" in a:
        return f"Compare revisions {a['compare'][0]} and {a['compare'][1]} of {of}"
    return f"Show the revisions of {of}"


def _compare(a: Arguments, _: Said) -> str:
    if "before" in a and "after" in a:
        return f"Tell what changed from {a['before']} to {a['after']}"
    return "Tell what changed since " + a.get("before", "the analysis before")


_LOOKED_AT = {
    "overview": "what came of the deals",
    "criteria": "what tells won from lost deals",
    "anti_patterns": "who is least worth pursuing",
    "losses": "why deals are lost",
    "churn": "why customers leave",
    "expansion": "which customers buy more",
    "emerging": "who newly buys",
}


def _outcomes(a: Arguments, _: Said) -> str:
    about = a.get("about", "overview")
    which = f" ({', '.join(a['outcomes'])})" if a.get("outcomes") and about == "overview" else ""
    days = f", by the outcomes of the last {a['last_days']} days" if "last_days" in a else ""
    return f"Tell {_LOOKED_AT[about]}{which}{days}"


def _schedule(a: Arguments, _: Said) -> str:
    of = f" on the profile `{a['icp_profile']}`" if a.get("icp_profile") else ""
    if a.get("paused"):
        return f"Pause the briefing{of} for everybody"
    day = f" on {a['weekday'].capitalize()}" if "weekday" in a else ""
    at = f" at {a['at']}" if "at" in a else ""
    zone = f" ({a['timezone']})" if "timezone" in a else ""
    to = f" to {', '.join(a['recipients'])}" if a.get("recipients") else ""
    when = f"{day}{at}{zone}"
    if "every" in a or "weekday" in a:
        return f"Send a briefing{of} every {a.get('every', 'week')}{when}{to}"
    if a.get("paused") is False and not (when or to):
        return f"Resume the briefing{of}"
    usual = "" if when else ", or Mondays at 08:00 where there is none"
    return f"Send the briefing{of} on its schedule{when}{usual}{to}"


def _brief(a: Arguments, _: Said) -> str:
    of = f" on the profile `{a['icp_profile']}`" if a.get("icp_profile") else ""
    to = f" to {', '.join(a['recipients'])}" if a.get("recipients") else ""
    return f"{'Send' if a.get('send') else 'Show'} this week's briefing{of}{to}"


def _explain(a: Arguments, _: Said) -> str:
    return f"Explain the {a['about']}" + (f" `{a['subject']}`" if a.get("subject") else "")


def _help(a: Arguments, _: Said) -> str:
    return "Tell what can be asked for" + (f" about `{a['topic']}`" if a.get("topic") else "")


def _feedback(a: Arguments, _: Said) -> str:
    of = f" on person {a['person_id']}" if "person_id" in a else ""
    return f"Keep feedback{of}: {str(a['kind']).replace('_', ' ')}"


def _keep(a: Arguments, _: Said) -> str:
    where = f" in the destination `{a['destination']}`" if a.get("destination") else ""
    form = f", in the form of {str(a['platform']).replace('_', ' ')}" if a.get("platform") else ""
    return f"Keep the audience up to date{where}{form}, as `{a['name']}`"


_TELLERS: dict[str, Callable[[Arguments, Said], str]] = {
    "resolve_identities": _resolve,
    "get_person": _person,
    "list_clusters": _list,
    "get_cluster": _cluster,
    "find_persons": _find,
    "generate_audience": _audience,
    "analyze_customers": _analyze,
    "score_leads": _score,
    "create_icp_profile": _create,
    "clone_icp_profile": _clone,
    "share_icp_profile": _share,
    "icp_profile_history": _history,
    "compare_analyses": _compare,
    "analyze_outcomes": _outcomes,
    "schedule_briefing": _schedule,
    "run_briefing": _brief,
    "explain": _explain,
    "help": _help,
    "submit_feedback": _feedback,
    "list_schedules": lambda *_: "Show which briefings are scheduled",
    "list_standing": lambda *_: "Show which audiences are kept up to date",
    "list_feedback": lambda *_: "Show what was said of the answers, and what it changed",
    "keep_audience": _keep,
}
