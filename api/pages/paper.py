"""Documents for paper: a page of its own, black on white, with its style inside."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Request

from api.auth import Reader
from api.parts import Parts
from api.routes.session import community_out
from gis.store.session import ReadSession
from gis.views.boards import community_facts
from web.assets import STATIC_FOLDER


async def paper_document(  # noqa: PLR0917 - whose document, by which template, in which language
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    template: str,
    language: str,
    **context: Any,
) -> str:
    """Return a document as HTML that needs nothing else.

    Parameters
    ----------
    request, parts, session, reader
        Whose document.
    template, language, **context
        What it is drawn from.
    """
    style = await asyncio.to_thread((STATIC_FOLDER / "css" / "paper.css").read_text, encoding="utf-8")
    facts = community_out(await community_facts(session, reader.actor.community_id))
    return parts.renderer.page(
        template,
        language=language,
        nonce=request.scope["state"]["nonce"],
        actor=reader.actor,
        csrf=reader.csrf,
        community=facts.model_dump() if facts else None,
        style=style,
        **context,
    )
