"""The pages of a phone as an app: which files open them without a network, and how the app presents itself."""

from __future__ import annotations

from typing import Any

from web.assets import Assets
from web.i18n import N_, translate

SHELL_SOURCE = "js/worker/offline.js"
ENTRIES = (
    "js/pages/report.js",
    "js/pages/reports.js",
    "js/pages/tasks.js",
    "js/pages/map.js",
    "js/pages/handbook.js",
    "js/pages/visits.js",
    "js/pages/patrols.js",
    "js/pages/visits_round.js",
    "js/pages/meals_round.js",
)
SHEETS = (  # as pages link them: what comes together is one file
    ("tokens", "base", "components"),
    ("choices", "report"),
    ("map", "choices", "pages"),
    ("pages",),
    ("dark",),
    ("map",),
    ("report",),
    ("search",),
    ("tasks",),
    ("areamap",),
    ("service",),
    ("teams",),
    ("visits",),
    ("meals",),
)
WORKERS = ("js/report/shrink_worker.js",)  # asked for without a hash: a worker knows no import map
OTHERS = (
    "vendor/leaflet/leaflet.js",
    "vendor/leaflet/leaflet.css",
    "img/icons.svg",
    "img/mark.svg",
    "img/categories.svg",
)
SIZES = (192, 512)


def shell_files(assets: Assets) -> list[str]:
    """Return the addresses of everything that the pages which open without a network are made of, and of what they open when that is wanted.

    Parameters
    ----------
    assets
        The static files.
    """
    modules = [path for entry in ENTRIES for path in assets.graph(entry)]
    hashed = [assets.url(path) for path in dict.fromkeys((*modules, *OTHERS))]
    styles = [assets.sheet(names) for names in SHEETS]
    return [*hashed, *styles, *(assets.url(path).partition("?")[0] for path in WORKERS)]


def manifest(assets: Assets, language: str) -> dict[str, Any]:
    """Return the manifest of the app.

    Parameters
    ----------
    assets
        The static files.
    language
        Of its reader.
    """
    icons = [
        {
            "src": assets.url(f"img/app-{kind}{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for kind, purpose in (("", "any"), ("maskable-", "maskable"))
        for size in SIZES
    ]
    return {
        "id": "/",
        "name": translate(language, N_("微网 · 随手拍")),
        "short_name": translate(language, N_("微网")),
        "description": translate(language, N_("看到隐患，拍一张就上报；没有网络也能写，联网后自动上传。")),
        "lang": "zh-CN" if language == "zh" else "en",
        "start_url": "/report",
        "scope": "/",
        "display": "standalone",
        "orientation": "portrait",
        "background_color": "#f4f3ee",
        "theme_color": "#0b5f58",
        "icons": icons,
        "shortcuts": [
            {"name": translate(language, N_("上报")), "url": "/report", "icons": icons[:1]},
            {"name": translate(language, N_("我的上报")), "url": "/reports", "icons": icons[:1]},
            {"name": translate(language, N_("任务")), "url": "/tasks", "icons": icons[:1]},
        ],
    }
