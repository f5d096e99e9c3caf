"""OGC API Features: areas, buildings, streets, hotspots and cases for QGIS, GDAL and any other client."""

from api.ogc.routes import router

__all__ = ["router"]
