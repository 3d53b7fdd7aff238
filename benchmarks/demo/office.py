"""Who answers for what in the demo, its meetings whose day is settled, and its targets: offices that do not exist, no names of persons."""

from __future__ import annotations

from io import StringIO

import pandas as pd

from benchmarks.demo.firms import SOURCE

_PEOPLE = """\
姓名或单位,角色,产业链编号,范围,层级,可负责项目数,专长
市委书记、市长（虚构）,总链长,,,市,,
常务副市长（虚构）,副总链长,,,市,,
市长（虚构）,链长,NEV,,市,,
常务副市长（虚构）,链长,IC,,市,,
副市长（虚构）,链长,BIO,,市,,
市政协副主席（虚构）,副链长,NEV;IC,,市,,
东县县长（虚构）,链长,,东县,区县,,
望岭县县长（虚构）,链长,,望岭县,区县,,
市产业链办公室（虚构）,链长办,,,市,6,
东县经济开发区管委会（虚构）,牵头园区,NEV,P03,区县,,
云湖高新区管委会（虚构）,牵头园区,IC,P02,区县,,
新能源汽车专班一组（虚构）,专班负责人,NEV,,市,10,电池;隔膜;电解液
新能源汽车专班二组（虚构）,专班负责人,NEV,,市,10,电机;电控;底盘
集成电路专班（虚构）,专班负责人,IC,,市,14,
生物医药专班（虚构）,专班负责人,BIO,,市,14,
示例市电池产业联盟（虚构）,盟长,NEV,,市,,
示例理工大学（虚构）,校长,NEV;IC,,市,,
示例银行样川分行（虚构）,行长,,,市,,
"""
"""The rows of the table ``people``."""
_DAYS = """\
日期,类型,名称,时段,参加角色,地点
2027-08-18,会,年中招商推进会（虚构）,上午,总链长;副总链长;链长;专班负责人,市会议中心（虚构）
2027-12-15,会,年度招商总结会（虚构）,下午,总链长;链长;链长办,市会议中心（虚构）
"""
"""The rows of the table ``calendar``."""

_TARGETS = """\
阶段,季度,产业链编号,区县,项目数,投资额(亿元)
签约,,,,50,150
签约,2027Q1,,,12,
签约,2027Q2,,,12,
签约,2027Q3,,,12,
签约,2027Q4,,,12,
签约,,NEV,,18,
签约,,IC,,15,
签约,,BIO,,15,
签约,,,望岭县,7,
开工,,,,15,45
竣工,,,,3,
投产,,,,2,
"""
"""The rows of the table ``targets``."""


def people() -> pd.DataFrame:
    """From the chief of chiefs to the teams; who has no number owns no projects."""
    return _read(_PEOPLE).assign(数据来源=SOURCE)


def days() -> pd.DataFrame:
    """Two meetings whose day is settled; the arrangement of holidays is not invented."""
    return _read(_DAYS)


def targets() -> pd.DataFrame:
    """What is to sign, start, be finished and produce within the year; of these quarters, chains and one county what is to sign."""
    return _read(_TARGETS).assign(数据来源=SOURCE)


def _read(text: str) -> pd.DataFrame:
    return pd.read_csv(StringIO(text), dtype=str, keep_default_na=False)
