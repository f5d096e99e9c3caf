"""Small charts as SVG, drawn by the server: they need no script, and look the same on paper."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from web.i18n import N_, translate

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 480, 300, 44, 40, 12, 12
SHOWN = 0.5
"""So much of the street length is drawn: nobody repairs more."""
TENTHS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5)


def coverage_chart(
    language: str, length: Sequence[float], ours: Sequence[float], raw: Sequence[float], best: Sequence[float]
) -> Markup:
    """Return the curve "so much street length covers so many later cases".

    Parameters
    ----------
    language
        Of the reader.
    length
        Parts of the street length.
    ours, raw, best
        Parts of the later cases: by our ranking, by counting cases, and by knowing the future.
    """
    shown = [index for index, part in enumerate(length) if part <= SHOWN + 1e-9]

    def line(values: Sequence[float], kind: str) -> Markup:
        points = " ".join(f"{_x(length[index]):.1f},{_y(values[index]):.1f}" for index in shown)
        return Markup('<polyline class="curve {}" points="{}"/>').format(kind, points)

    names = (
        ("ours", translate(language, N_("本排名"))),
        ("raw", translate(language, N_("只数案件"))),
        ("chance", translate(language, N_("随便挑"))),
        ("best", translate(language, N_("事后最优"))),
    )
    return Markup(
        '<figure class="chart"><svg viewBox="0 0 {} {}" role="img" aria-label="{}">{}{}{}{}{}</svg><figcaption class="chart-key">{}</figcaption></figure>'
    ).format(
        WIDTH,
        HEIGHT,
        translate(language, N_("修缮长度与覆盖的后续案件")),
        _axes(language),
        line(best, "best"),
        line(length, "chance"),
        line(raw, "raw"),
        line(ours, "ours"),
        Markup("").join(
            Markup('<span><i class="{}"></i>{}</span>').format(kind, name) for kind, name in names
        ),
    )


def month_chart(months: Sequence[tuple[str, float]], label: str) -> Markup:
    """Return bars, one a month.

    Parameters
    ----------
    months
        What is written below each bar (empty: nothing), and its value.
    label
        What the chart shows.
    """
    most = max((value for _, value in months), default=0.0) or 1.0
    wide = (WIDTH - LEFT - RIGHT) / max(len(months), 1)
    high = HEIGHT / 2
    bars = Markup("").join(
        Markup('<rect class="month-bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>{}').format(
            LEFT + wide * row + wide * 0.12,
            high - BOTTOM - value / most * (high - BOTTOM - TOP),
            wide * 0.76,
            value / most * (high - BOTTOM - TOP),
            Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
                LEFT + wide * (row + 0.5), high - BOTTOM + 18, name
            )
            if name
            else "",
        )
        for row, (name, value) in enumerate(months)
    )
    return Markup(
        '<figure class="chart"><svg viewBox="0 0 {} {}" role="img" aria-label="{}"><text x="{}" y="{}" text-anchor="end">{:g}</text><line class="axis" x1="{}" y1="{}" x2="{}" y2="{}"/>{}</svg></figure>'
    ).format(
        WIDTH,
        int(high),
        label,
        LEFT - 6,
        TOP + 10,
        most,
        LEFT,
        high - BOTTOM,
        WIDTH - RIGHT,
        high - BOTTOM,
        bars,
    )


def _x(part: float) -> float:
    return LEFT + part / SHOWN * (WIDTH - LEFT - RIGHT)


def _y(part: float) -> float:
    return HEIGHT - BOTTOM - part * (HEIGHT - BOTTOM - TOP)


def _axes(language: str) -> Markup:
    parts = [
        Markup(
            '<line class="grid" x1="{}" y1="{:.1f}" x2="{}" y2="{:.1f}"/><text x="{}" y="{:.1f}" text-anchor="end">{}%</text>'
        ).format(LEFT, _y(part), WIDTH - RIGHT, _y(part), LEFT - 6, _y(part) + 4, round(part * 100))
        for part in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    parts += [
        Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}%</text>').format(
            _x(part), HEIGHT - BOTTOM + 16, round(part * 100)
        )
        for part in TENTHS
    ]
    parts.append(
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, translate(language, N_("占街路总长"))
        )
    )
    return Markup("").join(parts)
