"""Six guidance templates of the municipal federation, one of them in its second version."""

from __future__ import annotations

import datetime as dt

from competitions.nonpublic.domain import guidance
from portal.accounts.enums import EmergingKind, OwnershipClass, SizeClass
from portal.accounts.models import Organisation
from portal.demo.federation import Federation

DAY = dt.timedelta(days=1)
PRIVATE = [str(OwnershipClass.NON_PUBLIC)]
SMALL = [str(SizeClass.MEDIUM), str(SizeClass.SMALL), str(SizeClass.MICRO)]
REWARDS = "优胜班组、优胜个人由企业发奖金或调休，成绩记入职工技能档案；条件成熟的与技能工资、岗位晋级挂钩。费用从企业职工教育经费和工会经费中列支。"
TEMPLATES = (  # title, kinds, aims, indicators, procedure
    (
        "规模以上民营企业劳动竞赛方案（模板）",
        {"ownerships": PRIVATE, "sizes": [str(SizeClass.LARGE), str(SizeClass.MEDIUM)]},
        "围绕年度生产经营任务，比质量、比效率、比安全、比节约、比创新，让九成以上一线职工参加。",
        "一次交验合格率提高的百分点\n人均产量或工时效率提高比例\n合理化建议人均条数和采纳率\n生产安全责任事故为零",
        (
            "成立由企业主要负责人任主任的竞赛委员会，工会设办公室\n职工代表大会讨论通过方案并公布\n"
            "按车间、班组月月比、季季评，结果张榜公布\n半年检查、年底总结表彰，办理下一年立项"
        ),
    ),
    (
        "中小微制造企业岗位练兵方案（模板）",
        {"ownerships": PRIVATE, "sizes": SMALL},
        "一个工种一场比武，不误生产、就近就便，让职工练得起来、比得起来。",
        "主要工种练兵覆盖率\n比武前后同一工件用时缩短比例\n返工、返修率下降比例",
        (
            "从最影响质量的一个工种做起，写一页纸的评分表\n每周利用班前会练一小时，师傅带徒弟\n"
            "季末在车间现场比武，邀请结对单位技师当裁判\n人数不够的，与园区、街道邻近企业联合举办"
        ),
    ),
    (
        "平台企业网约送餐员服务竞赛方案（模板）",
        {"emerging": [str(EmergingKind.EMPLOYMENT)]},
        "比安全骑行、比服务质量、比互助友爱，减少交通事故和差评，增强归属感。",
        "百万单交通事故数下降比例\n准时率和好评率\n参加安全培训人数占比",
        (
            "由平台合作用工单位工会牵头，站点为单位报名，扫码同意即可参加\n线上学交规、答安全知识，线下比车辆检查和应急处置\n"
            "成绩按自愿公布，不以缩短送达时限作为比赛内容\n在户外劳动者驿站颁奖，发安全装备作奖品"
        ),
    ),
    (
        "货运企业货车司机安全节油竞赛方案（模板）",
        {"emerging": [str(EmergingKind.EIGHT)]},
        "比安全里程、比百公里油耗、比车况，养成安全经济驾驶的习惯。",
        "安全行驶里程\n百公里油耗（按车型分组比较）\n疲劳驾驶报警次数",
        (
            "按车型、线路分组，数据取自车载终端，公示三天无异议后计入\n每月一榜、每季一评，连续两季度前三名参加区级比武\n"
            "没有固定单位的司机由街道、行业工会建群体名单参加"
        ),
    ),
    (
        "物业、保安企业岗位技能比武方案（模板）",
        {"emerging": [str(EmergingKind.EIGHT)], "sizes": SMALL},
        "比消防处置、比设备巡检、比服务规范，提高应急能力。",
        "微型消防站到位时间\n巡检漏项数\n业主满意度",
        (
            "以项目点为单位练兵，每月一次消防演练\n年中集中比武：两盘水带连接、心肺复苏、设备故障判断\n"
            "请街道、消防救援站当裁判，成绩与岗位星级挂钩"
        ),
    ),
    (
        "社会组织服务质量竞赛方案（模板）",
        {"emerging": [str(EmergingKind.SOCIETY)]},
        "比服务项目、比服务对象满意度、比规范管理，促进社会组织健康发展。",
        "服务人次和满意度\n项目按期完成率\n培训学时",
        "由行业工会联合会组织，三家以上联合开展\n服务对象扫码评价，每个二维码限量防刷\n年底评议交流，编印优秀案例",
    ),
)


def templates_of_the_year(federation: Federation) -> None:
    """Drafted by the federation's manager and published; the last stays a draft."""
    owner, actor = Organisation.objects.get(pk=federation.municipal.pk), federation.manager
    for number, (title, kinds, aims, indicators, procedure) in enumerate(TEMPLATES):
        when = federation.now - (240 - 20 * number) * DAY
        facts = {"ownerships": [], "sizes": [], "emerging": [], "layers": [], "title": title, "aims": aims} | kinds
        facts |= {"indicators": indicators, "procedure": procedure, "rewards": REWARDS}
        row = guidance.write_guidance(actor=actor, owner=owner, facts=facts, now=when)
        if number == len(TEMPLATES) - 1:
            continue
        row = guidance.publish_guidance(actor=actor, template=row, now=when + DAY)
        if number == 0:
            later = when + 100 * DAY
            draft = guidance.next_version(actor=actor, template=row, now=later)
            facts["indicators"] += "\n职工参赛率"
            draft = guidance.change_guidance(actor=actor, template=draft, facts=facts, now=later)
            guidance.publish_guidance(actor=actor, template=draft, now=later + DAY)
