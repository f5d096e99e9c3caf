"""Errors of backups."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

BACKUPS: Mapping[str, str] = {
    "backup_not_found": N_("{path} 里没有这个备份。"),
    "backup_damaged": N_("备份损坏或不完整。"),
    "backup_format": N_("这个备份是更新的版本做的，请先升级。"),
    "backup_newer": N_("这个备份是更新的版本（{version}）做的，请先升级。"),
    "backup_key_needed": N_("备份已加密，请用 --key 指定密钥文件。"),
    "backup_key_wrong": N_("密钥不对，打不开这个备份。"),
    "backup_folder_unusable": N_("{path} 无法使用。"),
    "backup_under_way": N_("另一个备份正在进行。"),
    "backup_without_tables": N_("还没有可以备份的数据。"),
    "dump_failed": N_("数据库没有备份成功：{reason}"),
    "restore_failed": N_("数据库没有恢复成功：{reason}"),
    "moment_not_covered": N_("没有早于 {at} 的数据库副本，无法恢复到那一刻。"),
    "moment_not_private": N_("--until 只用于自带的数据库；自己的 PostgreSQL 按它的手册恢复。"),
    "moment_beyond": N_("保存的变更没有到 {at} 那么晚，请给出更早的时间。"),
    "tables_too_new": N_("数据库已属于更新的版本（{there}），这个版本不能用。"),
    "restore_target_in_use": N_("这里已有数据：请恢复到空的文件夹或空的数据库。"),
}
