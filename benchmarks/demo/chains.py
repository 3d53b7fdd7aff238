"""The demo's industry chains, links and supply edges, as an expert of the trade would list them. All figures invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Chain(NamedTuple):
    """An industry chain and who answers for it."""

    chain_id: str
    name: str
    name_en: str
    weight: float
    chief: str
    lead_office: str
    anchor_link: str
    """The anchor firm (链主) is the largest incumbent at this link."""
    team: str
    cities: tuple[str, ...]
    """Home cities of its candidates."""


class Profile(NamedTuple):
    """What one 亿元 of a kind of project looks like."""

    intensity: float
    """Investment per land, 万元/亩."""
    turnover: float
    """Yearly output per investment."""
    tax: float
    """Yearly tax per output."""
    power: float
    """MW per 亿元 of output."""
    water: float
    """吨/日 per 亿元 of output."""
    energy: float
    """吨标煤 per 亿元 of output."""
    vocs: float
    """吨 of volatile organic compounds per 亿元 of output and year."""
    jobs: float
    """People per 亿元 of output."""
    fund: str
    """The fund that pays what it asks."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a chain: how much is needed and made here, and what projects there are for it. Money in 亿元 a year."""

    link_id: str
    tier: str
    name: str
    name_en: str
    trade: str
    """What firms of this link have in their names."""
    trade_en: str
    weight: float
    demand: float
    supply: float
    incumbents: int
    min_sources: int | None
    bottleneck: bool
    profile: str
    projects: int
    investment: float
    """Of a middling project, 亿元."""

    @property
    def chain_id(self) -> str:
        """``NEV`` of ``NEV07``."""
        return self.link_id[:-2]


GUIDE, GRANT = "产业引导资金", "科创奖补资金"

CHAINS = (
    Chain("NEV", "新能源汽车", "New energy vehicles", 1.2, "市长（虚构）", "市经济和信息化局（虚构）", "NEV18", "新能源汽车专班",
          ("上海市", "宁波市", "常州市", "苏州市", "深圳市", "广州市", "长春市", "重庆市", "武汉市", "台州市", "东莞市", "厦门市")),
    Chain("IC", "集成电路", "Integrated circuits", 1.3, "常务副市长（虚构）", "市发展和改革委员会（虚构）", "IC10", "集成电路专班",
          ("上海市", "无锡市", "苏州市", "深圳市", "北京市", "南京市", "西安市", "武汉市", "成都市", "厦门市", "杭州市")),
    Chain("BIO", "生物医药", "Biomedicine", 1.0, "副市长（虚构）", "市卫生健康委员会（虚构）", "BIO07", "生物医药专班",
          ("上海市", "苏州市", "杭州市", "北京市", "天津市", "石家庄市", "济南市", "广州市", "泰州市", "成都市", "武汉市")),
)  # fmt: skip

PROFILES = {
    "chemicals": Profile(430, 1.25, 0.035, 0.95, 115, 1500, 2.40, 36, GUIDE),
    "cells": Profile(520, 1.45, 0.032, 0.80, 60, 1050, 1.10, 52, GUIDE),
    "metalwork": Profile(360, 1.30, 0.038, 0.75, 45, 900, 0.90, 72, GUIDE),
    "assembly": Profile(410, 1.60, 0.042, 0.28, 38, 300, 0.55, 92, GUIDE),
    "vehicles": Profile(470, 2.30, 0.045, 0.20, 30, 210, 1.60, 46, GUIDE),
    "software": Profile(900, 1.10, 0.060, 0.12, 12, 90, 0.00, 74, GRANT),
    "wafers": Profile(1150, 0.55, 0.048, 1.90, 420, 2100, 1.90, 40, GUIDE),
    "packaging": Profile(620, 0.95, 0.044, 0.90, 150, 820, 0.80, 78, GUIDE),
    "api": Profile(390, 1.10, 0.055, 0.60, 210, 1250, 3.10, 48, GUIDE),
    "biologics": Profile(680, 0.95, 0.085, 0.45, 130, 520, 0.40, 42, GRANT),
    "devices": Profile(560, 1.30, 0.080, 0.22, 26, 210, 0.25, 80, GRANT),
    "logistics": Profile(330, 1.50, 0.022, 0.25, 14, 180, 0.00, 58, GRANT),
}  # fmt: skip

UP, MID, DOWN = "上游", "中游", "下游"

LINKS = (
    Link("NEV01", UP, "正极材料", "Cathode materials", "正极材料", "Cathode", 3.0, 22.0, 6.0, 1, 2, False, "chemicals", 4, 5.0),
    Link("NEV02", UP, "负极材料", "Anode materials", "碳材料", "Carbon", 2.0, 7.5, 5.2, 1, None, False, "chemicals", 2, 1.8),
    Link("NEV03", UP, "电池隔膜", "Battery separators", "膜材料", "Membranes", 2.8, 4.6, 0.0, 0, 2, False, "chemicals", 4, 1.3),
    Link("NEV04", UP, "电解液", "Electrolytes", "电解液", "Electrolytes", 1.8, 5.4, 3.1, 1, None, False, "chemicals", 2, 1.3),
    Link("NEV05", UP, "铜箔与铝箔", "Copper and aluminium foil", "箔材", "Foils", 1.8, 6.2, 2.4, 1, None, False, "metalwork", 3, 1.5),
    Link("NEV06", UP, "轻量化车身材料", "Lightweight body materials", "轻合金", "Light Alloys", 1.6, 15.0, 11.0, 2, None, False, "metalwork", 3, 2.0),
    Link("NEV07", MID, "动力电池", "Traction batteries", "动力电池", "Traction Battery", 5.0, 58.0, 26.0, 1, 2, False, "cells", 5, 8.0),
    Link("NEV08", MID, "电池管理系统", "Battery management systems", "能源电子", "Energy Electronics", 2.4, 5.5, 0.8, 1, 2, False, "assembly", 3, 1.5),
    Link("NEV09", MID, "驱动电机", "Drive motors", "电驱动", "E-Drive", 2.6, 9.6, 6.5, 1, 2, False, "assembly", 3, 1.6),
    Link("NEV10", MID, "电机控制器", "Motor controllers", "电控技术", "Motor Control", 3.0, 11.0, 2.0, 1, 2, False, "assembly", 4, 2.0),
    Link("NEV11", MID, "热管理系统", "Thermal management", "热管理", "Thermal Systems", 2.0, 9.5, 3.8, 1, None, False, "assembly", 3, 2.4),
    Link("NEV12", MID, "一体化压铸与底盘结构件", "Giga-castings and chassis", "压铸科技", "Castings", 2.2, 15.0, 9.0, 2, None, False, "metalwork", 4, 2.4),
    Link("NEV13", MID, "线控制动与转向", "Brake- and steer-by-wire", "线控底盘", "By-Wire Chassis", 4.2, 12.0, 0.0, 0, 2, True, "assembly", 4, 3.0),
    Link("NEV14", MID, "高压线束与连接器", "High-voltage harnesses", "线束", "Harness", 1.4, 7.5, 7.9, 2, None, False, "assembly", 1, 1.2),
    Link("NEV15", MID, "智能座舱与车载显示", "Smart cockpits and displays", "座舱电子", "Cockpit Electronics", 2.4, 10.0, 3.0, 1, None, False, "assembly", 3, 2.0),
    Link("NEV16", MID, "激光雷达与智驾域控", "Lidar and driving controllers", "智能驾驶", "Autonomous Driving", 4.0, 12.0, 0.6, 1, 2, True, "assembly", 4, 3.0),
    Link("NEV17", MID, "座椅与内外饰", "Seats and trim", "汽车内饰", "Auto Interiors", 1.2, 17.0, 15.0, 2, None, False, "assembly", 2, 1.2),
    Link("NEV18", DOWN, "整车制造", "Vehicle assembly", "汽车", "Automobile", 3.5, 245.0, 210.0, 2, 2, False, "vehicles", 2, 15.0),
    Link("NEV19", DOWN, "动力电池回收利用", "Battery recycling", "循环科技", "Recycling", 2.2, 4.0, 0.5, 1, None, False, "chemicals", 2, 1.6),
    Link("IC01", UP, "EDA 与设计 IP", "EDA tools and design IP", "芯片软件", "EDA Software", 4.5, 3.0, 0.2, 1, None, True, "software", 2, 1.2),
    Link("IC02", UP, "大硅片", "Silicon wafers", "半导体硅材料", "Silicon", 4.0, 7.0, 1.5, 1, 2, True, "wafers", 3, 6.0),
    Link("IC03", UP, "光刻胶", "Photoresists", "感光材料", "Photoresist", 5.0, 2.8, 0.0, 0, 2, True, "chemicals", 4, 0.9),
    Link("IC04", UP, "电子特气", "Electronic specialty gases", "特种气体", "Specialty Gas", 2.6, 3.6, 1.8, 1, 2, False, "chemicals", 2, 1.0),
    Link("IC05", UP, "湿电子化学品", "Wet chemicals", "电子化学", "Electronic Chemicals", 2.2, 3.0, 1.2, 1, None, False, "chemicals", 2, 0.7),
    Link("IC06", UP, "靶材与抛光材料", "Targets and CMP materials", "溅射材料", "Sputtering", 3.0, 2.6, 0.4, 1, 2, True, "chemicals", 0, 0.0),
    Link("IC07", UP, "半导体设备零部件", "Equipment components", "精密装备", "Precision", 3.8, 6.0, 1.1, 1, 2, True, "metalwork", 4, 1.3),
    Link("IC08", UP, "封装基板与引线框架", "Substrates and lead frames", "封装材料", "Substrates", 2.6, 6.5, 2.0, 1, None, False, "packaging", 3, 2.6),
    Link("IC09", MID, "芯片设计（车规与显示驱动）", "Chip design (automotive, display)", "芯片设计", "Chip Design", 3.4, 28.0, 9.0, 2, 2, False, "software", 6, 4.0),
    Link("IC10", MID, "特色工艺晶圆制造", "Specialty wafer fabs", "微电子", "Microelectronics", 4.0, 36.0, 24.0, 1, 2, False, "wafers", 2, 20.0),
    Link("IC11", MID, "功率半导体（IGBT／碳化硅）", "Power semiconductors (IGBT, SiC)", "功率半导体", "Power Semiconductor", 4.4, 16.0, 3.5, 1, 2, True, "wafers", 5, 6.5),
    Link("IC12", MID, "封装测试", "Packaging and test", "封测", "Packaging and Test", 2.8, 18.0, 8.0, 1, 2, False, "packaging", 4, 4.0),
    Link("IC13", DOWN, "汽车电子模组", "Automotive electronics modules", "汽车电子", "Auto Electronics", 2.6, 14.0, 4.0, 1, None, False, "assembly", 4, 2.6),
    Link("BIO01", UP, "培养基与层析介质", "Culture media and resins", "生物材料", "Biomaterials", 4.2, 2.4, 0.0, 0, 2, True, "biologics", 3, 1.4),
    Link("BIO02", UP, "药用辅料与包材", "Excipients and packaging", "药用包材", "Pharma Packaging", 1.6, 5.6, 3.4, 2, None, False, "metalwork", 2, 1.1),
    Link("BIO03", UP, "一次性生物工艺耗材", "Single-use bioprocess goods", "生物工艺", "Bioprocess", 3.6, 2.2, 0.1, 1, 2, True, "devices", 3, 0.8),
    Link("BIO04", UP, "原料药与医药中间体", "APIs and intermediates", "药物化学", "Pharma Chemistry", 2.2, 18.0, 12.0, 2, 2, False, "api", 3, 2.5),
    Link("BIO05", UP, "生物反应器与制药装备", "Bioreactors and equipment", "制药装备", "Pharma Machinery", 2.4, 6.0, 2.2, 1, None, False, "metalwork", 3, 1.7),
    Link("BIO06", MID, "合同研发生产（CDMO）", "Contract development (CDMO)", "医药研发", "Pharma Services", 2.8, 12.0, 2.5, 1, None, False, "biologics", 4, 3.2),
    Link("BIO07", MID, "化学制剂", "Chemical formulations", "制药", "Pharmaceutical", 1.8, 40.0, 33.0, 2, None, False, "biologics", 2, 3.0),
    Link("BIO08", MID, "抗体与重组蛋白药物", "Antibodies and proteins", "生物制药", "Biopharma", 3.6, 22.0, 4.0, 1, 2, False, "biologics", 4, 6.0),
    Link("BIO09", MID, "疫苗", "Vaccines", "疫苗", "Vaccine", 3.0, 9.0, 0.0, 0, None, False, "biologics", 2, 6.0),
    Link("BIO10", MID, "体外诊断", "In-vitro diagnostics", "诊断技术", "Diagnostics", 2.2, 12.0, 6.5, 2, None, False, "devices", 3, 1.8),
    Link("BIO11", MID, "高值医用耗材", "High-value consumables", "医疗器械", "Medical Devices", 2.4, 9.0, 2.0, 1, None, False, "devices", 3, 1.4),
    Link("BIO12", MID, "医学影像设备", "Medical imaging", "医学影像", "Imaging", 3.4, 8.0, 0.5, 1, 2, True, "devices", 3, 2.4),
    Link("BIO13", DOWN, "医药冷链物流", "Pharma cold chain", "冷链", "Cold Chain", 1.4, 7.0, 5.0, 1, None, False, "logistics", 1, 1.6),
)  # fmt: skip

EDGES: tuple[tuple[str, str, float], ...] = (
    ("NEV01", "NEV07", 0.24), ("NEV02", "NEV07", 0.07), ("NEV03", "NEV07", 0.05), ("NEV04", "NEV07", 0.06),
    ("NEV05", "NEV07", 0.07), ("NEV08", "NEV07", 0.06), ("NEV19", "NEV01", 0.08), ("NEV06", "NEV12", 0.30),
    ("NEV06", "NEV18", 0.05), ("NEV07", "NEV18", 0.25), ("NEV09", "NEV18", 0.04), ("NEV10", "NEV18", 0.05),
    ("NEV11", "NEV18", 0.04), ("NEV12", "NEV18", 0.06), ("NEV13", "NEV18", 0.05), ("NEV14", "NEV18", 0.03),
    ("NEV15", "NEV18", 0.04), ("NEV16", "NEV18", 0.05), ("NEV17", "NEV18", 0.07), ("NEV11", "NEV07", 0.02),
    ("IC11", "NEV10", 0.18), ("IC11", "NEV09", 0.02), ("IC13", "NEV16", 0.20), ("IC13", "NEV15", 0.15),
    ("IC09", "NEV08", 0.15), ("IC09", "NEV13", 0.06),
    ("IC01", "IC09", 0.06), ("IC10", "IC09", 0.30), ("IC12", "IC09", 0.14), ("IC02", "IC10", 0.10),
    ("IC03", "IC10", 0.04), ("IC04", "IC10", 0.05), ("IC05", "IC10", 0.04), ("IC06", "IC10", 0.03),
    ("IC07", "IC10", 0.06), ("IC02", "IC11", 0.12), ("IC03", "IC11", 0.03), ("IC04", "IC11", 0.04),
    ("IC12", "IC11", 0.12), ("IC08", "IC12", 0.22), ("IC09", "IC13", 0.25), ("IC11", "IC13", 0.08),
    ("BIO01", "BIO08", 0.06), ("BIO01", "BIO09", 0.05), ("BIO01", "BIO06", 0.04), ("BIO03", "BIO08", 0.05),
    ("BIO03", "BIO09", 0.04), ("BIO03", "BIO06", 0.03), ("BIO02", "BIO07", 0.10), ("BIO02", "BIO08", 0.03),
    ("BIO02", "BIO09", 0.04), ("BIO04", "BIO07", 0.25), ("BIO04", "BIO06", 0.08), ("BIO05", "BIO06", 0.04),
    ("BIO05", "BIO08", 0.03), ("BIO05", "BIO09", 0.03), ("BIO06", "BIO08", 0.12), ("BIO06", "BIO07", 0.05),
    ("BIO13", "BIO09", 0.03), ("BIO13", "BIO08", 0.02), ("IC13", "BIO12", 0.06), ("BIO11", "BIO12", 0.02),
)  # fmt: skip
"""(from link, to link, 万元 of input per 万元 of output)."""
