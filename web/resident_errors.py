"""Errors of residents' records, of searches for missing people, and of the keys that seal what is written of people."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

RESIDENTS: Mapping[str, str] = {
    "sealing_key_missing": N_("缺少解密用的密钥 {key}，请把密钥文件放回状态文件夹。"),
    "sealing_key_invalid": N_("密钥应是 {bytes} 个随机字节的 base64，一行一个。"),
    "sealing_key_unreadable": N_("密钥文件读不了，请检查状态文件夹。"),
    "sealing_key_in_use": N_("密钥 {key} 还有 {n} 处在用，请先重新加密。"),
    "sealing_keys_set": N_("密钥写在设置里，请在那里更换。"),
    "sealed_damaged": N_("加密的内容被改动过，无法读取。"),
}
