"""``planner versions``: the plans of a workspace, and which of them is in force."""
