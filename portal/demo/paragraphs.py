"""Running text of forms: put together from clauses, so that no two units tell the same story in the same words."""

from __future__ import annotations

import random

from portal.demo import words

# Kinds of sentence; each is one choice of every column. Words in braces are the text's own.
KINDS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (
        ("{车间}负责{物}的日常作业，", "过去处理{物}全靠老师傅的手感，", "{物}是全厂停机最多的部位，", "去年一季度{物}连续出了{小}次质量异议，",
         "{月}月份盘点时发现{物}的返修占了工时的{十}%，", "新产品上线以后{物}的节拍跟不上，", "{车间}每班要在{物}旁边守{小}个人，", "用户来厂验收时对{物}提出了意见，"),
        ("一次调整要{十}分钟，", "夏天班后经常加班到晚上{小}点，", "尺寸超差只能等到下道工序才看见，", "备件等货最长{十}天，",
         "新来的徒弟半年还上不了手，", "油污和噪声让大家叫苦，", "稍一疏忽就要整批返工，", "交接班时谁也说不清做到哪一步，"),
        ("大家都想找个省力的办法。", "工会小组长在班前会上提了出来。", "成了车间当年的难点课题。", "职工代表把它写进了提案。",
         "{姓}师傅带着三个人接下了任务。", "班组决定自己动手改。", "厂里为此挂出了攻关榜。", "被列入年度“揭榜挂帅”项目。"),
    ),
    (
        ("我们先用两周把每个动作录下来，", "攻关组查阅了{十}份图纸，", "{姓}师傅画出第一张草图，", "先在废料上试了{十}次，", "请来兄弟单位的技师看了现场，",
         "把{小}年来的故障记录逐条归类，", "借鉴汽车装配线的做法，", "用边角料做了{小}个样件，"),
        ("发现一半时间花在找正上，", "确定把基准移到外圈，", "改用弹簧预紧的浮动结构，", "加装光电开关与主令联锁，", "把两道工序合在一个工位，",
         "在回油口增加一级沉淀，", "用不锈钢滚轮代替滑动，", "把读数引到操作台的显示屏上，"),
        ("前后改了{小}稿才定型。", "{月}月底装机试用。", "试制只花了{百}元。", "图纸由工艺室审核后归档。", "第一版失败后又换了材料。",
         "样机在夜班连续跑了{十}个班次。", "关键件由数控班自己加工。", "调试期间没有影响生产。"),
    ),
    (
        ("投用至今已有{小}个月，", "跟踪了{百}件产品，", "同一台设备前后对比，", "按照财务口径核算，", "质检中心抽查{十}批，", "三个班次轮流验证，",
         "在环境最差的工位上考核，", "对照去年同期，"),
        ("单件工时由{大}秒降到{十}秒，", "一次合格率提高{小}个百分点，", "换型由{大}分钟减到{十}分钟，", "故障停机每月少了{十}小时，",
         "刀具消耗下降{十}%，", "返修品由每月{大}件减为{小}件，", "润滑油少用{百}升，", "等待吊车的时间基本没有了，"),
        ("没有发生一起异议。", "数据由设备部签字确认。", "现场记录可以查。", "达到了立项时的指标。", "比预计的还好一些。", "用户专门来信肯定。",
         "曲线贴在班组园地里。", "{车间}主任签了验收单。"),
    ),
    (
        ("全年省电{百}千瓦时，", "节约材料费{大}万元，", "少外委修理{十}次，", "减少废料{十}吨，", "每班少用一名辅助工，", "库房少压{小}种备件，",
         "提前{十}天交货，", "节约蒸汽{百}吨，"),
        ("扣除改造投入后净增效益{大}万元，", "折合标准煤{十}吨，", "相当于一条线{小}天的产量，", "按月度平均电价计算，", "成本由财务部逐项核对，",
         "不含间接效益，", "按三年折旧摊销，", "其中一半来自减少报废，"),
        ("已写进年度成本分析。", "由审计室复核。", "奖励按办法发给了完成人。", "效益证明附后。", "明年有望再翻一番。", "公司据此调整了定额。",
         "列入厂务公开。", "凭证保存在{车间}。"),
    ),
    (
        ("以前要爬到{小}米高处操作，", "过去手要伸进防护罩，", "更换时得两个人抬{十}公斤的部件，", "原来的做法烫伤过人，", "检修要钻进有限空间，",
         "粉尘最高时超过限值，", "夜里靠手电照明检查，", "钢丝绳断丝不容易发现，"),
        ("现在站在地面就能完成，", "如今罩门一开电源就断，", "改成一个人推着小车更换，", "加了隔热套和温度提示，", "把阀门引到了外面，", "加装吸尘口后降到一半以下，",
         "装了感应灯和缺位提示，", "改为定期自动报警，"),
        ("安环部评估后降了一级风险。", "职业卫生检测合格。", "列入了安全操作规程。", "隐患台账上销了号。", "老职工说干活心里踏实。", "应急演练时也好用。",
         "班前会上人人会讲。", "至今没有险情。"),
    ),
    (
        ("{姓}师傅把要领编成{小}句口诀，", "班组每周三晚上讨论一刻钟，", "工会组织了{小}场现场交流，", "劳模工作室拍了示范视频，", "做法写成作业指导书，",
         "车间按人配了一张卡片，", "团支部建了问题本，", "攻关组给{十}名徒工上了课，"),
        ("{车间}全员都参加了，", "提出改进意见{十}条，", "已有{小}个班组照着做，", "两家兄弟单位前来学习，", "采纳合理化建议{十}条，", "考核合格才能上岗，",
         "年轻人也敢提想法了，", "把经验留在了岗位上，"),
        ("下一步推广到同类设备。", "年底在全公司发布。", "专利正在受理。", "每季度评一次金点子。", "形成了自己改自己用的风气。", "积分计入技能档案。",
         "计划编进新员工教材。", "{物}以外的工序也开始试。"),
    ),
)  # fmt: skip
SHORTEST = 20


def paragraph(rng: random.Random, least: int, most: int) -> str:
    """Running text of at least ``least`` and at most ``most`` characters.

    Draws from ``rng`` what it always drew, so that everything else in the demo stays as it is; the words come from a
    generator of the text's own.
    """
    own = random.Random(_ahead(rng))  # noqa: S311 -- repeatable, not secret
    shape = words.paragraph(rng, least, most)
    slots = {"车间": own.choice(words.WORKSHOPS), "物": own.choice(words.OBJECTS), "姓": own.choice(words.SURNAMES)}
    text, enough = "", max(least, min(most, 90))
    while len(text) < enough:
        before = len(text)
        for kind in own.sample(KINDS, len(KINDS)):
            sentence = _sentence(kind, slots, own)
            if len(text) + len(sentence) <= most:
                text += sentence
        if len(text) == before:  # no sentence fits any more
            return text if len(text) >= max(least, SHORTEST) else shape
    return text


def _sentence(kind: tuple[tuple[str, ...], ...], slots: dict[str, str], own: random.Random) -> str:
    text = "".join(own.choice(clauses) for clauses in kind)
    figures = {
        "小": own.randint(2, 9),
        "十": own.randint(11, 29),
        "大": own.randint(31, 79),
        "百": own.randint(12, 98) * 10,
    }
    for word, value in {**slots, **figures, "月": own.randint(1, 12)}.items():
        text = text.replace(f"{{{word}}}", str(value))
    return text


def _ahead(rng: random.Random) -> int:
    """What the generator would give next, without drawing it."""
    state = rng.getstate()
    number = rng.getrandbits(64)
    rng.setstate(state)
    return number
