"""Words of residents' records: flags, relations, kinds of looks; and the table that an office sends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from web.i18n import LANGUAGES, N_, translate, translate_names

FLAG_NAMES: Mapping[str, str] = {
    "age80": N_("80 岁以上"),
    "age90": N_("90 岁以上"),
    "lives_alone": N_("独居"),
    "mobility": N_("行动不便"),
    "dementia": N_("认知障碍"),
}
RELATION_NAMES: Mapping[str, str] = {
    "head": N_("户主"),
    "spouse": N_("配偶"),
    "child": N_("子女"),
    "parent": N_("父母"),
    "grandchild": N_("孙辈"),
    "lodger": N_("租客"),
    "other": N_("其他"),
}
TENURE_NAMES: Mapping[str, str] = {
    "owner": N_("自有"),
    "tenant": N_("租住"),
    "other": N_("其他"),
    "unknown": N_("不清楚"),
}
PURPOSE_NAMES: Mapping[str, str] = {
    "care": N_("关爱服务"),
    "safety": N_("安全管理"),
    "service": N_("便民服务"),
}
HOW_NAMES: Mapping[str, str] = {"written": N_("书面"), "spoken": N_("口头"), "online": N_("网上")}
SAID_BY_NAMES: Mapping[str, str] = {"self": N_("本人"), "family": N_("家人"), "guardian": N_("监护人")}
LOOK_KINDS: Mapping[str, str] = {
    "resident_listed": N_("在列表里看到"),
    "resident": N_("打开档案"),
    "resident_number": N_("查看身份证号"),
    "resident_call": N_("拨打电话"),
    "resident_export": N_("导出档案"),
    "resident_file": N_("随名单导出"),
}
CHANGE_KINDS: Mapping[str, str] = {
    "added": N_("登记"),
    "changed": N_("修改"),
    "moved_in": N_("迁回"),
    "moved_out": N_("迁出"),
    "consent": N_("同意情况"),
    "erased": N_("删除"),
    "imported": N_("表格导入"),
}
PERSON_FIELDS: Mapping[str, str] = {
    "name": N_("姓名"),
    "phone": N_("电话"),
    "id_number": N_("身份证号"),
    "birth_year": N_("出生年份"),
    "birth_day": N_("生日"),
    "relation": N_("与户主关系"),
    "flags": N_("关怀标记"),
    "contacts": N_("紧急联系人"),
    "moved_out_on": N_("迁出日期"),
    "purpose": N_("登记用途"),
    "source": N_("信息来源"),
    "recorded_on": N_("登记日期"),
    "tenure": N_("房屋"),
    "note": N_("备注"),
    "account_id": N_("账号"),
    "care": N_("关爱服务"),
    "safety": N_("安全管理"),
    "service": N_("便民服务"),
}
SUGGESTION_STATES: Mapping[str, str] = {
    "open": N_("待处理"),
    "approved": N_("已采纳"),
    "declined": N_("未采纳"),
}
SEARCH_STATES: Mapping[str, str] = {
    "searching": N_("正在找"),
    "found": N_("找到了"),
    "stood_down": N_("已解除"),
}
KEPT_WHY: Mapping[str, str] = {
    "evidence_of_lawfulness": N_("证明当时取得过同意"),
    "accountability": N_("证明谁看过、谁改过"),
}
KEPT_KINDS: Mapping[str, str] = {
    "consents": N_("同意记录"),
    "looks": N_("查看记录"),
    "changes": N_("改动的时间和经办人"),
    "record": N_("档案"),
    "old_values": N_("改动前后的内容"),
    "suggestions": N_("建议的内容"),
    "photos": N_("照片"),
    "told": N_("姓名和体貌描述"),
    "calls": N_("集结记录"),
}
ERASURE_KINDS: Mapping[str, str] = {"resident": N_("居民档案"), "missing": N_("寻人信息")}
SECTION_NAMES: Mapping[str, str] = {
    "people": N_("档案"),
    "suggestions": N_("建议"),
    "updates": N_("更新"),
    "import": N_("导入"),
    "flags": N_("关怀标记"),
    "looks": N_("谁看过"),
    "erasures": N_("删除与保存"),
}
RESIDENT_NOTICES: Mapping[str, str] = {
    "household_kept": N_("这一户已保存。"),
    "resident_kept": N_("档案已保存。"),
    "resident_same": N_("没有改动。"),
    "suggestion_sent": N_("建议已交给网格员。"),
    "suggestions_decided": N_("已处理。"),
    "consent_kept": N_("已记录。"),
    "resident_erased": N_("档案已删除，删除证明在“删除与保存”里。"),
    "residents_imported": N_("已写入。"),
    "flag_kept": N_("标记已保存。"),
    "account_joined": N_("账号已保存。"),
    "search_begun": N_("已经通知附近的人。"),
    "search_ended": N_("已通知所有被叫到的人。"),
    "street_searched": N_("已标记搜过。"),
    "street_open": N_("已撤回。"),
}
COLUMN_TITLES: Mapping[str, str] = {
    "address": N_("地址"),
    "unit": N_("单元"),
    "flat": N_("房号"),
    "name": N_("姓名"),
    "relation": N_("与户主关系"),
    "phone": N_("电话"),
    "id_number": N_("身份证号"),
    "birth": N_("出生日期"),
    "flags": N_("关怀标记"),
    "contact_name": N_("紧急联系人"),
    "contact_phone": N_("紧急联系人电话"),
    "contact_relation": N_("紧急联系人关系"),
    "purpose": N_("登记用途"),
    "source": N_("信息来源"),
    "recorded_on": N_("登记日期"),
}
ALSO: Mapping[str, Sequence[str]] = {
    "address": ("楼栋", "门牌", "楼栋地址"),
    "unit": ("单元号",),
    "flat": ("室", "门牌号", "房间号"),
    "phone": ("手机", "手机号", "联系电话"),
    "id_number": ("身份证", "证件号码"),
    "birth": ("出生年月", "出生年份", "生日"),
    "flags": ("人员类别", "标签"),
    "recorded_on": ("日期",),
}
EXAMPLE: Sequence[Sequence[str]] = (
    tuple(COLUMN_TITLES.values()),
    ("八经街46号", "2", "301", "王秀英", "户主", "13800001234", "", "1946-03-05", "独居、行动不便", "王强", "13900005678", "儿子", "关爱服务", "入户登记", "2026-06-01"),
)  # fmt: skip


def resident_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of residents, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    kinds = {
        "flag": FLAG_NAMES,
        "relation": RELATION_NAMES,
        "tenure": TENURE_NAMES,
        "purpose": PURPOSE_NAMES,
        "how": HOW_NAMES,
        "said_by": SAID_BY_NAMES,
        "look": LOOK_KINDS,
        "change": CHANGE_KINDS,
        "field": PERSON_FIELDS,
        "state": SUGGESTION_STATES,
        "search": SEARCH_STATES,
        "why": KEPT_WHY,
        "kept": KEPT_KINDS,
        "erasure": ERASURE_KINDS,
        "section": SECTION_NAMES,
        "notice": RESIDENT_NOTICES,
        "column": COLUMN_TITLES,
    }
    return translate_names(language, kinds)


def flag_words() -> dict[str, str]:
    """Return what flags are called in any language -> flag: for searches and tables."""
    return dict(_flag_words())


@cache
def _flag_words() -> dict[str, str]:
    found = {code: code for code in FLAG_NAMES}
    for language in LANGUAGES:
        for code, name in FLAG_NAMES.items():
            found[translate(language, name).lower().replace(" ", "")] = code
    return found


def headings() -> dict[str, str]:
    """Return what people write above a column -> the column."""
    found = {name: name for name in COLUMN_TITLES}
    for column, title in COLUMN_TITLES.items():
        for text in (*(translate(language, title) for language in LANGUAGES), *ALSO.get(column, ())):
            found.setdefault(text.lower(), column)
    return found


def meanings() -> dict[str, dict[str, str]]:
    """Return, for each column that holds words of the service, what people write -> the word."""
    tables = {"relation": RELATION_NAMES, "purpose": PURPOSE_NAMES}
    found = {
        column: {
            text.lower(): code
            for code, name in table.items()
            for text in (code, *(translate(language, name) for language in LANGUAGES))
        }
        for column, table in tables.items()
    }
    return {**found, "flags": flag_words()}
