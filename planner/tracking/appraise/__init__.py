"""``planner appraise``: assessments of chains, counties, teams by weighted formulas, each step of the sum shown."""
