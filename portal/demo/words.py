"""Invented people, firms and works that read like real ones. The same seed gives the same words."""

from __future__ import annotations

import random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = [
    "建国",
    "志强",
    "秀英",
    "海燕",
    "明远",
    "思源",
    "立新",
    "文博",
    "晓东",
    "丽华",
    "玉梅",
    "振华",
    "国栋",
    "春生",
    "永康",
    "佳怡",
    "俊杰",
    "雪松",
    "铁军",
    "红梅",
    "宏伟",
    "艳玲",
    "少华",
    "长顺",
    "金凤",
    "学军",
    "文静",
    "浩然",
    "子轩",
    "欣然",
]
PLACES = [
    "沽上",
    "津沽",
    "九河",
    "北洋",
    "海门",
    "直沽",
    "三岔",
    "望海",
    "渤东",
    "潮白",
    "蓟东",
    "独流",
    "芦台",
    "新港",
    "泰丰",
    "滨津",
    "七里",
    "银河",
    "永定",
    "卫津",
]
TRADES: list[tuple[str, str]] = [
    ("精工机械有限公司", "C"), ("轨道装备有限公司", "C"), ("新能源电池有限公司", "C"), ("精细化工有限公司", "C"),
    ("生物制药有限公司", "C"), ("港口物流有限公司", "G"), ("建筑工程有限公司", "E"), ("燃气热力有限公司", "D"),
    ("智能仪表有限公司", "C"), ("船舶修造有限公司", "C"), ("信息技术有限公司", "I"), ("食品有限公司", "C"),
    ("环境科技有限公司", "N"), ("钢管制造有限公司", "C"), ("自行车有限公司", "C"), ("公共交通有限公司", "G"),
]  # fmt: skip
MORE_PLACES = [
    "云帆",
    "禾丰",
    "瑞澜",
    "同曜",
    "启明湾",
    "长芦",
    "汇川",
    "清源河",
    "金穗",
    "东丰台",
    "柳滩",
    "碧漾",
    "沃野",
    "星汉",
    "鹏海",
    "泽润",
    "广渠",
    "安平渡",
    "丰年",
    "恒岳",
    "嘉陵渡",
    "百泉",
    "宏舟",
    "朗润",
    "锦河",
    "双桥河",
    "青泊",
    "白塘",
    "盛泓",
    "远帆",
    "天穆桥",
    "津沃",
    "渤润",
    "河曲",
    "海晏",
    "澄湖",
    "泊云",
    "沽源",
    "杨柳渡",
    "通济",
]
MORE_TRADES: list[tuple[str, str]] = [
    ("橡胶制品有限公司", "C"), ("电梯工程有限公司", "E"), ("冷链物流有限公司", "G"), ("超市连锁有限公司", "F"),
    ("餐饮管理有限公司", "H"), ("物业服务有限公司", "K"), ("检测技术有限公司", "M"), ("农业科技有限公司", "A"),
    ("电缆制造有限公司", "C"), ("印刷包装有限公司", "C"), ("医疗器械有限公司", "C"), ("软件开发有限公司", "I"),
]  # fmt: skip
STREETS = [
    "永安",
    "和顺",
    "学苑",
    "河畔",
    "东兴",
    "西园",
    "长青",
    "泰和",
    "春晖",
    "望河",
    "新开",
    "福源",
    "桃花堤",
    "柳荫",
    "广济",
    "安澜",
    "文昌",
    "同心",
    "金桥",
    "平津",
    "水西",
    "万泉",
    "嘉禾",
    "朝晖",
]


WORKSHOPS = [
    "总装车间",
    "焊接车间",
    "机加车间",
    "动力车间",
    "维修中心",
    "运营部",
    "质检中心",
    "调度室",
    "化验室",
    "客服中心",
]
TEAMS = ["一班", "二班", "甲班", "乙班", "创新班组", "巾帼班组", "青年突击队", "抢修班", "质量攻关组", "数控班"]
PROJECTS = [
    "大道综合管廊工程", "污水处理厂提标改造工程", "冷链物流园一期工程", "轨道交通车辆段工程", "医院新院区工程",
    "产业园标准厂房工程", "港区自动化堆场工程", "变电站扩建工程", "河道综合治理工程", "保障性住房工程",
]  # fmt: skip


def firm(number: int) -> tuple[str, str]:
    """Name and industry of the firm with this number; no two of the first 90,000 are called alike."""
    places, trades = PLACES + MORE_PLACES, TRADES + MORE_TRADES
    place, rest = number % len(places), number // len(places)
    trade, branch = trades[(rest + place) % len(trades)], rest // len(trades)
    return f"天津{places[place]}{_branch(branch)}{trade[0]}", trade[1]


def _branch(number: int) -> str:
    """Nothing for the first, then 东方, 华北 … as firms of one group tell themselves apart."""
    first = ("", "东方", "华北", "新程", "众合", "联创", "中恒", "海天", "金诺", "博远")
    second = ("", "第一", "第二", "第三", "第四", "第五")
    return first[number % len(first)] + second[number // len(first) % len(second)]


OBJECTS = [
    "焊缝",
    "管道内壁",
    "数控机床主轴",
    "变压器油箱",
    "皮带输送机",
    "电梯曳引轮",
    "汽车门板",
    "污水泵站",
    "船体分段",
    "药瓶灯检线",
    "集装箱锁销",
    "燃气调压箱",
    "轨道扣件",
    "锂电池极片",
    "钢管端口",
    "高压开关柜",
]
METHODS = [
    "在线检测装置",
    "快速更换工装",
    "自动清理机构",
    "防错校验方法",
    "节能控制改造",
    "安全联锁装置",
    "一体化吊具",
    "远程监测系统",
    "余热回收装置",
    "降噪减尘装置",
    "柔性夹具",
    "无损修复工艺",
]
HEADS = ["一种", "基于机器视觉的", "便携式", "自适应", "低成本", "免拆卸"]
POSTS = ["高级技师", "技师", "班组长", "工艺员", "维修电工", "焊工", "数控车工", "设备管理员", "质量检验员", "化验员"]
SENTENCES = (
    "针对现场作业效率低、劳动强度大、质量波动的问题，班组反复试验，改进了结构和操作方法。",
    "投入使用以来运行稳定，故障率明显下降，换型时间由四十分钟缩短到十二分钟。",
    "改造费用低，同类设备可以直接套用，已在三条生产线和两家兄弟单位推广。",
    "操作由两人配合改为一人完成，避免了高处作业和接触高温部件，安全风险明显降低。",
    "年节约电能约二十六万千瓦时，减少废品约三百件，经财务部门核算效益真实。",
    "职工参与面广，班组每周开展一次改善讨论，形成了可复制的工作方法。",
)


def person(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(GIVEN)


def work_title(rng: random.Random) -> str:
    return rng.choice(HEADS) + rng.choice(OBJECTS) + rng.choice(METHODS)


def paragraph(rng: random.Random, least: int, most: int) -> str:
    """Running text of at least ``least`` and at most ``most`` characters."""
    text = ""
    while len(text) < max(least, min(most, 90)):
        for sentence in rng.sample(SENTENCES, len(SENTENCES)):
            if len(text) + len(sentence) <= most:
                text += sentence
        if most < min(len(s) for s in SENTENCES):
            return rng.choice(SENTENCES)[:most]
    return text[:most]
