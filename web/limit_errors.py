"""Errors of whoever asks for too much: photos that are too costly, too many requests."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

LIMITS: Mapping[str, str] = {
    "photo_too_costly": N_("这张照片打开所需的内存或时间太多，请重新拍一张，或另存为 JPEG。"),
    "body_stalled": N_("等了太久，内容没有传完，请重新发送。"),
    "title_408": N_("传输中断"),
}
