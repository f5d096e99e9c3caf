"""The login page and signing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import (
    Reader,
    ReaderDep,
    drop_session_cookie,
    maybe_signed_in,
    set_session_cookie,
)
from api.deps import PartsDep
from api.forms import body_of, parse
from api.models import CodeBody, SignInBody
from api.pages.frame import Failure, back_to, redirect, show
from api.parts import Parts
from api.rooms import pages
from api.routes.places import dict_of
from api.routes.session import begin_session, end_session
from api.sign_ins import attempt
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.office.codes import choose_password
from gis.views.boards import communities, has_demo_people

router = pages()


@router.get("/login")
async def get_login(
    request: Request,
    parts: PartsDep,
    reader: Annotated[Reader | None, Depends(maybe_signed_in)],
    next: str = "/",  # noqa: A002 - the parameter's public name
) -> Response:
    """Show the login page; who is signed in already is led on."""
    if reader is not None:
        return redirect(back_to(next, "/"))
    return await _login(request, parts, {}, next)


@router.post("/login")
async def post_login(request: Request, parts: PartsDep) -> Response:
    """Sign in by form."""
    fields = await body_of(request)
    then = back_to(str(fields.pop("next", "")), "/")
    fields.pop("csrf", None)
    try:
        found = await begin_session(request, parts, parse(SignInBody, fields))
    except (WeiwangError, RequestValidationError) as error:
        shown = {name: str(value) for name, value in fields.items() if name != "password"}
        return await _login(request, parts, shown, then, failure=error)
    response = redirect(then)
    set_session_cookie(response, parts.settings, found)
    return response


@router.get("/login/code")
async def get_code(request: Request, parts: PartsDep) -> Response:
    """Show the page on which somebody who was given a code chooses a password."""
    return await _code(request, parts, {})


@router.post("/login/code")
async def post_code(request: Request, parts: PartsDep) -> Response:
    """Set the password of who was given a code."""
    fields = await body_of(request)
    fields.pop("csrf", None)
    try:
        given = parse(CodeBody, fields)
        if given.password != given.again:
            raise InvalidInputError("not the same twice", code="passwords_differ", field="again")
        async with attempt(request, parts, given.username), parts.work() as work:
            await choose_password(work, given.username, given.code, given.password, given.community_id)
    except (WeiwangError, RequestValidationError) as error:
        shown = {name: str(value) for name, value in fields.items() if name not in {"password", "again"}}
        return await _code(request, parts, shown, failure=error)
    return redirect("/login", "password_chosen")


@router.post("/logout")
async def post_logout(reader: ReaderDep, parts: PartsDep) -> Response:
    """Sign out by form."""
    await end_session(parts, reader.token)
    response = redirect("/login", "signed_out")
    drop_session_cookie(response, parts.settings)
    return response


async def _code(
    request: Request, parts: Parts, form: dict[str, str], failure: Failure | None = None
) -> Response:
    async with parts.database.read() as session:
        known = await communities(session)
    return await show(
        request,
        None,
        None,
        "login_code.html",
        failure=failure,
        form=form,
        communities=[dict_of(one) for one in known],
    )


async def _login(
    request: Request, parts: Parts, form: dict[str, str], then: str, failure: Failure | None = None
) -> Response:
    async with parts.database.read() as session:
        known = await communities(session)
        demo = await has_demo_people(session)
    return await show(
        request,
        None,
        None,
        "login.html",
        failure=failure,
        form=form,
        next=back_to(then, "/"),
        demo=demo,
        communities=[dict_of(one) for one in known],
    )
