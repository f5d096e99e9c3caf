"""Pages: HTML from templates, and forms that work without scripts."""

from fastapi import APIRouter

from api.pages import acting, boards, grids, plates, reporting, signing

router = APIRouter(include_in_schema=False)
for _room in (signing, boards, plates, grids, reporting, acting):
    router.include_router(_room.router)

__all__ = ["router"]
