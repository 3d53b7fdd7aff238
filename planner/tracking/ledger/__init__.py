"""``planner ledger``: six lists, three ledgers, lights, totals against targets, and what changed, from the one table of events."""
