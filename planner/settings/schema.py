"""``plan.yaml`` as a type: every key, its unit, its default and its meaning, in both languages (R10).

``models/base.yaml``, the JSON Schema for editors and ``docs/options.md`` are generated from this module; nothing else
states a default. Every class is frozen and refuses unknown keys. Reading a file, with ``file:line:column`` for every
error, is :mod:`planner.settings.load`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from planner.language import Language, Words
from planner.settings.appraisal import Assessments
from planner.settings.base import Day, Number, PathText, Quarter, RefusedError, Section, Whole, note
from planner.settings.changes import Change, TableName
from planner.settings.following import Delegation, Ledger, People
from planner.settings.meetings import Calendar
from planner.settings.outputs import FILES, OutputName
from planner.settings.questions import Compare, Explain, Ladder, Nearness, Scenario, Sensitivity
from planner.settings.relations import Relations
from planner.settings.rules import Rule
from planner.settings.schedule import Schedule
from planner.settings.seasons import Season
from planner.settings.sources import TableSources


class Quarters(Section):
    """The planning horizon."""

    start: Quarter = note("首个季度，如 2027Q1", "quarter", default="2027Q1")
    """First quarter, written ``2027Q1``."""
    count: Whole = note("季度数", "quarters", default=4, ge=1, le=40)
    """How many quarters are planned."""


class ResourceSettings(Section):
    """One resource that parks offer and projects use: land, power, water … whatever the plan calls it."""

    name: str | None = note("名称；省略时用编号", default=None)
    """Name shown in outputs; left out: the resource's id."""
    unit: str = note("单位；单位表认识的会换算，其余作为标签", default="")
    """Unit. Converted when the unit table knows it, a label otherwise."""
    kind: Literal["stock", "flow"] = note("stock 存量（如土地，用掉即减少）；flow 流量（如电力，运行期间占用）", default="stock")
    """``stock``: used up once (land). ``flow``: used in every quarter of operation (MW)."""
    scope: Literal["park", "zone", "region"] = note("能力属于园区 park、分区 zone 或全域 region", default="park")
    """Whose capacity it is: each park's, each zone's or the whole region's."""


class Level(Section):
    """One level of a lexicographic objective."""

    weights: Mapping[str, Number] = note("本级各目标项的权重，至少一项")
    """Weight of each term at this level, at least one."""
    tolerance: Number = note("优化下一级时本级允许的相对退让，0.01 即 1%", "ratio", default=0.0, ge=0, le=1)
    """How much of this level's value may be given up, relatively, while the next is optimised."""

    @model_validator(mode="after")
    def _weighs_something(self) -> Level:
        if not self.weights:
            raise RefusedError(Words("至少写一个目标项", "at least one term is needed"), at=("weights",))
        return self


class Objective(Section):
    """What makes one plan better than another."""

    mode: Literal["weighted", "priorities"] = note("weighted 加权；priorities 按级字典序", default="weighted")
    """``weighted``: one weighted sum. ``priorities``: level by level."""
    normalise: bool = note("true 时各项除以其可得总量，权重即每得到 100% 的价值", default=True)
    """Divide each term by its total on offer, so that a weight reads "per 100 %"; false: raw sums."""
    weights: Mapping[str, Number] = note(
        "各目标项权重；写出后整体替换模型中的权重，未列出的为 0",
        default={"gap": 1.0, "backup": 0.3, "output": 0.2, "tax": 0.2, "score": 0.0, "subsidy": -0.1},
    )
    """Weight of each term. A plan that writes this mapping replaces the model's whole: a term not named weighs 0."""
    levels: tuple[Level, ...] = note("priorities 模式的各级，从最重要起", default=())
    """The levels of ``priorities``, the most important first."""
    floors: Mapping[str, Number] = note("目标项: 原始数值的下限（硬约束），按该项自己的单位；不必有权重", default_factory=dict)
    """Term: least raw figure, in the term's own unit; a hard limit. The term need not carry weight."""
    ceilings: Mapping[str, Number] = note("目标项: 原始数值的上限（硬约束）；不能用于 gap、backup", default_factory=dict)
    """Term: greatest raw figure; a hard limit. Not for ``gap`` and ``backup``: that would ask for shortage."""

    @property
    def term_weights(self) -> dict[str, float]:
        """Every term that is named with a weight; for levels at the first level that weighs it."""
        weights: dict[str, float] = {}
        for level in [level.weights for level in self.levels] or [self.weights]:
            weights |= {term: weights.get(term) or weight for term, weight in level.items()}
        return weights

    @property
    def bounded_terms(self) -> tuple[str, ...]:
        """Terms whose raw figure has a floor or a ceiling, in the order of their names."""
        return tuple(sorted({*self.floors, *self.ceilings}))

    @property
    def counted_terms(self) -> tuple[str, ...]:
        """Every term that a plan counts: those that carry weight, as they are written, then those that are only bounded."""
        weighed = [term for term, weight in self.term_weights.items() if weight]
        return tuple(dict.fromkeys([*weighed, *self.bounded_terms]))

    @model_validator(mode="after")
    def _bounds_leave_room(self) -> Objective:
        for term, most in self.ceilings.items():
            if self.floors.get(term, most) > most:
                least = self.floors[term]
                rule = Words(f"下限 {least:g} 高于上限 {most:g}", f"the floor {least:g} is above the ceiling {most:g}")
                raise RefusedError(rule, Words("改其中一个", "change one of them"), at=("floors", term))
        return self

    @model_validator(mode="after")
    def _levels_match_mode(self) -> Objective:
        if (self.mode == "priorities") != bool(self.levels):
            rule = Words("mode: priorities 须写 levels，mode: weighted 不写", "levels go with mode: priorities, and only there")
            remedy = Words(
                "补上 levels 或改 mode；不要模型的 levels 时写 levels: []",
                "add levels or change mode; to drop a model's levels write levels: []",
            )
            raise RefusedError(rule, remedy)
        return self


class Backup(Section):
    """What counts as enough sources for a link."""

    reliability: Number | None = note("新来源中至少一个落地的概率下限；省略即不要求", "probability", default=None, gt=0, lt=1)
    """Probability with which at least one of the new sources must land; left out: not asked for."""


class Gates(Section):
    """How a park's entry gates are read."""

    land: str = note("投资强度、亩均税收的分母所用资源", default="land")
    """The resource that investment and tax intensity are divided by."""


class Grades(Section):
    """Grades of a link by its coverage, supply ÷ demand."""

    weak: Number = note("覆盖率达到此值为 weak 薄弱，低于为 missing 缺失", "ratio", default=0.1, ge=0)
    """Coverage from which a link is weak; below it is missing."""
    adequate: Number = note("覆盖率达到此值为 adequate 基本满足", "ratio", default=0.6, ge=0)
    """Coverage from which a link is adequate."""
    strong: Number = note("覆盖率达到此值且来源数足够为 strong 较强", "ratio", default=1.0, ge=0)
    """Coverage from which a link with enough sources is strong."""

    @model_validator(mode="after")
    def _ascending(self) -> Grades:
        if not self.weak <= self.adequate <= self.strong:
            raise RefusedError(Words("须 weak ≤ adequate ≤ strong", "weak ≤ adequate ≤ strong is needed"))
        return self


def _box(value: Any) -> object:
    """West, south, east, north: four numbers, in that order and on the globe."""
    is_four = isinstance(value, (list, tuple)) and len(value) == 4
    if is_four and all(isinstance(entry, (int, float)) and not isinstance(entry, bool) for entry in value):
        west, south, east, north = value
        if -180 <= west < east <= 180 and -90 <= south < north <= 90:
            return tuple(value)
    rule = Words(
        "须为四个数：西、南、东、北，且西 < 东（−180 至 180）、南 < 北（−90 至 90）",
        "four numbers: west, south, east, north, with west < east (−180 to 180) and south < north (−90 to 90)",
    )
    raise RefusedError(rule, Words("例如 [114.9, 29.4, 119.6, 34.7]", "e.g. [114.9, 29.4, 119.6, 34.7]"))


Box = Annotated[tuple[float, float, float, float], BeforeValidator(_box)]


class Region(Section):
    """The ground: where coordinates may lie and which boundaries the map draws."""

    name: str | None = note("行政区名，如 安徽省；取随附的行政区划界线", default=None)
    """Province or city whose boundary is drawn, by its Chinese name (安徽省, 合肥市)."""
    province: str | None = note("所在省，清单据此分省内、省外；省略时按 name 查行政区划", default=None)
    """The province it lies in, by which lists tell what is of another one; left out: that of the division ``name``."""
    boundary: PathText | None = note("自有边界文件（GeoPackage 或 GeoJSON），相对于计划文件", default=None)
    """A boundary file of your own (GeoPackage or GeoJSON), relative to the plan file, in place of the official one."""
    bounds: Box = note("园区与本地企业经纬度的允许范围：西、南、东、北", "degree", default=(73.0, 3.0, 136.0, 54.0))
    """West, south, east, north between which parks and incumbents must lie."""
    world: Box = note("目标企业所在城市经纬度的允许范围", "degree", default=(-180.0, -90.0, 180.0, 90.0))
    """West, south, east, north between which the home cities of candidates must lie."""
    map_approval: str | None = note("审图号", default=None)
    """Map approval number printed on the map, when your boundary file has one."""


class MapSettings(Section):
    """The map: its approval number, and an online base map where one is wanted."""

    approval: str | None = note("本图审图号；地图公开使用前须送审，内部使用可不填", default=None)
    """Approval number of the map itself, once it has been examined; needed before it is published."""
    base: Literal["none", "tianditu", "amap"] = note(
        "在线底图：none 不用；tianditu 天地图（须 key）；amap 高德（GCJ-02，图上各要素随之换算）；打开网页后仍须手动开启，届时才联网",
        default="none",
    )
    """Online base map: ``none``, ``tianditu`` (needs ``key``) or ``amap`` (GCJ-02: what is drawn is moved into it). The page loads it only
    when somebody turns it on."""
    key: str | None = note("天地图密钥（浏览器端）；写入网页和 plan.json，勿用服务器端密钥", default=None, min_length=1)
    """Your key of Tianditu, one for browsers: it stands in the page and in plan.json."""

    @model_validator(mode="after")
    def _has_its_key(self) -> MapSettings:
        if self.base == "tianditu" and self.key is None:
            rule = Words("天地图须有密钥", "Tianditu needs a key")
            raise RefusedError(rule, Words("写上 map.key，或 base: none", "state map.key, or base: none"), at=("base",))
        return self


class Solve(Section):
    """How long and how well to solve."""

    solver: str = note("求解器：auto、highs、scip、cpsat、cbc 或 PuLP 认识的名称", default="auto")
    """``auto``, ``highs``, ``scip``, ``cpsat``, ``cbc``, or any name that PuLP knows."""
    time_limit: Number = note("求解时限", "s", default=60.0, gt=0)
    """Wall-clock limit of the solve."""
    work: Whole | None = note(
        "工作量上限：计数而不计时，因此可复现；1 大致相当于市级模型求解一秒；求解时限仍作保险，须留足；省略即只看时限",
        "units",
        default=None,
        ge=1,
        le=100_000,
    )
    """Work limit, counted and not timed: repeatable. 1 is very roughly a second of a city; leave ample time_limit beside."""
    gap: Number = note("相对差距达到即停", "ratio", default=0.001, ge=0, le=1)
    """Stop when (bound − value) ÷ max(|value|, 1e-10) is not above this."""
    threads: Whole = note("线程数", "threads", default=2, ge=1, le=256)
    """Threads of the solver."""
    seed: Whole = note("随机种子", default=1, ge=0, le=2_000_000_000)
    """Random seed."""
    start: PathText | None = note(
        "起点：以前一次运行的目录或其 plan.json，相对于计划文件；省略即从头求解", default=None, min_length=1
    )
    """Where to begin: the folder of an earlier run, or its plan.json, relative to the plan file; left out: from nothing."""


class Display(Section):
    """How figures are told in sentences. Tables keep the unit of their heading and every digit."""

    money: Literal["亿元", "万元"] = note(
        "句子里的金额：亿元（不足一亿元的仍说万元；英文为 CNY bn，不足十亿元的为 CNY m），或一律万元（英文 CNY m）；表格不变",
        default="亿元",
    )
    """Money in sentences: ``亿元``, below one 亿元 in 万元 (in English CNY bn, below one billion CNY m); or ``万元`` throughout (CNY m)."""


class Publish(Section):
    """What a run writes beside plan.json."""

    outputs: tuple[OutputName, ...] = note("成果", default=tuple(FILES))
    """Outputs of a run."""
    templates: PathText | None = note(
        "自己的文件模板所在文件夹（style.yaml 与 .typ），相对于计划文件，盖在随附的 maps/documents 之上", default=None, min_length=1
    )
    """A folder with templates of documents of your own (style.yaml, .typ), relative to the plan file, laid over the shipped maps/documents."""


class Settings(Section):
    """One plan: the whole of ``plan.yaml`` after its model has been laid under it."""

    name: str = note("计划名称", default="招商计划", min_length=1)
    """Name of the plan, on every output."""
    language: Language = note("成果语言：zh 或 en", default="zh")
    """Language of messages and outputs."""
    quarters: Quarters = note("规划期", default_factory=Quarters)
    """The planning horizon."""
    on: Day | None = note("项目进展算到哪一天，如 2027-03-31；省略即今天，没有 status 表时不用", default=None)
    """The day up to which the table ``status`` counts, as 2027-03-31; left out: today. Not read without that table."""
    tables: Mapping[TableName, TableSources] = note("各表所在；省略时取 data/ 下的同名文件", default_factory=dict)
    """Where each table is; left out: the files of the canonical names in ``data/`` beside the plan."""
    changes: tuple[Change, ...] = note("在表中数据之上的改动，按次序生效；每处都标为假设", default=())
    """Changes laid over the tables, in order; each changed cell is marked as an assumption."""
    scenarios: tuple[Scenario, ...] = note("情景：盖在计划之上的改动，由 planner compare 逐个求解并比较", default=())
    """Scenarios: what ``planner compare`` lays over the plan, solves and compares."""
    resources: Mapping[str, ResourceSettings] = note("资源；可改由 resources 表给出", default_factory=dict)
    """Resources by id; or in the table ``resources``."""
    seasons: tuple[Season, ...] = note("季节：某些季度流量资源能力的系数，各为一项假设", default=())
    """Seasons: factors on what there is of flow resources in some quarters; each is an assumption."""
    region: Region = note("区域", default_factory=Region)
    """The ground."""
    objective: Objective = note("目标", default_factory=Objective)
    """What makes one plan better than another."""
    rules: tuple[Rule, ...] = note("自定义规则", default=())
    """The analyst's own limits."""
    relations: Relations = note("项目之间的关系", default_factory=Relations)
    """Rivals, exclusive, together, apart, before, implies."""
    backup: Backup = note("备份来源", default_factory=Backup)
    """Backup sources."""
    schedule: Schedule = note("兑付与工作量的时间分布", default_factory=Schedule)
    """Spread of money and effort over quarters."""
    gates: Gates = note("准入门槛", default_factory=Gates)
    """Entry gates of parks."""
    grades: Grades = note("环节评级阈值", default_factory=Grades)
    """Grades of links."""
    solve: Solve = note("求解", default_factory=Solve)
    """Limits of the solve."""
    nearness: Nearness = note("与以前的计划相近：目标值相同的计划中变动最少的", default_factory=Nearness)
    """Nearness to an earlier plan: of plans equally good, the one that changes least."""
    explain: Explain = note("没有可行计划时的解释", default_factory=Explain)
    """What ``planner explain`` reckons with when no plan exists."""
    sensitivity: Sensitivity = note("敏感性分析", default_factory=Sensitivity)
    """What ``planner sensitivity`` asks."""
    ladder: Ladder = note("分级计划：限制的份额由小到大，计划逐级包含", default_factory=Ladder)
    """What ``planner ladder`` asks."""
    compare: Compare = note("情景比较", default_factory=Compare)
    """How scenarios are solved and compared."""
    people: People = note("谁负责什么", default_factory=People)
    """Who answers for what."""
    calendar: Calendar = note("全年会议", default_factory=Calendar)
    """The year's meetings."""
    ledger: Ledger = note("台账的红黄灯", default_factory=Ledger)
    """Lights of the ledgers."""
    appraisal: Assessments = note("考核：各组按加权指标计分，由 planner appraise 计算", default=())
    """Assessments: weighted formulas over what happened to projects, worked out by ``planner appraise``."""
    display: Display = note("数字的说法", default_factory=Display)
    """How figures are told."""
    map: MapSettings = note("地图", default_factory=MapSettings)
    """The map."""
    lists: tuple[PathText, ...] = note(
        "清单集：随附清单集的名称，或自己的 YAML 文件（路径相对于本文件）；省略即全部随附的", default=()
    )
    """List sets: names of those that come with the planner, or YAML files of your own, relative to this file; left out: all that come."""
    delegation: Delegation = note("招商小分队的行程", default_factory=Delegation)
    """Visits and ways of a delegation."""
    publish: Publish = note("成果", default_factory=Publish)
    """Outputs."""
