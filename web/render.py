"""Pages from templates: Jinja2 with every value escaped, bound to a language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gis.words import Actor
from web import messages
from web.assets import STATIC_FOLDER, Assets
from web.audit_words import audit_names
from web.case_words import STATUS_NAMES
from web.compiled import compiled_templates
from web.i18n import (
    LANGUAGES,
    format_counted,
    format_day,
    format_duration,
    format_moment,
    format_month,
    format_number,
    translate,
)
from web.labels import Labels
from web.meal_words import meal_names
from web.mediation_words import mediation_names
from web.notices import notice_title
from web.office_words import office_names
from web.planning_words import planning_names
from web.resident_words import resident_names
from web.retention_words import retention_names
from web.romanise import place_name
from web.service_words import service_names
from web.station_words import station_names
from web.team_words import team_names
from web.visit_words import visit_names

TEMPLATE_FOLDER = Path(__file__).parent / "templates"
LOOKS: Mapping[str, tuple[str, ...]] = {"theme": ("auto", "light", "dark"), "text": ("normal", "large")}
"""How a page may look, the usual first: by the machine's own setting, always light, always dark; the size of type."""
# What a template may count on even where a route has nothing to say about it.
_DEFAULTS: Mapping[str, Any] = {
    "community": None,
    "pages": (),
    "path": "",
    "area": "",
    "notice": None,
    "problem": None,
    "errors": {},
    "form": {},
    "config": {},
    "language_links": {},
    "look": {name: values[0] for name, values in LOOKS.items()},
    "look_links": {},
    "retry": {},
    "branding": {"colour": "", "phone": "", "icp": "", "logo": None},
    "categories": (),
    "agencies": (),
    "addresses": (),
    "plate": None,
    "colleagues": {},
    "unread": 0,
}


class Renderer:
    """Turns a template's name and its context into a page.

    Parameters
    ----------
    assets_folder
        The static files that pages link, by default those of this package.
    """

    def __init__(self, assets_folder: Path = STATIC_FOLDER) -> None:
        self.assets = Assets(assets_folder)
        self._environments = {language: self._environment(language) for language in LANGUAGES}
        self._labels = Labels(self._environments[LANGUAGES[0]])

    def page(
        self, template: str, *, language: str, nonce: str, actor: Actor | None, csrf: str, **context: Any
    ) -> str:
        """Return a whole HTML document.

        Parameters
        ----------
        template
            File name in ``web/templates``.
        language
            Of the reader.
        nonce
            The one that the answer's Content-Security-Policy names.
        actor
            Who is signed in.
        csrf
            Secret of the session for forms.
        **context
            What the template shows; a name it lacks is an error, not an empty place.
        """
        values = {**_DEFAULTS, **context}
        timezone = values["community"]["timezone"] if values["community"] else "Asia/Shanghai"
        return (
            self._environments[language]
            .get_template(template)
            .render(
                values,
                language=language,
                nonce=nonce,
                actor=actor,
                csrf=csrf,
                when=partial(_when, language, timezone),
                moment=partial(_moment, language, timezone),
                category_names=_names(language, values["categories"]),
                agency_names=_names(language, values["agencies"]),
            )
        )

    def labels(self, template: str, within: str = "") -> Mapping[str, str]:
        """Return what a page calls the fields of its forms, in Chinese.

        Parameters
        ----------
        template
            The page.
        within
            The form, where the page has several with fields of one name.
        """
        found = self._labels.of(template)
        own = {name.removeprefix(within): text for name, text in found.items() if name.startswith(within)}
        return {**found, **own}

    def environment(self, language: str) -> Environment:
        """Return the templates of a language, for documents that aren't pages."""
        return self._environments[language]

    def _environment(self, language: str) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(TEMPLATE_FOLDER),
            bytecode_cache=compiled_templates(TEMPLATE_FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "sort_keys": False}
        environment.globals |= {
            "_": partial(translate, language),
            "duration": partial(format_duration, language),
            "day": partial(format_day, language),
            "month_name": partial(format_month, language),
            "number": partial(format_number, language),
            "counted": partial(format_counted, language),
            "named": partial(_named, language),
            "static": self.assets.url,
            "modules": self.assets.at_once,
            "soon": self.assets.soon,
            "sheet": self.assets.sheet,
            "drawn": self.assets.symbols,
            "import_map": self.assets.import_map,
            "page_words": partial(self._words, language),
            "page_names": partial(self._names_read, messages.names(language)),
            "names": messages.names(language),
            "office": office_names(language),
            "sentence": partial(messages.error_sentence, language),
            "kind_name": partial(notice_title, language),
            "place_name": partial(place_name, language),
            "planning": planning_names(language),
            "service": service_names(language),
            "residents": resident_names(language),
            "visiting": visit_names(language),
            "team_names": team_names(language),
            "mediating": mediation_names(language),
            "meals": meal_names(language),
            "minding": station_names(language),
            "auditing": audit_names(language),
            "retaining": retention_names(language),
            "choices": partial(_choices, language),
            "status_choices": partial(_status_choices, language),
            "explain": partial(messages.dispatch_reason, language),
            "phrases": partial(messages.phrases, language),
        }
        return environment

    def _words(self, language: str, entry: str) -> dict[str, str]:
        if language == LANGUAGES[0]:
            return {}
        return {text: translate(language, text) for text in self.assets.strings(entry)}

    def _names_read(self, names: Mapping[str, Mapping[str, str]], entry: str) -> dict[str, Mapping[str, str]]:
        read = self.assets.names(entry)
        return {kind: table for kind, table in names.items() if kind in read}


@cache
def renderer() -> Renderer:
    """Return the one of this process: templates are compiled once."""
    return Renderer()


def _when(language: str, timezone: str, moment: datetime | None, *, year: bool = False) -> str:
    return format_moment(language, moment, timezone, year=year)


def _moment(language: str, timezone: str, text: str) -> str:
    """Return a moment that an event has stored as text."""
    return format_moment(language, datetime.fromisoformat(text), timezone)


def _named(language: str, thing: Mapping[str, Any] | None) -> str:
    """Return the name of anything with ``name`` and perhaps ``name_en``, else its code."""
    if thing is None:
        return ""
    own = str(thing["name"] or thing.get("code", ""))
    return str(thing.get("name_en") or own) if language == "en" else own


def _choices(language: str, things: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    return [(thing["code"], _named(language, thing)) for thing in things]


def _status_choices(language: str, statuses: Iterable[str]) -> list[tuple[str, str]]:
    return [(status, translate(language, STATUS_NAMES[status])) for status in statuses]


def _names(language: str, things: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return dict(_choices(language, things))
