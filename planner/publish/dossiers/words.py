"""Words of a dossier, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from planner.language import Words
from planner.publish.documents.model import Align
from planner.publish.dossiers.factors import Factor
from planner.publish.dossiers.freight import Lack

UNKNOWN = Words("未提供", "not known")
OPEN = Words("待商定", "to be agreed")
HEADINGS: Mapping[str, Words] = {
    "chain": Words("在本地产业链中的位置", "Its place in our chain"),
    "partners": Words("本地谁供货、谁采购，进出两项物流", "Who here supplies and buys, and the freight both ways"),
    "factors": Words("逐项要素", "Factor by factor"),
    "offers": Words("可提供的政策", "What is on offer"),
    "labour": Words("用工与联系", "Labour and contacts"),
    "park": Words("推荐园区", "The park"),
    "talk": Words("诉求与待了解", "Wishes and questions"),
}
HEAD: Mapping[str, Words] = {
    "link": Words("所属环节", "Chain, link"),
    "home": Words("现所在地", "From"),
    "investment": Words("计划投资", "Investment"),
    "output": Words("达产产值", "Yearly output"),
    "park": Words("推荐园区", "Park"),
    "quarter": Words("拟定季度", "Quarter"),
    "owner": Words("责任人", "Owner"),
    "class": Words("企业类别", "Class"),
}
CHAIN_SAID = Words(
    "本环节本地需求 {demand}，缺口现在 {before}、计划后 {after}；本地同环节企业 {firms} 家",
    "local demand at this link {demand}; short of {before} today, of {after} after the plan; {firms:local firm} at the link",
)
NO_LINK = Words("未登记所属环节，无法说明其位置", "no link is stated, so its place cannot be shown")
DIAGRAM = Words("{name}与上下游环节", "{name} with the links upstream and downstream")

PARTNER_COLUMNS: tuple[tuple[Words, float, Align], ...] = (
    (Words("关系", "It"), 0.6, "center"),
    (Words("本地企业", "Local firm"), 2.6, "left"),
    (Words("环节", "Link"), 1.6, "left"),
    (Words("年能力", "Capacity"), 1.25, "right"),
    (Words("公里 距园区｜现址", "km park｜home"), 1.6, "right"),
    (Words("吨/年", "t/year"), 0.85, "right"),
    (Words("元/吨公里", "CNY/t km"), 0.95, "right"),
    (Words("年省运费", "Saved"), 1.25, "right"),
)
SUPPLIES, BUYS = Words("供货", "sells"), Words("采购", "buys")
NO_KM = Words("未知", "?")
SAME_PARK = Words("同园", "here")
PER_TONNE = Words("{rate} 元/吨", "{rate} per t")
LACKS: Mapping[Lack, Words] = {
    "rate": Words("无费率", "no rate"),
    "tonnage": Words("无货运量", "no tonnage"),
    "today": Words("里程未知", "way unknown"),
    "here": Words("里程未知", "way unknown"),
    "amount": Words("数量未知", "amount unknown"),
}
NO_FIRMS = Words("本地尚无上下游企业登记", "no local firm is listed upstream or downstream")
MORE_FIRMS = Words("另有 {n} 家", "{n} more")
PLANNED = Words("上下游规划引进 {n} 家", "{n:further firm} planned upstream and downstream")
SAVED = Words("{side}年省运费 {money}", "{side} freight saves {money} a year")
COSTS = Words("{side}运费年增 {money}", "{side} freight costs {money} more a year")
NOT_RECKONED = Words("{side}未算：{lacks}", "{side}: not reckoned ({lacks})")
INBOUND, OUTBOUND = Words("进货", "inbound"), Words("出货", "outbound")
NO_PARK = Words("园区待商定", "the park is to be agreed")
NO_TRADE = Words("无可算的往来", "no trade to reckon")
FORMULA = Words(
    "省运费 = 吨 × 元/吨公里 ×（距现址公里 − 距园区公里）；吨 = 每万元吨数 × 消耗系数 × 年产出；假设按就近、以双方能力为限与所列企业往来*",
    "saved a year = t × CNY/t km × (km home − km park); t = t per CNY 10k × coefficient × output; assumed: trade with these firms, nearest first*",
)
STRAIGHT = Words("公里数带“表”的取自里程表，其余为直线距离", "km marked “t”: table of distances, others great circles")
BY_TABLE = Words("表", "t")

FACTOR_COLUMNS: tuple[tuple[Words, float, Align], ...] = (
    (Words("要素", "Factor"), 1.65, "left"),
    (Words("项目需要", "It needs"), 1.3, "left"),
    (Words("这里有什么，从哪个季度起", "What there is, from which quarter"), 3.0, "left"),
    (Words("依据", "Source"), 0.55, "center"),
)
STATE = Words("状态", "State")
FACTORS: Mapping[Factor, Words] = {
    "capital": Words("资金", "Capital"),
    "energy": Words("能源", "Energy"),
    "environment": Words("环境容量", "Environment"),
    "land": Words("土地", "Land"),
    "labour": Words("劳动力", "Labour"),
    "technology": Words("技术", "Technology"),
    "transport": Words("运输", "Transport"),
    "materials": Words("原材料", "Materials"),
}
RULE = Words(
    "● 自拟定季度起够用或已具备　▲ 规划期内较晚才够用，或只有一部分　■ 规划期内不够　○ 未知。可供＝能力减去计划中其他项目的占用",
    "● enough from its quarter on  ▲ only later in the plan, or in part  ■ not within the plan  ○ not known. Capacity less what other projects use",
)
UNLIMITED = Words("不限", "no limit")
FROM_QUARTER = Words("{quarter} 起可供 {amount}", "{amount} from {quarter} on")
THEN = Words("{quarter} 起 {amount}", "{amount} from {quarter} on")
SHORT = Words("到 {quarter} 仅余 {amount}，差 {lack}", "{amount} left by {quarter}, {lack} short")
CAPITAL_NEED = Words("计划投资 {amount}", "{amount}")
CAPITAL_HAS = Words("可申请有金额的政策 {n} 项，见下", "{n:offer of money|offers of money} to apply for, see below")
CAPITAL_REVIEW = Words("{n} 项政策待审查，不作承诺", "{n:offer} to be reviewed, not promised")
JOBS = Words("{n} 人", "{n} people")
TECHNOLOGY_NEED = Words("本环节技术", "of the link")
TECHNOLOGY_HAS = Words("{name}（{holder}）", "{name} ({holder})")
TRANSPORT_NEED = Words("原料进、产品出", "inputs in, goods out")
SAVES = Words("与本地往来较现址年省 {money}", "trade with firms here saves {money} a year")
COSTS_MORE = Words("与本地往来较现址年增 {money}", "trade with firms here costs {money} more a year")
MATERIALS_NEED = Words("{n} 个上游环节", "{n:upstream link}")
MATERIALS_HAS = Words(
    "{local} 个环节有本地企业，计划后 {covered} 个环节供给够用", "{local:link} with local firms; {covered} covered after the plan"
)

OFFER_COLUMNS: tuple[tuple[Words, float, Align], ...] = (
    (Words("政策", "Offer"), 3.0, "left"),
    (Words("可得", "Amount"), 1.5, "right"),
    (Words("依据文件", "Basis"), 2.2, "left"),
    (Words("有效期", "In force"), 1.1, "left"),
)
NOT_SAID = Words("文件未载明", "not stated")
UP_TO, CAPPED = Words("最高 {amount}", "up to {amount}"), Words("{amount}（按上限）", "{amount} (the ceiling)")
ABOUT = Words("约 {amount}", "about {amount}")
UNTIL, NO_END = Words("至 {day}", "to {day}"), Words("未规定期限", "no end set")
NO_POLICIES = Words("未提供政策表，不作任何承诺", "no policies are given, so nothing is promised")
NO_OFFERS = Words("没有合规、有效且适用的政策", "no offer is lawful, in force and applicable")
MORE_OFFERS = Words("另有 {n} 项", "{n} more")
REVIEW = Words("待审查，不作承诺：{offers}", "To be reviewed, not promised: {offers}")
REFUSED = Words("不予提供：{offers}", "Not on offer: {offers}")
SAID_OF_OFFER = Words("{offer}——{reasons}（依据：{basis}）", "{offer} – {reasons} (basis: {basis})")

LABOUR_NEED = Words("达产用工", "Jobs at full output")
LABOUR_SUPPLY = Words("当地供给", "Supply here")
HOME_PEOPLE = Words("本地籍人员", "People from here")
HOME_COUNT = Words("{n}（未授权，不列姓名）", "{n} (no consent, no names)")
CONTACT = Words("联系人", "Contact")
NO_CONSENT = Words("未授权", "no consent")

NAME, COUNTY, TAKES = Words("园区名称", "Name"), Words("所在区县", "County"), Words("准入产业链", "Chains taken")
ANY_CHAIN = Words("不限", "any")
MAP = Words("{park}位置图", "map of {park}")

PREFERRED, REFUSED_PARKS, WISHES = (
    Words("意向园区", "Parks wished for"),
    Words("不考虑园区", "Parks refused"),
    Words("企业诉求", "Wishes"),
)
ASKED = Words("请企业说明", "Questions to the firm")
MORE_QUESTIONS = Words("另有 {n} 问", "{n} more")
NOTHING = Words("无记录", "none noted")
SOURCES = Words("来源：{list}", "Sources: {list}")
NO_SOURCE = Words("未注明", "not stated")
SUBTITLE = Words("项目对接单　{plan}", "Firm dossier　{plan}")
