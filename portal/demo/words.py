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
