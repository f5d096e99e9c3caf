"""Words of the hotline's files, and the sheet of answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from gis.exports.sheets import Column, Sheet
from gis.store.hotline_imports import AnswerRow
from web.case_words import STATUS_NAMES
from web.i18n import N_, translate

FIELD_NAMES: Mapping[str, str] = {
    "order_number": N_("工单号"),
    "words": N_("诉求内容"),
    "address": N_("地址"),
    "category": N_("类型"),
    "received_at": N_("来电时间"),
    "due_at": N_("办结时限"),
    "callback": N_("回访电话"),
    "detail": N_("补充说明"),
}
IMPORT_STATUS_NAMES: Mapping[str, str] = {
    "looked_at": N_("待确认"),
    "writing": N_("正在写入"),
    "written": N_("已写入"),
    "failed": N_("没有写成"),
    "discarded": N_("已丢弃"),
}
OUTCOMES: Mapping[str, str] = {
    "new": N_("新立案"),
    "unchanged": N_("已有，没有变化"),
    "changed": N_("已有，时限或内容有变更"),
    "doubtful": N_("地址未定，没有写入"),
    "skipped": N_("选择了不导入"),
    "incomplete": N_("缺内容或地址，没有写入"),
    "refused": N_("不能写入"),
}
PROBLEMS: Mapping[str, str] = {
    "words_missing": N_("没有诉求内容，不能写入"),
    "address_missing": N_("没有地址，不能写入"),
    "received_at_unreadable": N_("来电时间看不懂，按导入时间计"),
    "due_at_unreadable": N_("办结时限看不懂，按类别的时限计"),
    "due_before_received": N_("办结时限早于来电时间，按类别的时限计"),
}
ANSWERS = N_("12345 工单答复")
YES, NO, OPEN = N_("是"), N_("否"), N_("办理中")
COLUMNS: Mapping[str, str] = {
    "order_number": N_("工单号"),
    "result": N_("办理结果"),
    "status": N_("状态"),
    "closed_at": N_("结案时间"),
    "on_time": N_("是否按期"),
    "photos": N_("照片数"),
    "received_at": N_("来电时间"),
    "due_at": N_("办结时限"),
    "case_number": N_("案件号"),
    "category": N_("类别"),
    "place": N_("地点"),
}
_MOMENTS = frozenset({"closed_at", "received_at", "due_at"})


def answers_sheet(language: str, rows: Sequence[AnswerRow], zone: ZoneInfo) -> Sheet:
    """Return what the hotline is told of its orders.

    Parameters
    ----------
    language, rows, zone
        Of titles and words; the orders; by whose clock.
    """
    columns = [
        Column(
            key,
            translate(language, title),
            "moment" if key in _MOMENTS else "integer" if key == "photos" else "text",
        )
        for key, title in COLUMNS.items()
    ]
    return Sheet(translate(language, ANSWERS), columns, (_row(language, one) for one in rows), zone)


def _row(language: str, one: AnswerRow) -> tuple[object, ...]:
    return (
        one.order_number,
        one.result,
        translate(language, STATUS_NAMES[one.status]),
        one.closed_at,
        translate(language, _on_time(one)),
        one.photos,
        one.received_at,
        one.due_at,
        one.case_number,
        one.category_en if language == "en" else one.category,
        one.place,
    )


def _on_time(one: AnswerRow) -> str:
    ended = one.done_at or one.closed_at
    if one.status not in {"closed", "rejected", "cancelled"} or ended is None:
        return OPEN
    return YES if one.due_at is None or ended <= one.due_at else NO
