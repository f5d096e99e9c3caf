"""Open311 GeoReport v2: programs of others list services, file requests, and follow them."""

from api.open311.routes import router

__all__ = ["router"]
