"""Records as they are stored, sealed, and as they are read, opened: the one place where both meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from gis.residents.records import Contact, Person
from gis.sealing import Vault
from gis.store.resident_reading import Listed, Marks, Recorded
from gis.store.sealed_columns import ID_MARK, PHONE_MARK

_IDENTITY = ("id_number", "phone", "birth_day")


@dataclass(frozen=True, slots=True)
class Sealed:
    """Seals and opens the records of one community.

    Parameters
    ----------
    vault, community_id
        With which keys, whose.
    """

    vault: Vault
    community_id: str

    def columns(self, resident_id: UUID, person: Person) -> dict[str, Any]:
        """Return a person as columns of the table.

        Parameters
        ----------
        resident_id, person
            Whose record, checked.
        """
        identity = {name: getattr(person, name) for name in _IDENTITY}
        contacts = [[one.name, one.phone, one.relation] for one in person.contacts]
        return {
            "name": self.seal("resident.name", resident_id, person.name),
            "identity": self.seal_json("resident.identity", resident_id, identity),
            "contacts": self.seal_json("resident.contacts", resident_id, contacts),
            "phone_mark": self.mark(PHONE_MARK, person.phone),
            "id_mark": self.mark(ID_MARK, person.id_number),
            "birth_year": person.birth_year,
            "relation": person.relation,
            "flags": sorted(person.flags),
            "moved_out_on": person.moved_out_on,
        }

    def name(self, row: Listed | Recorded) -> str:
        """Return somebody's name.

        Parameters
        ----------
        row
            As stored.
        """
        return self.open("resident.name", row.resident_id, row.name)

    def person(self, row: Recorded) -> Person:
        """Return everything that is recorded of somebody.

        Parameters
        ----------
        row
            As stored.
        """
        identity = self.open_json("resident.identity", row.resident_id, row.identity)
        contacts = self.open_json("resident.contacts", row.resident_id, row.contacts)
        return Person(
            name=self.name(row),
            phone=identity.get("phone", ""),
            id_number=identity.get("id_number", ""),
            birth_year=row.birth_year,
            birth_day=identity.get("birth_day", ""),
            relation=row.relation,
            flags=tuple(row.flags),
            contacts=tuple(Contact(*one) for one in contacts),
            moved_out_on=row.moved_out_on,
        )

    def marks(self, numbers: Mapping[str, str]) -> Marks:
        """Return the marks of whole numbers, by every key.

        Parameters
        ----------
        numbers
            Kind -> number in its plain form.
        """
        found = {kind: self.vault.marks(self.community_id, kind, plain) for kind, plain in numbers.items()}
        return Marks(found.get(PHONE_MARK, ()), found.get(ID_MARK, ()))

    def mark(self, kind: str, plain: str) -> bytes | None:
        """Return the mark of a number, None for none."""
        return self.vault.mark(self.community_id, kind, plain) if plain else None

    def seal(self, place: str, key: UUID, text: str) -> bytes:
        """Seal a text of one row."""
        return self.vault.seal(self.community_id, f"{place}:{key}", text)

    def open(self, place: str, key: UUID, sealed: bytes) -> str:
        """Open a text of one row."""
        return self.vault.open(self.community_id, f"{place}:{key}", sealed)

    def seal_json(self, place: str, key: UUID, value: Any) -> bytes:
        """Seal plain values of one row."""
        return self.seal(place, key, orjson.dumps(value).decode())

    def open_json(self, place: str, key: UUID, sealed: bytes) -> Any:
        """Open plain values of one row."""
        return orjson.loads(self.open(place, key, sealed))
