"""What all answers have in common: names, people, photos."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, computed_field

from web.romanise import place_name


class Answer(BaseModel):
    """Base of answers: made from dataclasses, shown under their public names."""

    model_config = ConfigDict(from_attributes=True, populate_by_name=True)

    def shown(self) -> dict[str, Any]:
        """Return a dict for templates, with times as datetimes."""
        return self.model_dump(by_alias=True)


class Ref(Answer):
    """A place, by code and name; ``name_en`` is how street signs write it for readers of English."""

    code: str
    name: str

    @computed_field  # type: ignore[prop-decorator]
    @property
    def name_en(self) -> str:
        """The name in Latin letters, where it is a street or an address."""
        return place_name("en", self.name)


class PersonRef(Answer):
    """A person."""

    id: UUID
    name: str


class PhotoLink(Answer):
    """A photo: before or after."""

    id: UUID
    kind: str
    view_url: str
    thumb_url: str


def thumb_url(photo_id: UUID | None) -> str | None:
    """Return the address of a photo's thumbnail."""
    return f"/api/v1/photos/{photo_id}/thumb" if photo_id else None


def photo_links(photos: Any) -> list[PhotoLink]:
    """Return photos with the addresses of their renditions."""
    return [
        PhotoLink(
            id=one["id"],
            kind=one["kind"],
            view_url=f"/api/v1/photos/{one['id']}/view",
            thumb_url=f"/api/v1/photos/{one['id']}/thumb",
        )
        for one in photos
    ]
