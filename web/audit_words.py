"""Words of the audit log: what its entries are called, and what can be wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_, translate_names
from web.office_words import CHANGE_VERBS, SUBJECT_NAMES
from web.resident_words import LOOK_KINDS

SOURCE_NAMES: Mapping[str, str] = {
    "access": N_("查看和取出"),
    "change": N_("办公改动"),
    "erasure": N_("删除证明"),
    "note": N_("登录与运行"),
}
NOTE_NAMES: Mapping[str, str] = {
    "signed_in": N_("登录"),
    "signed_out": N_("退出登录"),
    "sign_in_failed": N_("登录失败"),
    "code_wrong": N_("一次性密码不对"),
    "password_chosen": N_("设置了新密码"),
    "retention": N_("按期限清理"),
    "retention_done": N_("按期限清理完成"),
    "words_erased": N_("随人删除的文字"),
    "person_export": N_("导出个人全部数据"),
    "key_made": N_("新接口密钥"),
    "key_ended": N_("停用接口密钥"),
    "account_added": N_("命令行新增账号"),
    "account_password": N_("命令行更改密码"),
    "account_barred": N_("命令行停用账号"),
    "hours_corrected": N_("更正服务时长"),
    "redemption_refunded": N_("退回兑换积分"),
}
ACCESS_NAMES: Mapping[str, str] = {
    **LOOK_KINDS,
    "residents_file": N_("取走居民名单"),
    "case": N_("打开案件"),
    "original": N_("查看原始照片"),
    "callback": N_("查看回访电话"),
    "visits": N_("查看走访日志"),
    "mediation": N_("打开调解"),
    "certificate": N_("查看证书编号"),
    "missing": N_("打开寻人"),
    "missing_call": N_("拨打寻人联系电话"),
    "meal_diets": N_("查看忌口"),
    "meal_counter": N_("查看取餐名单"),
    "meal_round": N_("查看送餐路线"),
    "meal_check": N_("查看未开门的一户"),
    "meal_subscriptions": N_("查看订餐名单"),
    "meal_subscriptions_file": N_("取走订餐名单"),
    "meal_subscription": N_("打开订餐"),
    "meal_statement": N_("查看餐费明细"),
    "reward_code": N_("查看兑换码"),
    "export": N_("预约导出文件"),
    "export_file": N_("取走导出文件"),
    "audit": N_("查看审计日志"),
    "audit_file": N_("取走审计日志"),
}
WRONG_NAMES: Mapping[str, str] = {
    "changed": N_("内容被改过"),
    "removed": N_("条目被删除"),
    "inserted": N_("有不是由系统写入的条目"),
    "words_gone": N_("文字被清空，却没有删除记录"),
    "link_changed": N_("链条被改过"),
    "link_missing": N_("链条缺了一节或顺序不对"),
    "cut": N_("链条的末尾被截断"),
    "head_changed": N_("链条末尾的记录被改过"),
    "anchor_differs": N_("与另存的凭证不符"),
}
DATA_NAMES: Mapping[str, str] = {
    "address": N_("地址"),
    "program": N_("程序登录"),
    "hours": N_("小时"),
    "points": N_("积分"),
    "role": N_("角色"),
    "record": N_("档案"),
    "told": N_("所述情况"),
    "photos": N_("照片"),
    "words": N_("文字"),
    "mentions": N_("提到的地方"),
    "originals": N_("原始照片"),
    "parties": N_("当事人"),
    "sessions": N_("调解场次"),
    "old_values": N_("旧值"),
    "suggestions": N_("建议"),
    "meals": N_("订餐"),
    "pictures": N_("附图"),
}
ERASED_NAMES: Mapping[str, str] = {
    "resident": N_("居民档案"),
    "missing": N_("寻人"),
    "person": N_("账号"),
    "mediation": N_("调解"),
}
AUDIT_ERRORS: Mapping[str, str] = {
    "anchor_unreadable": N_("{file} 第 {line} 行不是审计凭证。"),
    "audit_person_unknown": N_("没有这个用户名。"),
    "audit_kind_unknown": N_("没有这一类条目。"),
    "person_at_work": N_("请先停用账号，手上的任务会退回。"),
}


def audit_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the page of the audit log, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    found = translate_names(
        language,
        {
            "source": SOURCE_NAMES,
            "note": NOTE_NAMES,
            "access": ACCESS_NAMES,
            "erasure": ERASED_NAMES,
            "data": DATA_NAMES,
            "subject": SUBJECT_NAMES,
            "verb": CHANGE_VERBS,
        },
    )
    found["change"] = {
        f"{subject}.{verb}": f"{name} · {done}"
        for subject, name in found["subject"].items()
        for verb, done in found["verb"].items()
    }
    return found
