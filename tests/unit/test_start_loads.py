"""What a start of the service loads: a service that was killed is back sooner without what only some requests need."""

import subprocess
import sys

LATER = (
    "alembic",
    "folium",
    "geopandas",
    "networkx",
    "openpyxl",
    "osmnx",
    "pandas",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.spatial",
    "scipy.special",
    "scipy.stats",
    "sklearn",
)


def test_what_few_requests_need_is_loaded_by_them() -> None:
    code = f"import sys, api.cli.service, api.app, api.life; print(*(one for one in {LATER} if one in sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
