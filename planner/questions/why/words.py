"""What answers to "why" and "why not" call things: the titles, the changes, and what would open a way."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words

ASKED = {
    "in": Words("让它入选{where}", "with it{where}"),
    "out": Words("不要它", "without it"),
    "elsewhere": Words("不落“{park}”", "kept out of {park}"),
}
TITLES = {
    "in": Words("为何不选 {firm}{where}", "Why not {firm}{where}"),
    "out": Words("为何选 {firm}", "Why {firm}"),
    "elsewhere": Words("{firm} 为何落“{park}”", "Why {firm} goes to {park}"),
}
CHANGES = {
    "asked": Words("所问项目", "asked"),
    "leaves": Words("退出", "leaves"),
    "comes": Words("进来", "comes"),
    "moves": Words("改园区或季度", "moves"),
    "shares": Words("不动，分摊变化", "stays; shares change"),
}
WITHDRAWN = {
    "must_include": Words(
        "它因锁定（必选或指定园区）而在计划里；下面是撤销锁定后的比较",
        "a lock (must_include, or a fixed park) holds it; what follows is the comparison with the lock withdrawn",
    ),
    "signed": Words(
        "它已签约，计划不会动它；下面只是撤销签约锁定后的比较",
        "it is signed, and no plan moves it; what follows only compares with that lock withdrawn",
    ),
}
REMEDIES = {
    "excluded": Words("取消“排除”", "unset exclude"),
    "lost": Words("把状态改为意向或在谈", "set its status to prospect or negotiating"),
    "fixed_elsewhere": Words("指定园区改为“{park}”（现为“{other}”）", "fix {park} for it instead of {other}"),
    "refused_park": Words(
        "企业改变意愿，从“不考虑的园区”中去掉“{park}”", "the firm would have to take {park} off its refused parks"
    ),
    "forbidden_pair": Words("在选址选项中允许落“{park}”", "allow {park} in the site options"),
    "chain_not_allowed": Words("“{park}”增加接纳该产业链", "let {park} take this chain"),
    "investment_intensity": Words(
        "投资额至少 {needed} 万元，或用地相应减少，或门槛降到 {less} 万元/亩",
        "invest at least {needed} (CNY 10k), or use less land in proportion, or lower the gate to {less}",
    ),
    "tax_intensity": Words(
        "年税收至少 {needed} 万元，或用地相应减少，或门槛降到 {less} 万元/亩",
        "yearly tax of at least {needed} (CNY 10k), or less land in proportion, or a gate of {less}",
    ),
    "need_above_capacity": Words(
        "需要量降到 {most}，或“{park}”扩到 {more}（还差 {missing}）",
        "need {most} or less, or expand {park} to {more} ({missing} more)",
    ),
    "other_quarter": Words("改指定季度（现为 {other}）", "change its fixed quarter, now {other}"),
}
OTHER_QUARTER = Words("已指定季度 {other}", "its quarter is fixed: {other}")
NOBODY = Words("软规则的代价（不属于任何企业）", "price of soft rules (belongs to no firm)")
SUM = Words("合计", "sum")


UNCERTAIN = Words(
    "在求解差距之内，不能确定正负：{forced}，最优目标值的变化在 {low} 与 {high} 之间。要更确定，请加长 --time-limit，或先以更小的差距重新运行",
    "its sign is uncertain within the gaps: {forced}, the optimum changes by between {low} and {high}. To be surer allow more "
    "--time-limit, or first run again to a smaller gap",
)
FREE = Words(
    "可以确定：{forced}，最优目标值不变，有同样好的计划", "certain: {forced}, the optimum stays the same; there is a plan as good"
)
IMPROVABLE = Words(
    "{forced}，得到的计划反而比本次运行的好 {gain}：本次运行的计划还可以改进。用 --out 写出这个计划，再用 planner run --start 从它求解",
    "{forced}, the plan is better than that of the run by {gain}: the run can be improved. Write this plan with --out and "
    "begin from it with planner run --start",
)
VERDICTS: Mapping[str, tuple[Words, Words]] = {
    "costs": (
        Words("可以确定：{forced}，最优目标值恰好降低 {least}", "certain: {forced}, the optimum falls by exactly {least}"),
        Words(
            "可以确定：{forced}，最优目标值至少降低 {least}，至多降低 {most}",
            "certain: {forced}, the optimum falls by at least {least} and at most {most}",
        ),
    ),
    "gains": (
        Words("可以确定：{forced}，最优目标值恰好提高 {least}", "certain: {forced}, the optimum rises by exactly {least}"),
        Words("可以确定：{forced}，最优目标值至少提高 {least}", "certain: {forced}, the optimum rises by at least {least}"),
    ),
    "free": (FREE, FREE),
    "uncertain": (UNCERTAIN, UNCERTAIN),
    "improvable": (IMPROVABLE, IMPROVABLE),
}
"""Sentence when the two ends of the interval are one, and when they are not."""
