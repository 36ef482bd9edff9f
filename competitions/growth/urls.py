"""Pages of the room."""

from django.urls import path

from competitions.growth.views import drills, mentoring, people

PAIR, DRILL, FILE = "desk/mentoring/", "desk/mentoring/drills/", "desk/growth/"
urlpatterns = [
    path(PAIR, mentoring.MentorshipList.as_view(), name="mentorship.list"),
    path(f"{PAIR}add/", mentoring.MentorshipAdd.as_view(), name="mentorship.add"),
    path(f"{PAIR}figures/", mentoring.MentorshipFigures.as_view(), name="mentorship.figures"),
    path(f"{PAIR}<int:pk>/", mentoring.MentorshipDetail.as_view(), name="mentorship.detail"),
    path(f"{PAIR}<int:pk>/change/", mentoring.MentorshipChange.as_view(), name="mentorship.change"),
    path(f"{PAIR}<int:pk>/sign/", mentoring.MentorshipSign.as_view(), name="mentorship.sign"),
    path(f"{PAIR}<int:pk>/assess/", mentoring.MentorshipAssess.as_view(), name="mentorship.assess"),
    path(f"{PAIR}<int:pk>/terminate/", mentoring.MentorshipTerminate.as_view(), name="mentorship.terminate"),
    path(f"{PAIR}<int:pk>/print/", mentoring.MentorshipPrint.as_view(), name="mentorship.print"),
    path(f"{PAIR}months/<int:pk>/", mentoring.MentorMonthRecord.as_view(), name="mentorship.month"),
    path(DRILL, drills.DrillList.as_view(), name="drill.list"),
    path(f"{DRILL}add/", drills.DrillAdd.as_view(), name="drill.add"),
    path(f"{DRILL}figures/", drills.DrillFigures.as_view(), name="drill.figures"),
    path(f"{DRILL}template/", drills.DrillTemplate.as_view(), name="drill.template"),
    path(f"{DRILL}<int:pk>/", drills.DrillDetail.as_view(), name="drill.detail"),
    path(f"{DRILL}<int:pk>/change/", drills.DrillChange.as_view(), name="drill.change"),
    path(f"{DRILL}<int:pk>/remove/", drills.DrillRemove.as_view(), name="drill.remove"),
    path(f"{DRILL}<int:pk>/result/", drills.DrillResultAdd.as_view(), name="drill.result"),
    path(f"{DRILL}<int:pk>/file/", drills.DrillFileAdd.as_view(), name="drill.file_add"),
    path(f"{DRILL}<int:pk>/import/", drills.DrillImportCreate.as_view(), name="drill.import"),
    path(f"{DRILL}<int:pk>/export/", drills.DrillExport.as_view(), name="drill.export"),
    path(f"{DRILL}results/<int:pk>/remove/", drills.DrillResultRemove.as_view(), name="drill.result_remove"),
    path(f"{DRILL}files/<int:pk>/", drills.DrillFileDownload.as_view(), name="drill.file"),
    path(f"{DRILL}files/<int:pk>/remove/", drills.DrillFileRemove.as_view(), name="drill.file_remove"),
    path(f"{DRILL}imports/<int:pk>/", drills.DrillImportDetail.as_view(), name="drill.import_detail"),
    path(f"{DRILL}imports/<int:pk>/apply/", drills.DrillImportApply.as_view(), name="drill.import_apply"),
    path(f"{DRILL}imports/<int:pk>/cancel/", drills.DrillImportCancel.as_view(), name="drill.import_cancel"),
    path(FILE, people.WorkerFileList.as_view(), name="growth.list"),
    path(f"{FILE}add/", people.WorkerFileAdd.as_view(), name="growth.add"),
    path(f"{FILE}purges/", people.PurgeList.as_view(), name="growth.purges"),
    path(f"{FILE}purges/<int:pk>/", people.PurgeDecide.as_view(), name="growth.decide"),
    path(f"{FILE}<int:pk>/purge/", people.WorkerFilePurge.as_view(), name="growth.purge"),
    path(f"{FILE}<int:pk>/", people.WorkerFileDetail.as_view(), name="growth.detail"),
    path(f"{FILE}<int:pk>/change/", people.WorkerFileChange.as_view(), name="growth.change"),
    path(f"{FILE}<int:pk>/print/", people.WorkerFilePrint.as_view(), name="growth.print"),
]
