from portal.accounts.models.codes import Code, CodeList, Holiday
from portal.accounts.models.membership import Invitation, Membership
from portal.accounts.models.organisation import Employer, EmployerYear, Organisation, ReportingLine, UnionCoverage
from portal.accounts.models.user import PasswordRecord, SignInEvent, User

__all__ = [
    "Code",
    "CodeList",
    "Employer",
    "EmployerYear",
    "Holiday",
    "Invitation",
    "Membership",
    "Organisation",
    "PasswordRecord",
    "ReportingLine",
    "SignInEvent",
    "UnionCoverage",
    "User",
]
