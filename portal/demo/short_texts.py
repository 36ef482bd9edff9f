"""What people write into the short questions of a form: codes, names, districts, results – not a sentence cut off."""

from __future__ import annotations

import random

from portal.demo import words

# By the code of the question; what a form calls its questions decides more than their labels.
BY_CODE: dict[str, tuple[str, ...]] = {
    "place": ("滨海新区", "津南区", "西青区、津南区", "东丽区", "北辰区", "武清区"),
    "subdistrict": ("新港街道", "双港镇", "张家窝镇", "军粮城街道", "天津经济技术开发区"),
    "native_place": ("天津", "河北沧州", "山东德州", "河北唐山"),
    "address": ("滨海新区海通路18号", "津南区兴源道6号", "西青区泰和路22号", "北辰区高新大道9号"),
    "business_address": ("滨海新区海通路18号", "津南区兴源道6号", "西青区泰和路22号"),
    "registered_address": ("滨海新区海通路18号", "津南区兴源道6号", "西青区泰和路22号"),
    "association": ("天津市企业联合会", "天津市机械工业协会", "天津市化工行业协会"),
    "award_goal": ("市级优质工程奖", "市级文明工地", "国家优质工程奖"),
    "site_award": ("市级文明工地", "区级文明工地", "绿色施工示范工程"),
    "base_period": ("2024年1—12月，单位产品综合能耗0.42吨标准煤", "2024年全年，万元产值能耗0.31吨标准煤"),
    "benchmark_basis": ("GB 21256—2013", "企业标准 Q/12JG 018—2024", "行业能效标杆水平（2023年版）"),
    "certificate_issuer": ("天津市职业技能鉴定指导中心", "本企业职业技能等级认定机构"),
    "certificate_number": ("1201990000304512", "1201990000308876", "1201990000311209"),
    "contest_result": ("第一名", "第二名", "一等奖"),
    "selection_rank": ("公司选拔赛第一名", "区级选拔赛第二名", "集团选拔赛第三名"),
    "copied_from": ("本单位二车间同类改造", "兄弟单位交流学习"),
    "craft_name": ("盲焊单面成形", "听音辨障", "手工研磨到微米级", "高空带电接线"),
    "covenant": ("人人讲安全、个个会应急", "质量在我手中，安全在我心中"),
    "department": ("设备动力部", "生产制造部", "安全环保部", "质量管理部"),
    "direction": ("机械加工", "电气自动化", "焊接技术", "化工工艺"),
    "major": ("机电一体化，三年级", "数控技术，二年级", "焊接技术与自动化，三年级"),
    "enrolment_number": ("AK2026-0118", "AK2026-0235", "AK2026-0347"),
    "fund_source": ("单位行政拨款和工会经费", "工会经费", "单位职工教育经费"),
    "hazard_place": ("喷漆房", "打磨工位", "配电室", "有限空间（污水池）"),
    "health_note": ("无", "无特殊情况"),
    "implemented_by": ("生产制造部，技术组", "设备动力部，维修班"),
    "income_text": ("每月增加技能津贴600元", "岗位工资上调一级"),
    "indicator_unit": ("千克标准煤/吨", "千瓦时/件", "分钟/次"),
    "innovation_points_text": ("把人工换型改为快速定位夹具", "用视觉检测代替人工目检"),
    "ip_rights": ("归单位所有，完成人享有署名权和奖励", "单位与完成人共有"),
    "leader_title": ("高级工程师", "工程师", "高级技师"),
    "technical_title": ("高级技师", "技师", "工程师", "高级工程师"),
    "occupation": ("数控车工", "焊工", "电工", "钳工", "化工总控工"),
    "lot": ("一标段项目部", "二标段项目部", "主体结构标段"),
    "person_certificate": ("注册安全工程师", "安全生产管理人员证书"),
    "product": ("减速机壳体加工", "线束装配", "铝型材挤压", "罐体焊接"),
    "satisfaction_text": ("发放问卷200份，满意率96%", "职工代表测评满意率95%"),
    "saving_text": ("改造前后同期电表读数相减，乘以电价", "单件节约材料0.6千克，乘以年产量"),
    "support_text": ("无", "相关证明材料见附件"),
    "system": ("市国资系统", "工业和信息化系统", "住房城乡建设系统"),
    "target": ("市级工人先锋号", "区级工人先锋号", "零事故班组"),
    "trigger_note": ("技能竞赛第一名，由组委会推荐", "完成急难险重任务，由主管部门推荐"),
    "visit_days": ("工作日上午", "每周二、周四", "提前三天预约，工作日均可"),
    "visit_note": ("着长袖工服、佩戴安全帽，不得佩戴首饰", "进入车间须穿劳保鞋、戴护目镜"),
    "former_titles": ("天津市技术能手，数控车工，2021年", "无"),
    "penalty": ("无",),
    "punished_text": ("无",),
    "task": ("设备改造与调试", "急难险重抢修任务", "方案设计和试验", "现场施工"),
    "topic": ("提质增效、节能降耗", "安全生产、隐患排查", "保进度、保质量、保安全"),
    "team": ("甲班", "抢修班", "数控班", "质量攻关组"),
    "team_name": ("青年突击队", "创新班组", "抢修班"),
    "contender": ("一车间甲班", "动力车间抢修班", "质量攻关组"),
    "contestant": ("一车间代表队", "动力车间代表队"),
    "joint_units": ("天津柳滩模具有限公司、天津海门铸造有限公司",),
    "model_name": ("“五步换型法”", "“班前十分钟”安全法"),
    # columns of tables
    "activity": ("岗位练兵", "技能比武", "合理化建议征集", "隐患排查"),
    "after": ("12分钟", "合格率99.2%", "每班2人"),
    "before": ("40分钟", "合格率96.5%", "每班4人"),
    "base": ("102", "96.5%", "3次"),
    "last": ("102", "96.5%", "3次"),
    "this": ("118", "98.9%", "1次"),
    "done": ("118", "98.9%", "已完成"),
    "value": ("98.9%", "118", "0.42"),
    "goal": ("合格率不低于98%", "全年无事故", "按期完成"),
    "award": ("一等奖", "优秀组织奖", "技术能手"),
    "detail": ("材料和配件", "试验检测", "资料印制", "专家指导"),
    "effect": ("换型时间缩短七成", "废品率下降一半", "年节电26万千瓦时"),
    "event": ("数控车工", "焊工", "电工"),
    "fact": ("符合，材料见附件", "连续三年考核优秀", "有两项成果获区级以上奖励"),
    "finding": ("通道堆放物料", "临时用电不规范", "灭火器过期"),
    "grantor": ("天津市总工会", "滨海新区总工会", "中共天津市委组织部"),
    "issuer": ("天津市总工会", "滨海新区总工会"),
    "indicator": ("人均产量", "一次合格率", "设备故障停机时间", "单位能耗"),
    "kind": ("技术革新", "质量改进", "安全管理"),
    "level": ("市级", "区级", "单位级"),
    "output": ("图纸一套、样机一台", "验收报告", "操作规程一份"),
    "proof": ("设备动力部验收单", "财务部门核算单"),
    "rank": ("第一名", "第二名", "第三名"),
    "result": ("第一名", "二等奖", "96分"),
    "role": ("总体设计", "结构设计", "现场调试", "数据整理"),
    "share": ("总体设计和现场调试", "结构设计", "数据采集和分析"),
    "source": ("生产报表", "财务账目", "计量仪表"),
    "standard": ("组织健全、活动经常", "每季度不少于一次", "全员参加"),
    "subject": ("理论知识", "实际操作", "安全规程"),
    "text": ("采用快速定位结构", "增加在线检测", "改人工搬运为机械臂"),
    "title": ("岗位练兵活动", "技能比武活动", "质量攻关课题"),
    "contest": ("公司职工技能大赛", "区级焊工技能竞赛", "“海河工匠杯”数控车工赛项"),
    "holder": ("本单位", "完成人所在单位"),
    "studio": ("焊接技术创新工作室", "数控加工创新工作室", "电气自动化创新工作室"),
    "what": ("召开动员会", "组织现场观摩", "开展岗位练兵", "总结表彰"),
}  # fmt: skip
# Columns are often called just “name”: then the label says what of.
BY_LABEL: dict[str, tuple[str, ...]] = {
    "荣誉名称": ("天津市工人先锋号", "区级先进集体", "天津市五一劳动奖章", "单位先进班组"),
    "奖项名称": ("一等奖", "优秀组织奖", "技术能手"),
    "竞赛名称": ("公司职工技能大赛", "区级焊工技能竞赛", "“安康杯”竞赛"),
    "活动名称": ("班前安全十分钟", "岗位练兵月", "合理化建议征集"),
    "活动": ("班前安全十分钟", "岗位练兵月", "合理化建议征集"),
    "项目名称": ("一号生产线改造工程", "智能仓储项目", "污水处理提标工程"),
    "项目": ("人均产量", "质量合格率", "安全生产天数"),
    "成果": ("快速定位夹具", "焊缝在线检测装置", "物料自动转运小车"),
    "指标": ("人均产量", "一次合格率", "设备故障停机时间", "单位能耗"),
    "节点": ("基础完工", "主体封顶", "设备安装", "试运行"),
    "事项": ("方案论证", "样机试制", "现场试用", "总结推广"),
    "班组、姓名": ("抢修班 周海燕", "数控班 李建国", "甲班 王文博"),
}
PEOPLE = ("负责人", "主任", "领队", "教练", "检查员", "提出人", "领衔人", "主席", "班组长", "项目经理", "联系人")
FIRMS = ("单位", "建设单位", "总承包", "监理")


def short_text(code: str, label: str, rng: random.Random, otherwise: str) -> str:
    """An answer for the question; ``otherwise`` where we have none. Draws nothing from ``rng``: it looks at what would
    come next, so that everything else in the demo stays as it is.
    """
    state = rng.getstate()[1]  # the generator's own words and where it stands in them
    peek = state[state[-1] % (len(state) - 1)] >> 3
    if code.endswith("project_code"):
        return f"2024-1201{10 + peek % 9}-{10 + peek % 80}-01-{100000 + peek % 900000}"
    if code == "studio_number":
        return f"津工发〔202{peek % 5}〕{10 + peek % 80}号"
    if any(word in label for word in FIRMS) and not any(word in label for word in ("成果", "授予", "证明", "称号")):
        return words.firm(peek % 5_000)[0]
    known = BY_LABEL.get(label) or BY_CODE.get(code)
    if known:
        return known[peek % len(known)]
    if any(word in label for word in PEOPLE):
        return words.SURNAMES[peek % len(words.SURNAMES)] + words.GIVEN[peek // 7 % len(words.GIVEN)]
    return otherwise
