"""The charts of a briefing, as SVG and as PNG."""
