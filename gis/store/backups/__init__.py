"""Copies of everything: the database as one consistent dump, and the photos, each stored once."""

from gis.store.backups.folder import BackupFolder
from gis.store.backups.manifest import DATABASE, Manifest, Stored
from gis.store.backups.programs import dump, load

__all__ = ["DATABASE", "BackupFolder", "Manifest", "Stored", "dump", "load"]
