"""What the demo's city offers and what transport costs there: policies, freight rates, kilometres. All of it is invented."""

from __future__ import annotations

from io import StringIO

import numpy as np
import pandas as pd

from benchmarks.demo.firms import SOURCE

_POLICIES = """\
政策内容,类别,依据文件,上限(万元),比例*,比例基数,生效日期,失效日期,产业链编号,适用类别,适用区县,合法合规,审查依据
制造业重大项目固定资产投资补助,资金,示政发〔2026〕12号（虚构）第五条,800,0.02,计划投资,2026-07-01,2028-12-31,,,,是,
首批次新材料与首台（套）保险补偿,资金,示经信〔2026〕33号（虚构）,300,,,2026-01-01,2028-12-31,NEV;IC,,,是,
引导基金按市场化方式参股，约定退出,基金,示政办〔2026〕21号（虚构）,5000,0.2,计划投资,2026-01-01,,,,,是,
技术改造贷款贴息,资金,示财金〔2026〕8号（虚构）,200,,,2026-04-01,2027-12-31,,专精特新;单项冠军,,是,
标准厂房首年租金减免,用地,云湖区政发〔2026〕5号（虚构）,120,,,2026-06-01,2028-06-30,,,云湖区,是,
新招用劳动者岗前培训补贴,用工,示人社〔2026〕17号（虚构）,60,,,2026-01-01,2028-12-31,,,,是,
蓝领公寓配租,用工,示住建〔2026〕9号（虚构）,,,,2026-01-01,2029-12-31,,,,是,
临床试验与注册费用补助,资金,示卫健〔2026〕14号（虚构）,1000,,,2026-01-01,2029-12-31,BIO,,,是,
年税收三年全额返还,税收,东县招商〔2019〕3号（虚构）,,1,年税收,2019-01-01,,,,,否,公平竞争审查规定：不得给予特定经营者税收优惠
零部件企业落户奖励,资金,示政发〔2023〕40号（虚构）,500,,,2023-07-01,2026-06-30,,,,是,
用电价格下浮一成,用电,示发改〔2026〕26号（虚构，征求意见稿）,,,,2026-09-01,,,,,待审查,是否为对特定经营者的要素优惠，待公平竞争审查
"""
"""One is forbidden, one has ended, one is still to be reviewed."""

ROAD = "公路,0.42"
_RATES = {"NEV04": "公路（危险品）,0.85", "IC04": "公路（危险品）,0.9", "IC05": "公路（危险品）,0.85", "BIO09": "冷链,1.3"}
"""Mode and 元 per tonne and km of goods that do not go by road as others do."""
_TONNES = """NEV01 0.07 NEV02 0.32 NEV03 0.03 NEV04 0.36 NEV05 0.11 NEV06 0.42 NEV07 0.09 NEV08 0.02 NEV09 0.12 NEV10 0.03 NEV11 0.15
NEV12 0.35 NEV13 0.06 NEV14 0.08 NEV15 0.05 NEV16 0.02 NEV17 0.4 NEV18 0.11 NEV19 0.3 IC02 0.01 IC04 0.2 IC05 0.5 IC06 0.01 IC07 0.03
IC08 0.02 IC10 0.002 IC11 0.004 IC12 0.003 IC13 0.02 BIO02 0.5 BIO03 0.1 BIO04 0.15 BIO05 0.06 BIO07 0.02 BIO09 0.01 BIO10 0.03 BIO11 0.02"""
"""Link, tonnes for each 万元; of what is left out, software and services among it, nothing is known."""

_CITIES = """上海市 121.47 31.23 南京市 118.79 32.06 苏州市 120.59 31.30 无锡市 120.30 31.57 常州市 119.96 31.78 杭州市 120.16 30.28
宁波市 121.55 29.88 武汉市 114.30 30.59 深圳市 114.06 22.54 广州市 113.26 23.13 厦门市 118.09 24.48 成都市 104.07 30.66"""
HERE = ("示例市", 117.9, 31.2)
DETOUR, SPEED = 1.22, 75.0
"""Road against great circle, km an hour: by these the kilometres of the demo are made."""


def policies() -> pd.DataFrame:
    """政策."""
    return pd.read_csv(StringIO(_POLICIES), dtype={"上限(万元)": "Int64"}).assign(数据来源=SOURCE)


def freight() -> pd.DataFrame:
    """运价: one rate for goods of every link, then each link with its tonnes."""
    words = _TONNES.split()
    rows = [
        f",{ROAD},",
        *(f"{link},{_RATES.get(link, ROAD)},{tonnes}" for link, tonnes in zip(words[::2], words[1::2], strict=True)),
    ]
    text = "\n".join(["环节编号,运输方式,吨公里运价*(元/吨公里),单位产值货运量*(吨/万元)", *rows])
    return pd.read_csv(StringIO(text)).assign(数据来源=SOURCE)


def distances() -> pd.DataFrame:
    """里程: from home cities to the demo's city; the other ways are great circles."""
    words, (name, lon, lat) = _CITIES.split(), HERE
    rows = []
    for city, east, north in zip(words[::3], map(float, words[1::3]), map(float, words[2::3]), strict=True):
        x, y = np.radians(east - lon) * np.cos(np.radians((lat + north) / 2)), np.radians(north - lat)
        km = round(float(6371 * np.hypot(x, y)) * DETOUR / 5) * 5
        rows.append({"起点": city, "终点": name, "运输方式": "公路", "里程*(公里)": km, "用时*(小时)": round(km / SPEED, 1)})
    return pd.DataFrame(rows).assign(数据来源=SOURCE)
