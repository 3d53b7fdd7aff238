"""``planner delegation``: a journey to the plan's firms in other cities, on working days, with all that is taken along."""
