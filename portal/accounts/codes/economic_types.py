"""GB/T 12402-2000 economic types: code, name, and the ownership class that follows from it.

The class decides eligibility for non-public programmes and the ratio groups (domain.md 0.7, 1). It is empty where the type
alone does not decide – a limited company or a company limited by shares may be either – and must be stated for the employer.
"""

PUBLIC, NON_PUBLIC = "public", "non_public"

ECONOMIC_TYPES = (
    ("110", "国有全资", PUBLIC),
    ("120", "集体全资", PUBLIC),
    ("130", "股份合作", ""),
    ("140", "联营", ""),
    ("141", "国有联营", PUBLIC),
    ("142", "集体联营", PUBLIC),
    ("143", "国有与集体联营", PUBLIC),
    ("149", "其他联营", ""),
    ("150", "有限责任（公司）", ""),
    ("151", "国有独资（公司）", PUBLIC),
    ("159", "其他有限责任（公司）", ""),
    ("160", "股份有限（公司）", ""),
    ("170", "私有", NON_PUBLIC),
    ("171", "私有独资", NON_PUBLIC),
    ("172", "私有合伙", NON_PUBLIC),
    ("173", "私营有限责任（公司）", NON_PUBLIC),
    ("174", "私营股份有限（公司）", NON_PUBLIC),
    ("175", "个体经营", NON_PUBLIC),
    ("179", "其他私有", NON_PUBLIC),
    ("190", "其他内资", ""),
    ("200", "港、澳、台投资", NON_PUBLIC),
    ("210", "内地和港、澳或台合资", NON_PUBLIC),
    ("220", "内地和港、澳或台合作", NON_PUBLIC),
    ("230", "港、澳或台独资", NON_PUBLIC),
    ("240", "港、澳或台投资股份有限（公司）", NON_PUBLIC),
    ("290", "其他港、澳、台投资", NON_PUBLIC),
    ("300", "国外投资", NON_PUBLIC),
    ("310", "中外合资", NON_PUBLIC),
    ("320", "中外合作", NON_PUBLIC),
    ("330", "外资", NON_PUBLIC),
    ("340", "国外投资股份有限（公司）", NON_PUBLIC),
    ("390", "其他国外投资", NON_PUBLIC),
    ("900", "其他", ""),
)

_OWNERSHIP = {code: ownership for code, _label, ownership in ECONOMIC_TYPES}


def ownership_of(economic_type: str) -> str:
    """Ownership class (``OwnershipClass`` value) that the type decides, or ``""``."""
    return _OWNERSHIP.get(economic_type, "")
