"""Errors of what goes past one machine."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

SCALE: Mapping[str, str] = {
    "bucket_unusable": N_("照片的存储桶不能使用，请检查 WEIWANG_BUCKET 各项设置。"),
    "citus_missing": N_("数据库没有装好 Citus 扩展。"),
    "month_unknown": N_("没有 {month} 这一部分。"),
    "month_too_young": N_("{month} 还不够久：满 {months} 个月才可以移出。"),
}
