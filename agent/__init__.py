"""Graphs that order the tools, and the narrator that tells what they found."""

from agent.analyze_customers import analyze_customers
from agent.generate_audience import generate_audience
from tools import TOOLS
from tools.declaration import tool

# The tools and the two workflows over them: what every door offers.
CATALOGUE = (tool(analyze_customers), tool(generate_audience), *TOOLS)
