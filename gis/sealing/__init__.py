"""Encryption of what is written of people: identity, contacts, words said in confidence. Pure; keys are passed in."""

from gis.sealing.keys import Key, fresh_key, parse_keys
from gis.sealing.vault import Vault

__all__ = ["Key", "Vault", "fresh_key", "parse_keys"]
