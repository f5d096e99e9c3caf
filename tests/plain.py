"""For clients of services on this machine, which speak no TLS: to read the machine's certificates takes longer than most requests."""

import ssl

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody."""
