"""One sheet as a workbook to be saved."""

from __future__ import annotations

import asyncio
from io import BytesIO

from starlette.responses import Response

from gis.exports.sheets import Sheet, write_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def sheet_answer(sheet: Sheet, name: str) -> Response:
    """Answer with a sheet.

    Parameters
    ----------
    sheet, name
        What, and under which name it is saved, without its ending.
    """
    file = BytesIO()
    await asyncio.to_thread(write_xlsx, file, [sheet])
    named = {"Content-Disposition": f'attachment; filename="{name}.xlsx"'}
    return Response(file.getvalue(), media_type=XLSX, headers=named)
