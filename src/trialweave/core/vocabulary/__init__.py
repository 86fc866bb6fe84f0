"""Literal tables, each with its origin."""
