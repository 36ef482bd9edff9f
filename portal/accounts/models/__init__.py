from portal.accounts.models.codes import Code, CodeList, Holiday
from portal.accounts.models.feed import CalendarFeed
from portal.accounts.models.imports import ImportBatch
from portal.accounts.models.membership import Invitation, Membership
from portal.accounts.models.organisation import Employer, EmployerYear, Organisation, ReportingLine, UnionCoverage
from portal.accounts.models.user import ApiToken, PasswordRecord, SignInEvent, User

from portal.accounts.grants import OrganisationGrant  # isort: skip -- needs the models above

__all__ = [
    "ApiToken",
    "CalendarFeed",
    "Code",
    "CodeList",
    "Employer",
    "EmployerYear",
    "Holiday",
    "ImportBatch",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationGrant",
    "PasswordRecord",
    "ReportingLine",
    "SignInEvent",
    "UnionCoverage",
    "User",
]
