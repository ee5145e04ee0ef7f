"""Invented names of the sample city: places, departments, people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

CITY = "澄川市"
NEIGHBOURS = ("沅陂市", "绛浦市")
"""Invented neighbouring cities."""

COUNTIES = (
    "澄岸区", "榆川区", "荷湾区", "柏岭县", "芦湾县", "杏滩县", "松桥县", "苇河县", "槐阳市", "枫渡县",
    "梅垄县", "兰汀县",
)
ZONES = ("澄川经济技术开发区", "澄川高新技术产业开发区", "榆川新材料产业园区")


@dataclass(frozen=True, slots=True)
class Department:
    """A department: full and short name, peer group, and what it is concerned with."""

    name: str
    short: str
    group: str
    field: str


_ECONOMY, _SOCIETY, _ORDER = "经济综合部门", "社会事业部门", "执法监管部门"

DEPARTMENTS = tuple(
    Department(f"{CITY}{name}", f"市{short}", group, field)
    for name, short, group, field in (
        ("发展和改革委员会", "发改委", _ECONOMY, "重点项目"),
        ("工业和信息化局", "工信局", _ECONOMY, "工业经济"),
        ("财政局", "财政局", _ECONOMY, "主要综合目标"),
        ("统计局", "统计局", _ECONOMY, "主要综合目标"),
        ("商务局", "商务局", _ECONOMY, "现代服务业"),
        ("招商投资促进局", "招商局", _ECONOMY, "招商引资"),
        ("农业农村局", "农业农村局", _ECONOMY, "新农村建设"),
        ("交通运输局", "交通局", _ECONOMY, "重点项目"),
        ("住房和城乡建设局", "住建局", _ECONOMY, "重点项目"),
        ("自然资源和规划局", "资规局", _ECONOMY, "环境保护"),
        ("水利局", "水利局", _ECONOMY, "新农村建设"),
        ("林业局", "林业局", _ECONOMY, "环境保护"),
        ("科学技术局", "科技局", _ECONOMY, "工业经济"),
        ("国有资产监督管理委员会", "国资委", _ECONOMY, "工业经济"),
        ("地方金融工作局", "金融局", _ECONOMY, "民营经济"),
        ("文化广电和旅游局", "文广旅局", _SOCIETY, "现代服务业"),
        ("教育局", "教育局", _SOCIETY, "实事办理"),
        ("卫生健康委员会", "卫健委", _SOCIETY, "实事办理"),
        ("人力资源和社会保障局", "人社局", _SOCIETY, "实事办理"),
        ("民政局", "民政局", _SOCIETY, "实事办理"),
        ("医疗保障局", "医保局", _SOCIETY, "实事办理"),
        ("体育局", "体育局", _SOCIETY, "实事办理"),
        ("退役军人事务局", "退役军人局", _SOCIETY, "实事办理"),
        ("乡村振兴局", "乡村振兴局", _SOCIETY, "新农村建设"),
        ("残疾人联合会", "残联", _SOCIETY, "实事办理"),
        ("供销合作社联合社", "供销社", _SOCIETY, "新农村建设"),
        ("公安局", "公安局", _ORDER, "安全生产"),
        ("司法局", "司法局", _ORDER, "主要综合目标"),
        ("生态环境局", "生态环境局", _ORDER, "环境保护"),
        ("应急管理局", "应急局", _ORDER, "安全生产"),
        ("市场监督管理局", "市场监管局", _ORDER, "民营经济"),
        ("城市管理局", "城管局", _ORDER, "环境保护"),
        ("审计局", "审计局", _ORDER, "主要综合目标"),
        ("信访局", "信访局", _ORDER, "主要综合目标"),
        ("行政审批服务局", "审批局", _ORDER, "民营经济"),
        ("人民防空办公室", "人防办", _ORDER, "安全生产"),
        ("消防救援支队", "消防支队", _ORDER, "安全生产"),
        ("税务局", "税务局", _ORDER, "主要综合目标"),
        ("气象局", "气象局", _ORDER, "安全生产"),
        ("烟草专卖局", "烟草局", _ORDER, "民营经济"),
        ("邮政管理局", "邮管局", _ORDER, "现代服务业"),
        ("大数据管理局", "大数据局", _ECONOMY, "现代服务业"),
        ("机关事务管理局", "机关事务局", _SOCIETY, "主要综合目标"),
        ("档案馆", "档案馆", _SOCIETY, "主要综合目标"),
        ("住房公积金管理中心", "公积金中心", _SOCIETY, "实事办理"),
        ("公共资源交易中心", "交易中心", _ECONOMY, "招商引资"),
        ("工商业联合会", "工商联", _ECONOMY, "民营经济"),
        ("扶持民营经济发展办公室", "民营办", _ECONOMY, "民营经济"),
    )
)

_FIRST = "青白石双大新南北东西上下桃柳竹马龙凤金银杨沙清高长平黄三红"
_SECOND = "桥河岭塘坪湾店集口埠庄寨洼墩泉沟坡铺渡圩"
_ENDINGS = ("镇", "镇", "镇", "乡", "街道")

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "单解查仇盖区"
)
_COMPOUND = ("欧阳", "司马", "上官", "诸葛")
_ONE = "伟芳敏静磊洋勇艳杰娟涛明超霞平刚英华玉桂鹏斌浩宇晨琳颖峰健博文婷雪飞燕红梅兵辉强军喆堃祎玥"
_TWO = (
    "建国", "志强", "秀英", "海燕", "晓东", "永红", "国庆", "春梅", "立新", "文博", "思远", "雨桐", "嘉怡",
    "子轩", "明哲", "卫东", "玉兰", "长青", "小龙", "丽萍", "德胜", "少华", "景瑞", "云飞", "一帆", "若䶮",
    "沛㛃", "庆祥", "守业", "惠民",
)


def township_names(random: Random) -> Iterator[str]:
    """Names of townships without end, none twice."""
    seen: set[str] = set()
    number = 0
    while True:
        name = random.choice(_FIRST) + random.choice(_SECOND)
        ending = random.choice(_ENDINGS)
        if name in seen:
            number += 1
            if number < 2000:
                continue
            name = f"{name}{random.choice(_FIRST)}"
            if name in seen:
                continue
        seen.add(name)
        yield name + ending


def person_name(random: Random) -> str:
    """A name with one or two given characters; now and then a compound surname or a rare character."""
    surname = random.choice(_COMPOUND) if random.random() < 0.01 else random.choice(_SURNAMES)
    given = random.choice(_ONE) if random.random() < 0.35 else random.choice(_TWO)
    return surname + given
