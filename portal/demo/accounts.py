"""The accounts that `make demo` prints: one password for all, fictitious people."""

PASSWORD = "Jingu-Demo-2026"  # noqa: S105 -- printed on every start of the demo; checks.py forbids it in production
TOTP_SECRET = "JINGUDEMOPORTALSECRETKEYABCDEFGH"  # noqa: S105 -- the demo shows its codes on the sign-in page

# (role, user name, password, note); user names are what people type first
DEMO_ACCOUNTS: list[tuple[str, str, str, str]] = [
    ("基层工会·填报", "tianbao", PASSWORD, "天津沽上精工机械有限公司工会，新建和修改申报件"),
    ("基层工会·审核", "jiceng", PASSWORD, "同一单位工会：核对、公示、推荐"),
    ("功能区工会·审核", "kaifaqu", PASSWORD, "天津经济技术开发区总工会"),
    ("区总工会·审核", "binhai", PASSWORD, "滨海新区总工会：排序、公示、推荐"),
    ("区总工会·审核", "jinnan", PASSWORD, "津南区总工会：另一个区，看不到滨海新区的申报件"),
    ("集团公司工会·审核", "jituan", PASSWORD, "津沽机电集团工会"),
    ("市总工会·审核", "shishenhe", PASSWORD, "受理推荐（动态口令显示在登录页）"),
    ("市总工会·管理", "shiguanli", PASSWORD, "届次、评审组织、评选、公示、命名（动态口令显示在登录页）"),
    ("评审专家", "zhuanjia1", PASSWORD, "另有 zhuanjia2 … zhuanjia9（动态口令显示在登录页）"),
    ("联合主办部门·管理", "renshe", PASSWORD, "市人社局：出具联审意见（动态口令显示在登录页）"),
    ("联合主办部门·审核", "fagai", PASSWORD, "市发展和改革委员会：查看双碳竞赛的数据（动态口令显示在登录页）"),
    (
        "外地市级总工会·管理",
        "hebei",
        PASSWORD,
        "河北省总工会：会签京津冀竞赛名单，另有 beijing（动态口令显示在登录页）",
    ),
    ("市总工会·监督", "jiandu", PASSWORD, "查看评审、评选、异议（动态口令显示在登录页）"),
    ("市总工会·审计", "shenji", PASSWORD, "查看全部记录和审计日志（动态口令显示在登录页）"),
]
DEMO_USERNAMES = frozenset(row[1] for row in DEMO_ACCOUNTS) | {"beijing"} | {f"zhuanjia{n}" for n in range(1, 10)}
