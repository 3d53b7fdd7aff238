"""The demo's firms: invented names, their (real) home cities, and what is special about some of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

FIRST = (("虚", "Xu"), ("拟", "Ni"), ("若", "Ruo"), ("似", "Si"), ("幻", "Huan"), ("例", "Li"))
"""Every candidate's name begins with a word for what is not real: 虚, 拟, 若, 似, 幻, 例."""
FIRST_HERE = (("样", "Yang"), ("寓", "Yu"))
"""So do the names of the firms that are here: 样 (sample), 寓 (fable)."""
SECOND = (
    ("川", "chuan"),
    ("舟", "zhou"),
    ("海", "hai"),
    ("辰", "chen"),
    ("光", "guang"),
    ("星", "xing"),
    ("泽", "ze"),
    ("峰", "feng"),
    ("原", "yuan"),
    ("林", "lin"),
    ("云", "yun"),
    ("石", "shi"),
    ("江", "jiang"),
    ("岳", "yue"),
    ("晖", "hui"),
    ("桥", "qiao"),
    ("帆", "fan"),
    ("谷", "gu"),
    ("洲", "zhou"),
    ("岚", "lan"),
    ("潮", "chao"),
    ("野", "ye"),
    ("和", "he"),
)
FORMS = (("有限公司", "Co., Ltd."), ("股份有限公司", "Co., Ltd."), ("科技有限公司", "Technology Co., Ltd."))

CITIES: Mapping[str, tuple[str, float, float]] = {
    "上海市": ("上海市", 121.47, 31.23),
    "宁波市": ("浙江省", 121.55, 29.88),
    "常州市": ("江苏省", 119.96, 31.78),
    "苏州市": ("江苏省", 120.59, 31.30),
    "深圳市": ("广东省", 114.06, 22.54),
    "广州市": ("广东省", 113.26, 23.13),
    "长春市": ("吉林省", 125.32, 43.88),
    "重庆市": ("重庆市", 106.55, 29.56),
    "武汉市": ("湖北省", 114.30, 30.59),
    "台州市": ("浙江省", 121.42, 28.66),
    "东莞市": ("广东省", 113.75, 23.02),
    "厦门市": ("福建省", 118.09, 24.48),
    "无锡市": ("江苏省", 120.30, 31.57),
    "北京市": ("北京市", 116.40, 39.90),
    "南京市": ("江苏省", 118.79, 32.06),
    "西安市": ("陕西省", 108.94, 34.26),
    "成都市": ("四川省", 104.07, 30.66),
    "杭州市": ("浙江省", 120.16, 30.28),
    "天津市": ("天津市", 117.19, 39.13),
    "石家庄市": ("河北省", 114.51, 38.04),
    "济南市": ("山东省", 117.00, 36.66),
    "泰州市": ("江苏省", 119.92, 32.46),
}
"""City: province, longitude, latitude (WGS84) of its centre. The cities are real, the firms in them are not."""

VARIANTS: Mapping[str, tuple[tuple[str, float], ...]] = {
    "K001": (("一期 1 万吨", 0.55), ("一、二期 2 万吨", 1.0)),
    "K019": (("一期 1 GWh", 0.5), ("一、二期 2.5 GWh", 1.0), ("全期 4.5 GWh", 1.8)),
    "K055": (("一期 3 万辆", 0.65), ("全期 5 万辆", 1.0)),
    "K085": (("一期 0.6 万片/月", 0.6), ("全期 1 万片/月", 1.0)),
    "K088": (("一期", 0.5), ("一、二期", 1.0)),
    "K114": (("租用标准厂房", 0.45), ("自建基地", 1.0)),
    "K121": (("中试 2000 升", 0.35), ("一期 1 万升", 1.0), ("全期 2 万升", 1.7)),
}
"""Projects that come in several sizes: what each is, and its size against the middle one."""


HOMES: Mapping[str, str] = {"NEV18": "P04", "IC10": "P01", "BIO07": "P05"}
"""Link: the park of its first firm that is here, the anchor of the chain."""


class Special(NamedTuple):
    """What is known of one project beyond its figures."""

    candidate_id: str
    column: str
    value: str
    note: str


MUST, EXCLUDE, STATUS, PREFERS, REFUSES = "必选", "排除", "状态", "意向园区", "拒绝园区"
FIXED_PARK, FIXED_QUARTER = "指定园区", "指定季度"

SPECIALS = (
    Special("K042", MUST, "是", "链主点名的首家线控底盘供应商"),
    Special("K065", MUST, "是", "省级强链专班交办"),
    Special("K133", MUST, "是", "已列入市级重点项目"),
    Special("K031", STATUS, "已签约", "2026 年 12 月签订投资协议"),
    Special("K031", FIXED_PARK, "P04", ""),
    Special("K031", FIXED_QUARTER, "2027Q1", ""),
    Special("K126", STATUS, "已签约", "投资协议约定二季度摘地"),
    Special("K126", FIXED_PARK, "P05", ""),
    Special("K126", FIXED_QUARTER, "2027Q2", ""),
    Special("K057", EXCLUDE, "是", "环保信用评价不合格"),
    Special("K109", EXCLUDE, "是", "列入失信名单"),
    Special("K096", STATUS, "已流失", "已落户外市"),
    Special("K019", PREFERS, "P04、P03", "希望靠近整车厂"),
    Special("K021", PREFERS, "P08", "需要码头"),
    Special("K009", PREFERS, "P08", ""),
    Special("K028", PREFERS, "P03、P04", ""),
    Special("K043", PREFERS, "P04", ""),
    Special("K050", PREFERS, "P01", "算力与路测条件"),
    Special("K081", PREFERS, "P01、P02", ""),
    Special("K084", PREFERS, "P02", "人才公寓"),
    Special("K087", PREFERS, "P01", ""),
    Special("K092", PREFERS, "P01、P07", ""),
    Special("K101", PREFERS, "P05", ""),
    Special("K106", PREFERS, "P05", ""),
    Special("K115", PREFERS, "P05、P06", ""),
    Special("K121", PREFERS, "P05", "共用公共 GMP 平台"),
    Special("K132", PREFERS, "P02", ""),
    Special("K002", REFUSES, "P07", "山区运距过长"),
    Special("K022", REFUSES, "P01、P07", "只要双回路供电的园区"),
    Special("K038", REFUSES, "P08", "不接受临江地块"),
    Special("K056", REFUSES, "P01、P03", "要求成片用地"),
    Special("K073", REFUSES, "P07", ""),
    Special("K090", REFUSES, "P08", "洁净与防振要求"),
    Special("K117", REFUSES, "P06、P08", ""),
    Special("K123", REFUSES, "P06", ""),
)


class Site(NamedTuple):
    """What differs for a project in a park."""

    candidate_id: str
    park_id: str
    allowed: str
    land: float | None
    """亩; None: the project's own need."""
    score: float | None
    note: str


SITES = (
    Site("K024", "P04", "是", 8, 2, "入驻标准厂房二层，用地折算"),
    Site("K025", "P04", "是", 10, 2, "入驻标准厂房"),
    Site("K030", "P04", "是", 18, 3, "入驻标准厂房"),
    Site("K041", "P04", "是", None, 5, "整车厂一墙之隔"),
    Site("K042", "P04", "是", None, 5, "整车厂一墙之隔"),
    Site("K043", "P03", "是", 45, 1, "盘活闲置厂房"),
    Site("K049", "P01", "是", 12, 4, "入驻智驾产业大厦"),
    Site("K051", "P01", "是", 15, 3, "入驻智驾产业大厦"),
    Site("K020", "P07", "否", None, None, "电网接入不满足"),
    Site("K003", "P06", "否", None, None, "污水处理能力不足"),
    Site("K064", "P07", "否", None, None, "不在化工集中区"),
    Site("K066", "P07", "否", None, None, "不在化工集中区"),
    Site("K070", "P02", "否", None, None, "紧邻居住区"),
    Site("K059", "P02", "是", 2, 3, "楼宇研发，几乎不占地"),
    Site("K060", "P02", "是", 2, 3, "楼宇研发，几乎不占地"),
    Site("K079", "P02", "是", 4, 4, "楼宇研发"),
    Site("K080", "P02", "是", 5, 4, "楼宇研发"),
    Site("K082", "P01", "是", 6, 2, "楼宇研发"),
    Site("K085A", "P01", "是", None, 6, "预留晶圆厂地块，双回路供电"),
    Site("K085B", "P01", "是", None, 6, "预留晶圆厂地块，双回路供电"),
    Site("K086", "P07", "否", None, None, "防振条件不满足"),
    Site("K100", "P05", "是", 12, 4, "入驻加速器"),
    Site("K102", "P05", "是", 10, 4, "入驻加速器"),
    Site("K105", "P05", "是", 9, 3, "入驻加速器"),
    Site("K114A", "P05", "是", 6, 2, "租用标准厂房"),
    Site("K110", "P05", "否", None, None, "原料药不得进入制剂园"),
    Site("K108", "P05", "否", None, None, "原料药不得进入制剂园"),
    Site("K128", "P02", "是", 7, 2, "标准厂房"),
    Site("K129", "P02", "是", 8, 2, "标准厂房"),
)

CLASS = "企业类别"
_CLASSES = ((11, "单项冠军"), (7, "上市公司"), (5, "骨干企业"), (3, "专精特新"))


def class_of(number: int) -> str | None:
    """What the number-th firm is said to be, several between semicolons; most are nothing in particular."""
    return ";".join(name for step, name in _CLASSES if (number + 2) % step == 0) or None


SOURCE = "虚构示例数据"
