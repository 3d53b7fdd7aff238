"""What was asked about a plan and answered, kept with it in ``plan.json`` so that every output can show it."""

from __future__ import annotations

from planner.plan.records import Record


class Insights(Record):
    """Answers, each None or empty until it was asked for."""

    def __bool__(self) -> bool:
        """Whether anything was asked."""
        return any(getattr(self, name) for name in type(self).model_fields)
