"""Warehouses and their snapshots."""
