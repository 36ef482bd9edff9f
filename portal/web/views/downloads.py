"""Files go through a view: policy first, honest name and type, never guessed by the browser."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from portal.web.views.base import PageView

# Kinds a browser may show in the page; everything else is always saved.
INLINE_TYPES = frozenset(
    {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp", "video/mp4", "text/plain"}
)


def file_response(file: Any, *, name: str, content_type: str, inline: bool = False) -> FileResponse:
    """Streams an open file under ``name``; ``inline`` only for kinds that cannot carry script."""
    show = inline and content_type in INLINE_TYPES
    response = FileResponse(file, as_attachment=not show, filename=name, content_type=content_type)
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # A file of a user never runs anything, also when it is opened by itself.
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"
    if content_type == "application/pdf":  # the sandbox would stop the browser's own viewer
        response["Content-Security-Policy"] = "default-src 'none'; object-src 'self'; plugin-types application/pdf"
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


class FileDownloadView(PageView):
    """Override ``get_file`` → (open file, name, content type)."""

    abstract = True
    inline: ClassVar[bool] = False

    def get_file(self) -> tuple[Any, str, str]:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            file, name, content_type = self.get_file()
        except FileNotFoundError as error:
            raise Http404 from error
        inline = self.inline or request.GET.get("inline") == "1"
        return file_response(file, name=name, content_type=content_type, inline=inline)
