"""A plan held against an earlier one: the nearest of those as good, and what changes, with its causes."""
