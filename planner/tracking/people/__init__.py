"""``planner people``: who answers for each chain and each selected project, from the table ``people``."""
