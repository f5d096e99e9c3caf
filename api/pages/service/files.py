"""Files of the pages of service and care."""

from __future__ import annotations

from urllib.parse import quote

from starlette.responses import Response

from gis.store.session import ReadSession
from gis.views import boards

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}


def named_file(data: bytes, kind: str, name: str) -> Response:
    """Answer with a file under a name of its own."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{kind}', safe='')}"}
    return Response(data, media_type=MEDIA_TYPES[kind], headers=headers)


async def category_names(session: ReadSession, community_id: str, language: str) -> dict[str, str]:
    """Return what the community calls its categories, by code."""
    found = await boards.categories(session, community_id)
    return {one.code: (one.name_en if language == "en" else "") or one.name for one in found}
