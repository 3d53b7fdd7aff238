"""Bulian (补链): investment targeting for industry chains, planned by a mixed-integer programme."""

__version__ = "0.1.0"
