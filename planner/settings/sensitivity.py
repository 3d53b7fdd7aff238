"""What ``planner sensitivity`` asks: how much more of each fund, resource and team, and how many of them are solved."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import model_validator

from planner.language import Words
from planner.settings.base import Number, RefusedError, Section, Whole, note


class Sensitivity(Section):
    """How much more of what is asked for."""

    steps: Mapping[str, Number] = note(
        "资源、资金池或专班的编号，或 fund、team（泛指）: 增加多少，按其自己的单位", default_factory=dict
    )
    """Id of a resource, fund or team, or ``fund`` or ``team`` for all others: how much more, in its own unit."""
    share: Number = note("未在 steps 中写明者，增加现有量的这一比例", "share", default=0.1, gt=0, le=10)
    """For those that ``steps`` does not name: how much more, as a share of what there is."""
    most: Whole = note("至多重新求解几项，先做看来最有价值的", "limits", default=12, ge=1, le=1000)
    """How many are solved anew, the most promising first."""
    time_limit: Number = note("每次重新求解的时限", "s", default=20.0, gt=0)
    """Wall-clock limit of each solve."""

    @model_validator(mode="after")
    def _more(self) -> Sensitivity:
        for name, step in self.steps.items():
            if step <= 0:
                raise RefusedError(
                    Words(f"须大于 0，现为 {step:g}", f"must be above 0, not {step:g}"),
                    Words("写要增加的数量", "write how much more"),
                    at=("steps", name),
                )
        return self
