"""One plan of a comparison as a job for whatever process: what it is given, what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from planner.language import Words
from planner.plan.model import Plan
from planner.plan.open import open_plan
from planner.plan.solving import NoPlan, Teller, quiet, silent, solve_plan
from planner.plan.stored import read_run
from planner.problems import InputError, errors
from planner.publish.console import no_plan_text
from planner.questions.compare.record import Outcome
from planner.questions.outcomes import Infeasible
from planner.questions.plans import run
from planner.solvers.protocol import Listener


@dataclass(frozen=True)
class Job:
    """One plan to be solved, in whatever process: plain data."""

    path: str
    """The plan file, absolute."""
    overrides: Mapping[str, object]
    """The command line's settings."""
    scenario: str | None = None
    count: int | None = None
    """Only so many of the scenario's overrides."""
    start: str | None = None
    """The ``plan.json`` to begin from."""
    folder: str | None = None
    """Where to write the run; None: nowhere."""
    home: str | None = None
    """Where the run folder will stand in the end."""


@dataclass(frozen=True)
class Done:
    """What came of it."""

    outcome: Outcome
    plan: str | None = None
    """``plan.json``."""
    words: Words | None = None
    """Why there is no plan."""

    def read(self) -> Solved:
        """The result with its plan."""
        return Solved(self, None if self.plan is None else Plan.model_validate_json(self.plan))


@dataclass(frozen=True, eq=False)
class Solved:
    """What came of a job, its plan read."""

    done: Done
    plan: Plan | None

    @property
    def interrupted(self) -> bool:
        """The user pressed Ctrl-C before it was done, or while it was."""
        return self.done.outcome == "interrupted" or (self.plan is not None and self.plan.status.reason == "interrupted")


def solve_job(job: Job, listen: Listener = silent, tell: Teller = quiet) -> Done:
    """One plan of a comparison, solved in whatever process; every way it can end is a result."""
    try:
        start = None if job.start is None else read_run(Path(job.start).parent)
        if job.folder is not None:
            solved = partial(run, job.path, job.folder, job.overrides, listen, start=start, tell=tell)
            plan = solved(scenario=job.scenario, home=job.home).plan
        else:
            plan = solve_plan(open_plan(Path(job.path), job.overrides, job.scenario, job.count), start=start)
    except InputError as error:
        wrong = errors(error.problems)
        said = Words("\n".join(one.say("zh") for one in wrong), "\n".join(one.say("en") for one in wrong))
        return Done("refused", None, said)
    except Infeasible as found:
        return Done("infeasible", None, found.words)
    except NoPlan as found:
        ended = found.solution.termination
        if ended.reason == "infeasible":
            return Done("infeasible")
        said = Words(no_plan_text(ended, "zh"), no_plan_text(ended, "en"))
        return Done("interrupted" if ended.reason == "interrupted" else "no_plan", None, said)
    return Done("plan", plan.to_json())
