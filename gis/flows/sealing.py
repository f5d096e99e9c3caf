"""The vault of this installation, and changing its keys while the service runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import lru_cache

from gis.errors import ConflictError
from gis.sealing import Key, Vault, fresh_key, parse_keys
from gis.sealing.vault import FORMAT, HEAD_BYTES
from gis.settings import Settings
from gis.store.sealed import SealedColumn, SealedRow, heads_in_use, seal_again, sealed_otherwise
from gis.store.sealing_keys import keys_in, write_keys
from gis.store.session import ReadSession, WriteSession

OpenWrite = Callable[[], AbstractAsyncContextManager[WriteSession]]
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key: its id in hexadecimal, whether it is there, whether it seals, and how many texts were sealed with it."""

    key_id: str
    known: bool
    newest: bool
    texts: int


def vault_of(settings: Settings) -> Vault:
    """Return the vault: its keys from the settings, else from the state folder, as they are at this moment.

    Parameters
    ----------
    settings
        The service's own.

    Raises
    ------
    SetupError
        ``sealing_key_invalid``, ``sealing_key_unreadable``.
    """
    return _vault(_keys(settings))


def add_key(settings: Settings) -> Key:
    """Put a new key in front of the others: from now on it seals, the others still open.

    Raises
    ------
    ConflictError
        ``sealing_keys_set``: the keys are in a setting, and are changed there.
    """
    known = _own_keys(settings)
    made = fresh_key()
    write_keys(settings.state, (made, *known))
    return made


async def seal_with_newest(open_write: OpenWrite, settings: Settings, columns: Sequence[SealedColumn]) -> int:
    """Seal everything anew that an older key has sealed, some rows at a time; begun again, it goes on where it was.

    Parameters
    ----------
    open_write
        Opens a transaction.
    settings, columns
        Whose keys, and what is sealed.

    Returns
    -------
    int
        How many texts were sealed anew.
    """
    vault, count = vault_of(settings), 0
    for column in columns:
        while True:
            async with open_write() as session:
                rows = await sealed_otherwise(session, column, vault.head, AT_ONCE)
                if rows:
                    await seal_again(session, column, [_again(vault, column, row) for row in rows])
            count += len(rows)
            if len(rows) < AT_ONCE:
                break
    return count


async def key_uses(session: ReadSession, settings: Settings, columns: Sequence[SealedColumn]) -> list[KeyUse]:
    """Return each key with how much it has sealed, those that are missing as well.

    Parameters
    ----------
    session, settings, columns
        Where, whose keys, and what is sealed.
    """
    counts: Counter[bytes] = Counter()
    for column in columns:
        counts.update(await heads_in_use(session, column, HEAD_BYTES))
    ids = [key.key_id for key in _keys(settings)]
    strange = [head[len(FORMAT) :] for head in counts if head[len(FORMAT) :] not in ids]
    return [
        KeyUse(one.hex(), one in ids, bool(ids) and one == ids[0], counts[FORMAT + one])
        for one in [*ids, *strange]
    ]


async def drop_old_keys(session: ReadSession, settings: Settings, columns: Sequence[SealedColumn]) -> int:
    """Take away the keys that seal nothing any more but the newest, and return how many.

    Raises
    ------
    ConflictError
        ``sealing_key_in_use``; ``sealing_keys_set``.
    """
    known = _own_keys(settings)
    uses = {one.key_id: one for one in await key_uses(session, settings, columns)}
    held = [key for key in known[1:] if uses[key.key_id.hex()].texts]
    if held:
        key_id = held[0].key_id.hex()
        raise ConflictError(
            "seal everything anew first", code="sealing_key_in_use", key=key_id, n=uses[key_id].texts
        )
    write_keys(settings.state, known[:1])
    return len(known) - 1


def _again(vault: Vault, column: SealedColumn, row: SealedRow) -> Mapping[str, object]:
    place = f"{column.place}:{row.key}"
    text = vault.open(row.community_id, place, row.sealed)
    found: dict[str, object] = {
        "community": row.community_id,
        "key": row.key,
        column.column: vault.seal(row.community_id, place, text),
    }
    for name, (kind, plain) in (column.marks(text) if column.marks else {}).items():
        found[name] = vault.mark(row.community_id, kind, plain) if plain else None
    return found


def _keys(settings: Settings) -> tuple[Key, ...]:
    return parse_keys(settings.identity.keys) or keys_in(settings.state)


def _own_keys(settings: Settings) -> tuple[Key, ...]:
    if settings.identity.keys:
        raise ConflictError("the keys are in WEIWANG_IDENTITY__KEYS", code="sealing_keys_set")
    return keys_in(settings.state)


@lru_cache(maxsize=8)
def _vault(keys: tuple[Key, ...]) -> Vault:
    return Vault(keys)
