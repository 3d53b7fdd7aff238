"""What is done beside a plan: who answers for what, when the ledgers light a lamp, and how a delegation travels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, model_validator

from planner.language import Words
from planner.settings.base import Members, Number, RefusedError, Section, Whole, normal_day, note
from planner.spelling import half_width

ROLES = (
    "总链长",
    "副总链长",
    "总群链长",
    "群长",
    "链长",
    "副链长",
    "盟长",
    "校长",
    "行长",
    "链主",
    "链长办",
    "牵头部门",
    "牵头园区",
    "专班负责人",
    "专家",
)


class People(Section):
    """How the table ``people`` is read."""

    roles: Members = note("角色的次序，从上到下；表中另有的角色排在其后", default=ROLES)
    """Roles from the highest down; others that the table has come after them."""
    levels: Members = note("层级的次序，从上到下；表中另有的层级排在其后", default=("国家", "省", "市", "区县", "园区"))
    """Levels from the highest down; others that the table has come after them."""
    chiefs: Members = note(
        "站在项目之上的角色，列在每个项目的责任人之后", default=("总链长", "副总链长", "总群链长", "群长", "链长", "副链长")
    )
    """Roles that stand above projects; they are listed beside the owner of each."""
    owners: Members = note("可以负责项目的角色；省略即填了容量（项目数）的人都可以", default=())
    """Roles that may own projects; left out: whoever has a number of projects under capacity."""
    needed: Members = note("每条产业链须有的角色，没有的列为空缺；省略即表中任何一条产业链设过的角色与层级", default=())
    """Roles that every chain is to have, else it is told as vacant; left out: every role and level that some chain has by name."""


Reached = Literal["lead", "talks", "intent", "signed", "started", "finished", "producing", "full"]
"""A stage on the way of a project."""
LAMPS = ("yellow", "red", "out")
"""In the order in which they come on."""


class Lights(Section):
    """Days without progress from which a light is on."""

    yellow: Whole = note("满多少天无进展亮黄灯", "days", default=60, ge=1, le=3650)
    """Days without progress from which the light is yellow."""
    red: Whole = note("满多少天亮红灯", "days", default=90, ge=1, le=3650)
    """Days from which it is red."""
    out: Whole = note("满多少天出库", "days", default=180, ge=1, le=3650)
    """Days from which the project is out of the list of those that are counted on."""

    @model_validator(mode="after")
    def _ascending(self) -> Lights:
        if not self.yellow < self.red < self.out:
            raise RefusedError(Words("须 yellow < red < out", "yellow < red < out is needed"))
        return self


class Ledger(Section):
    """How long a project may stand still."""

    lights: Lights = note("各灯的天数", default_factory=Lights)
    """Days of each light."""
    by_stage: Mapping[Reached, Lights] = note("某些阶段另有天数，如在建的放宽", default_factory=dict)
    """Other days for projects that have come as far as a stage, such as more of them while it is built."""
    progress: Literal["stage", "any"] = note("什么算进展：stage 到了更后的阶段；any 进展表有新的一行", default="stage")
    """What counts as progress: ``stage`` a later stage, ``any`` any new row of the table ``status``."""
    done: Reached = note("到了哪个阶段起不再亮灯", default="finished")
    """The stage from which on a project has no light any more."""

    def lights_at(self, stage: str) -> Lights:
        """The days of projects that have come as far as a stage."""
        return {str(code): lights for code, lights in self.by_stage.items()}.get(stage, self.lights)


_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?:-|~|至|到)([01]?\d|2[0-4]):([0-5]\d)")
_WEEKDAYS = "一二三四五六日"
_ON = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})|(?:周|星期)([一二三四五六日天])")


def minutes_of(text: str) -> tuple[int, int]:
    """Two minutes of the day of ``09:00-11:30``. RefusedError: it is written otherwise, or ends before it begins."""
    plain = re.sub(r"\s+", "", half_width(text)).replace("：", ":").translate(dict.fromkeys(map(ord, "–—－−～"), "-"))
    match = _SPAN.fullmatch(plain)
    if match is not None:
        first, last = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if first < last <= 24 * 60:
            return first, last
    raise RefusedError(
        Words("时段须写作 09:00-11:30，先早后晚", "hours are written 09:00-11:30, the earlier first"),
        Words("改写", "write them so"),
    )


def hours_of(text: str, day: date) -> tuple[tuple[int, int], ...]:
    """The spans of ``09:00-11:30；周二 14:00-16:00；2027-03-09 10:00-11:00`` that hold on a day; one that names neither weekday nor date holds on each.
    RefusedError: it is written otherwise."""
    spans = []
    for part in re.split("[;；、,，\n]", text.strip()):
        named = _ON.match(part.strip())
        first, last = minutes_of(part.strip()[named.end() :] if named else part)
        if named and named[1]:
            holds = date.fromisoformat(normal_day(named[1])) == day
        else:
            holds = not named or _WEEKDAYS.index(named[2].replace("天", "日")) == day.weekday()
        spans += [(first, last)] if holds else []
    return tuple(sorted(spans))


def _span(value: str) -> str:
    return "{:02}:{:02}-{:02}:{:02}".format(*(part for minute in minutes_of(value) for part in divmod(minute, 60)))


Span = Annotated[str, AfterValidator(_span)]
"""Hours of a day, read into normal form: ``09:00-11:30``."""


class Way(Section):
    """How long a way takes where the table ``distances`` does not say it: extra + great circle × detour ÷ speed."""

    speed: Number = note("平均速度", "km/h", gt=0)
    """Average speed, km/h."""
    detour: Number = note("实际里程与直线距离之比", "ratio", ge=1)
    """How much longer the way is than the great circle."""
    extra: Number = note("另加：上下车、进出站、候车", "minutes", ge=0)
    """Minutes added: getting in and out, to the station, waiting."""


class Travel(Section):
    """Ways of travelling. Between cities the fastest of road, rail and air is taken; within a city ``city``."""

    city: Way = note("市内", default=Way(speed=25.0, detour=1.4, extra=10.0))
    """Within a city."""
    road: Way = note("城际公路", default=Way(speed=80.0, detour=1.3, extra=20.0))
    """Between cities by road."""
    rail: Way = note("城际铁路，含进出站", default=Way(speed=200.0, detour=1.25, extra=100.0))
    """Between cities by rail, with the ways to and from stations."""
    air: Way = note("航空，含进出机场", default=Way(speed=700.0, detour=1.1, extra=210.0))
    """Between cities by air, with the ways to and from airports."""
    unplaced: Whole = note("同一城市内，有一头只知道在哪个城市时", "minutes", default=40, ge=0, le=600)
    """Within a city, where of one end only the city is known."""


class Delegation(Section):
    """What ``planner delegation`` goes by."""

    hours: tuple[Span, ...] = note("企业接待的时段；客商库写了 visiting_hours 的以其为准", default=("09:00-11:30", "14:00-17:00"))
    """When firms receive; ``visiting_hours`` of a candidate wins."""
    visit: Whole = note("一次拜访", "minutes", default=60, ge=10, le=480)
    """How long a visit takes."""
    day: Span = note("每天最早出发与最晚返回", default="08:00-20:00")
    """When one sets out at the earliest, and is back at the latest."""
    lunch: Whole = note("午餐；0 即不留", "minutes", default=60, ge=0, le=180)
    """How long lunch takes; 0: none is kept free."""
    lunch_between: Span = note("午餐在此时段之内", default="11:30-14:00")
    """Lunch begins and ends within this."""
    travel: Travel = note("没有里程表时怎样估算路程", default_factory=Travel)
    """How ways are reckoned that the table ``distances`` does not have."""
