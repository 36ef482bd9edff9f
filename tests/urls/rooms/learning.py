"""培训资源和结业记录."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from competitions.learning.models import Completion, CompletionImport, TrainingResource

TABLE = """
competitions:public.learning               GET  o ooooo ooooo o
competitions:public.learning_file          GET  o ooooo ooooo o
competitions:learning.list                 GET  L ooooo xoooo o
competitions:learning.add                  GET  L ooooo xooxx o
competitions:learning.add                  POST L ooooo xooxx o
competitions:learning.detail               GET  L ooooo .oooo .
competitions:learning.change               GET  L ooxxx .xxxx .
competitions:learning.change               POST L ooxxx .xxxx .
competitions:learning.publish              POST L xoxxx .xxxx .
competitions:learning.withdraw             GET  L xoxxx .xxxx .
competitions:learning.withdraw             POST L xoxxx .xxxx .
competitions:learning.file                 GET  L ooooo .oooo .
competitions:completion.figures            GET  L ooooo xoooo o
competitions:completion.list               GET  L ooooo xoooo o
competitions:completion.detail             GET  L ooooo .oooo .
competitions:completion.remove             GET  L xoxxx .xxxx .
competitions:completion.remove             POST L xoxxx .xxxx .
competitions:completion_import.list        GET  L ooooo xooxx o
competitions:completion_import.template    GET  L ooooo xooxx o
competitions:completion_import.create      GET  L ooooo xooxx o
competitions:completion_import.create      POST L ooooo xooxx o
competitions:completion_import.detail      GET  L ooxxx .xxxx .
competitions:completion_import.apply       POST L ooxxx .xxxx .
competitions:completion_import.cancel      POST L ooxxx .xxxx .
competitions:completion_import.errors      GET  L o.xxx .xxxx .
"""


def keys(world: Any) -> dict[str, dict[str, Any]]:
    tree, now = world.tree, world.now
    common = {
        "owner": tree.unit, "kind": "course", "field": "焊工", "summary": "焊接安全", "audience": "一线焊工",
        "rights_holder": tree.unit.name, "licence": "own", "link": "https://example.org/course",
    }  # fmt: skip
    draft = TrainingResource.objects.create(title="焊接安全操作", **common)
    shown = {"state": "published", "published_at": now, "file_name": "课件.pdf", "content_type": "application/pdf"}
    own = TrainingResource(title="焊接图纸识读", reach="own", shown_path=tree.unit.path, **shown, **common)
    free = TrainingResource(title="安全生产常识", reach="everybody", shown_path=tree.municipal.path, **shown, **common)
    for row in (own, free):
        row.file.save("course.pdf", ContentFile(b"%PDF-1.4"), save=True)
    completion = Completion.objects.create(
        root_path=tree.municipal.path, organisation=tree.unit, name="张示范", id_number="120199199001010018",
        id_index="0" * 64, platform="工匠学堂", course="焊接安全操作", hours=8, finished_on=now.date(),
    )  # fmt: skip
    batch = CompletionImport(
        organisation=tree.unit, file_name="名单.xlsx", sha256="0" * 64, state="checked", rows=1, creates=1,
        uploaded_by=tree.filer.user, uploaded_at=now,
    )  # fmt: skip
    batch.file.save("completions.enc", ContentFile(_sealed()), save=True)
    faulty = CompletionImport(
        organisation=tree.unit, file_name="名单.xlsx", sha256="0" * 64, state="faulty", rows=1, errors=1,
        problems=[{"row": 2, "column": "姓名", "message": "没有填写"}], uploaded_by=tree.filer.user, uploaded_at=now,
    )  # fmt: skip
    faulty.file.save("completions.enc", ContentFile(_sealed()), save=True)
    one = {"pk": batch.pk}
    return {
        "learning.": {"pk": draft.pk},
        "learning.list": {},
        "learning.add": {},
        "learning.withdraw": {"pk": own.pk},
        "learning.file": {"pk": own.pk},
        "public.learning": {},
        "public.learning_file": {"pk": free.pk},
        "completion.": {"pk": completion.pk},
        "completion.list": {},
        "completion.figures": {},
        "completion_import.": one,
        "completion_import.list": {},
        "completion_import.template": {},
        "completion_import.create": {},
        "completion_import.errors": {"pk": faulty.pk},
    }


def _sealed() -> bytes:
    import base64  # noqa: PLC0415 -- only here

    from competitions.learning.workbook import SHEET  # noqa: PLC0415 -- only here
    from portal.accounts.imports.template import template  # noqa: PLC0415 -- only here
    from portal.core.crypto import encrypt  # noqa: PLC0415 -- only here

    return encrypt(base64.b64encode(template(SHEET)).decode()).encode()
