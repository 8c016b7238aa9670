"""Figures and reasons of an analysis of outcomes, part by part."""
