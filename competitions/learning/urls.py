"""Pages of the room."""

from django.urls import path

from competitions.learning.views import completions, imports, resources

DESK, RECORD, UPLOAD = "desk/learning/", "desk/learning/completions/", "desk/learning/imports/"
urlpatterns = [
    path("public/learning/", resources.PublicLearning.as_view(), name="public.learning"),
    path("public/learning/<int:pk>/file/", resources.PublicLearningFile.as_view(), name="public.learning_file"),
    path(DESK, resources.ResourceList.as_view(), name="learning.list"),
    path(f"{DESK}add/", resources.ResourceAdd.as_view(), name="learning.add"),
    path(f"{DESK}<int:pk>/", resources.ResourceDetail.as_view(), name="learning.detail"),
    path(f"{DESK}<int:pk>/change/", resources.ResourceChange.as_view(), name="learning.change"),
    path(f"{DESK}<int:pk>/publish/", resources.ResourcePublish.as_view(), name="learning.publish"),
    path(f"{DESK}<int:pk>/withdraw/", resources.ResourceWithdraw.as_view(), name="learning.withdraw"),
    path(f"{DESK}<int:pk>/file/", resources.ResourceFile.as_view(), name="learning.file"),
    path(f"{DESK}figures/", completions.CompletionFigures.as_view(), name="completion.figures"),
    path(RECORD, completions.CompletionList.as_view(), name="completion.list"),
    path(f"{RECORD}<int:pk>/", completions.CompletionDetail.as_view(), name="completion.detail"),
    path(f"{RECORD}<int:pk>/remove/", completions.CompletionRemove.as_view(), name="completion.remove"),
    path(UPLOAD, imports.ImportList.as_view(), name="completion_import.list"),
    path(f"{UPLOAD}template/", imports.CompletionTemplate.as_view(), name="completion_import.template"),
    path(f"{UPLOAD}add/", imports.ImportCreate.as_view(), name="completion_import.create"),
    path(f"{UPLOAD}<int:pk>/", imports.ImportDetail.as_view(), name="completion_import.detail"),
    path(f"{UPLOAD}<int:pk>/apply/", imports.ImportApply.as_view(), name="completion_import.apply"),
    path(f"{UPLOAD}<int:pk>/cancel/", imports.ImportCancel.as_view(), name="completion_import.cancel"),
    path(f"{UPLOAD}<int:pk>/errors/", imports.ImportErrors.as_view(), name="completion_import.errors"),
]
