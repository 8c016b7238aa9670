"""Graphs that order the tools, and the narrator that tells what they found."""

from agent.analyze_customers import analyze_customers
from agent.analyze_outcomes import analyze_outcomes
from agent.compare_analyses import compare_analyses
from agent.explain.explain import explain
from agent.explain.help import help
from agent.generate_audience import generate_audience
from agent.run_briefing import run_briefing
from tools import TOOLS
from tools.declaration import tool
from tools.profiles.catalogue import PROFILE_TOOLS
from tools.schedules.catalogue import SCHEDULE_TOOLS
from tools.standing.catalogue import STANDING

# The tools, the workflows over them, and what explains both: what every door offers.
CATALOGUE = (
    tool(analyze_customers, needs=("run",)),
    tool(generate_audience, needs=("people", "run")),
    tool(compare_analyses),
    tool(analyze_outcomes, needs=("run",)),
    tool(run_briefing, needs=("run",)),
    *TOOLS,
    *PROFILE_TOOLS,
    *SCHEDULE_TOOLS,
    *STANDING,
    tool(explain),
    tool(help),
)
