"""Commands of the command line, one module for each question; :mod:`planner.cli` puts them together (R9)."""
