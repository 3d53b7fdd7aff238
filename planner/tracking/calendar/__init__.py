"""``planner calendar``: the year's meetings on working days, fixed meetings and milestones of a plan, as .ics and as a workbook."""
