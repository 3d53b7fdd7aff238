"""``planner approve``: a plan is submitted, approved or withdrawn, by name and date."""
