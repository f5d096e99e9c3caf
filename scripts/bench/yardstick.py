"""The yardstick: the plainest durable FastAPI application there is, one SQLAlchemy INSERT with a point per request."""

from __future__ import annotations

import asyncio
import hashlib
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import FastAPI, Form, Request, UploadFile
from geoalchemy2 import Geometry
from pydantic import BaseModel
from sqlalchemy import DateTime, Text, Uuid
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from gis.store.session import sqlalchemy_url


class Base(DeclarativeBase):
    """The only table's base."""


class Note(Base):
    """What a yardstick request leaves behind."""

    __tablename__ = "note"
    note_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    category: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    geom: Mapped[Any] = mapped_column(Geometry("POINT", srid=4326))


class Draft(BaseModel):
    """The body of a request: as a report's."""

    id: uuid.UUID
    category: str
    description: str
    lon: float
    lat: float
    datum: str
    accuracy_m: float


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = create_async_engine(sqlalchemy_url(os.environ["YARDSTICK_URL"]), pool_size=12)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    app.state.sessions = async_sessionmaker(engine)
    yield
    await engine.dispose()


app = FastAPI(lifespan=_lifespan)


@app.get("/hello")
async def hello() -> dict[str, str]:
    """Answer without touching the database."""
    return {"hello": "world"}


@app.post("/notes", status_code=201)
async def add(draft: Draft) -> dict[str, str]:
    """Store one row durably."""
    async with app.state.sessions() as session:
        session.add(
            Note(
                note_id=draft.id,
                category=draft.category,
                description=draft.description,
                at=datetime.now(UTC),
                geom=f"SRID=4326;POINT({draft.lon} {draft.lat})",
            )
        )
        await session.commit()
    return {"id": str(draft.id)}


class Picture(Base):
    """What a photo leaves behind, beside its file."""

    __tablename__ = "picture"
    picture_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    sha256: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


@app.post("/photos", status_code=201)
async def add_form(id: Annotated[uuid.UUID, Form()], photo: UploadFile) -> dict[str, str]:  # noqa: A002
    """Store a photo of a form durably, and a row."""
    return await _add_picture(id, await photo.read())


@app.put("/photos/{picture_id}", status_code=201)
async def add_raw(picture_id: uuid.UUID, request: Request) -> dict[str, str]:
    """Store a photo that comes as it is durably, and a row."""
    return await _add_picture(picture_id, await request.body())


async def _add_picture(picture_id: uuid.UUID, data: bytes) -> dict[str, str]:
    sha256 = hashlib.sha256(data).hexdigest()
    await asyncio.to_thread(_keep, Path(os.environ["WEIWANG_YARDSTICK_FOLDER"]) / f"yardstick-{sha256}", data)
    async with app.state.sessions() as session:
        session.add(Picture(picture_id=picture_id, sha256=sha256, at=datetime.now(UTC)))
        await session.commit()
    return {"id": str(picture_id)}


def _keep(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        os.fsync(file.fileno())
