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
    "resident_not_found": N_("没有这份档案，或者不在您负责的范围内。"),
    "household_not_found": N_("没有这一户，或者不在您负责的范围内。"),
    "suggestion_not_found": N_("没有这条建议，或者不在您负责的范围内。"),
    "suggestions_none": N_("请先勾选要处理的建议。"),
    "suggestions_too_many": N_("一次最多处理 {limit} 条建议。"),
    "id_used": N_("这个编号已经用于别的记录，请刷新后再试。"),
    "id_number_recorded": N_("这个身份证号已经登记在另一份档案里。"),
    "id_number_invalid": N_("身份证号不对，请检查 18 位号码。"),
    "birth_year_invalid": N_("出生年份不对。"),
    "birth_day_invalid": N_("生日请写成“月-日”，例如 03-05。"),
    "birth_differs": N_("出生日期和身份证号不一致。"),
    "birth_invalid": N_("出生日期看不懂，请写成 1946 或 1946-03-05。"),
    "day_invalid": N_("日期看不懂，请写成 2026-06-03。"),
    "day_in_future": N_("日期不能在将来。"),
    "relation_unknown": N_("没有这种关系，请从列表里选。"),
    "flag_unknown": N_("没有“{flag}”这个关怀标记。"),
    "flag_code": N_("编号用小写字母、数字和下划线，以字母开头。"),
    "flag_taken": N_("这个编号是固定的关怀标记，请换一个。"),
    "flags_too_many": N_("最多 {limit} 个自定义标记。"),
    "purpose_unknown": N_("请选择登记的用途。"),
    "how_unknown": N_("请选择怎样表示的同意。"),
    "said_by_unknown": N_("请选择由谁表示的同意。"),
    "tenure_unknown": N_("请选择自有、租住或其他。"),
    "contact_incomplete": N_("紧急联系人要有姓名和电话。"),
    "contacts_too_many": N_("最多 {limit} 位紧急联系人。"),
    "no_number": N_("没有登记这个电话。"),
    "resident_twice": N_("同一户里这个人在表里出现了两次。"),
    "resident_elsewhere": N_("这个身份证号登记在另一户，请先在那里办理迁出。"),
    "account_joined": N_("这个账号已经关联了另一份档案。"),
    "missing_not_found": N_("没有这次寻人，或者没有叫到您，或者已经结束。"),
    "street_not_of_search": N_("这段路不在搜寻范围里。"),
    "search_over": N_("这次寻人已经结束。"),
    "outcome_unknown": N_("请选择找到了，还是不找了。"),
    "seen_in_future": N_("最后看到的时间不能在将来。"),
}
