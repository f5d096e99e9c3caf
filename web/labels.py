"""What a field is called to whoever fills it in: as its own form calls it, else by a general word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jinja2 import Environment, nodes

from web.field_words import FIELD_WORDS
from web.i18n import translate

_MACROS = frozenset({"field", "textarea", "select", "tick", "ticks"})
_LABEL = re.compile(r"""<label[^>]*\bfor="([^"]+)"[^>]*>\s*(?:<span[^>]*>)?\{\{ _\("([^"]+)"\)""")
_CONTROL = re.compile(r"""<(?:input|select|textarea)\b[^>]*?\bid="([^"]+)"[^>]*?\bname="([\w-]+)\"""")
_LEGEND = re.compile(
    r"""<legend[^>]*>(?:<\w+>)?\{\{ _\("([^"]+)"\) (?:(?!</fieldset>).)*?type="(?:radio|checkbox)"[^>]*?\bname="([\w-]+)\"""",
    re.DOTALL,
)
_TICKED = re.compile(r"""<input type="checkbox"[^>]*?\bname="([\w-]+)"[^>]*>(?:<span>)?\{\{ _\("([^"]+)"\)""")
_ASIDE = re.compile(r"\s*[(（][^()（）]*[)）]$|[?？]$")
"""What a label adds in brackets, that it may be left empty for example; and that it is a question."""
_COMPONENTS = "components.html"


class Labels:
    """The labels of forms, read from the templates that draw them.

    Parameters
    ----------
    environment
        Of the templates.
    """

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._read: dict[str, Mapping[str, str]] = {}

    def of(self, template: str) -> Mapping[str, str]:
        """Return what the fields of a template, and of those it takes in, are called: name -> Chinese sentence."""
        known = self._read.get(template)
        if known is None:
            known = self._read[template] = self._labels(template, set())
        return known

    def _labels(self, template: str, seen: set[str]) -> dict[str, str]:
        seen.add(template)
        loader = self._environment.loader
        source = loader.get_source(self._environment, template)[0] if loader else ""
        tree = self._environment.parse(source)
        found: dict[str, str] = {}
        for other in _taken_in(tree):
            if other not in seen and other != _COMPONENTS:
                found |= self._labels(other, seen)
        return found | dict(_written(source)) | dict(_drawn(tree))


def field_label(language: str, name: str, labels: Mapping[str, str] | None = None) -> str:
    """Return what a field is called, without what its label adds in brackets; an unknown one keeps its name.

    Parameters
    ----------
    language
        Of the reader.
    name
        Of the field; one within a list or another field has dots in it.
    labels
        Those of the form in hand, which come before the general words.
    """
    short = ".".join(part for part in name.split(".") if not part.isdigit())
    for one in (name, short, short.rpartition(".")[2]):
        text = (labels or {}).get(one) or FIELD_WORDS.get(one)
        if text:
            return _ASIDE.sub("", translate(language, text))
    return name


def _taken_in(tree: nodes.Template) -> Iterator[str]:
    """Yield the templates that one extends, includes or imports."""
    for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
        template = getattr(node, "template", None)
        if isinstance(template, nodes.Const):
            yield str(template.value)


def _drawn(tree: nodes.Template) -> Iterator[tuple[str, str]]:
    """Yield name and label of each field that a macro draws."""
    for call in tree.find_all(nodes.Call):
        macro = call.node
        if not isinstance(macro, nodes.Getattr) or macro.attr not in _MACROS or len(call.args) < 2:  # noqa: PLR2004 - name and label
            continue
        name, label = call.args[:2]
        within = next((one.value for one in call.kwargs if one.key == "within"), nodes.Const(""))
        if isinstance(name, nodes.Const) and isinstance(within, nodes.Const):
            for text in _sentences(label):
                yield f"{within.value}{name.value}", text
                break


def _sentences(label: nodes.Node) -> Iterator[str]:
    calls = [label] if isinstance(label, nodes.Call) else []
    for call in (*calls, *label.find_all(nodes.Call)):
        if (
            isinstance(call.node, nodes.Name)
            and call.node.name == "_"
            and isinstance(call.args[0], nodes.Const)
        ):
            yield str(call.args[0].value)


def _written(source: str) -> Iterator[tuple[str, str]]:
    """Yield name and label of each box, group of choices and field that a template writes out."""
    yield from _TICKED.findall(source)
    yield from ((name, text) for text, name in _LEGEND.findall(source))
    names = dict(_CONTROL.findall(source))
    for identifier, label in _LABEL.findall(source):
        if identifier in names:
            yield names[identifier], label
