"""Words of the frame and of the office's own pages: not given to scripts, so that a rider's page doesn't carry them."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import LANGUAGES, N_, translate, translate_names
from web.people_words import ROLE_NAMES, SKILL_NAMES
from web.place_words import MODE_NAMES

LOOK_NAMES: Mapping[str, str] = {
    "theme": N_("明暗"),
    "auto": N_("自动"),
    "light": N_("浅色"),
    "dark": N_("深色"),
    "text": N_("字号"),
    "normal": N_("标准字"),
    "large": N_("大字"),
}

SECTION_NAMES: Mapping[str, str] = {
    "people": N_("人员"),
    "duty": N_("排班"),
    "agencies": N_("责任单位"),
    "checklists": N_("检查表"),
    "categories": N_("类别与时限"),
    "calendar": N_("工作日历"),
    "points": N_("积分规则"),
    "rewards": N_("兑换目录"),
    "robots": N_("群机器人"),
    "keys": N_("接口密钥"),
    "branding": N_("社区形象"),
    "communities": N_("社区一览"),
    "changes": N_("改动记录"),
    "audit": N_("审计日志"),
    "retention": N_("保存期限"),
}
SUBJECT_NAMES: Mapping[str, str] = {
    "checklist": N_("检查表"),
    "campaign": N_("走访活动"),
    "person": N_("人员"),
    "duty": N_("排班"),
    "agency": N_("责任单位"),
    "category": N_("类别"),
    "calendar": N_("工作日历"),
    "robot": N_("群机器人"),
    "community": N_("社区"),
    "care_flag": N_("关怀标记"),
    "residents": N_("居民档案"),
    "branding": N_("社区形象"),
    "points": N_("积分规则"),
    "reward": N_("兑换品"),
    "shop": N_("商户"),
    "cause": N_("公益项目"),
    "kitchen": N_("厨房"),
    "station": N_("驿站"),
    "meal_price": N_("餐价"),
    "retention": N_("保存期限"),
}
CHANGE_VERBS: Mapping[str, str] = {
    "added": N_("新增"),
    "changed": N_("修改"),
    "deactivated": N_("停用"),
    "activated": N_("启用"),
    "removed": N_("删除"),
    "imported": N_("导入"),
    "code_given": N_("发放一次性密码"),
    "password_chosen": N_("设置了新密码"),
}
FIELD_NAMES: Mapping[str, str] = {
    "username": N_("用户名"),
    "name": N_("姓名"),
    "name_en": N_("英文名称"),
    "role": N_("角色"),
    "language": N_("界面语言"),
    "agency_code": N_("单位"),
    "agency": N_("单位"),
    "grids": N_("网格"),
    "micro_grids": N_("微网格"),
    "mode": N_("交通方式"),
    "capacity": N_("同时任务数"),
    "per_minute": N_("每分钟上报"),
    "skills": N_("技能"),
    "languages": N_("会说的语言"),
    "active": N_("启用"),
    "shifts": N_("班次"),
    "exceptions": N_("请假和加班"),
    "added": N_("新增"),
    "changed": N_("修改"),
    "kind": N_("种类"),
    "kinds": N_("通知哪些"),
    "quiet_hours": N_("免打扰时段"),
    "logo": N_("标志"),
    "colour": N_("颜色"),
    "phone": N_("电话"),
    "icp": N_("备案号"),
    "urgent": N_("紧急"),
    "answer_s": N_("答复时限"),
    "on_site_s": N_("到场时限"),
    "resolve_s": N_("办结时限"),
    "counting": N_("计时方式"),
    "skill_required": N_("必须有技能"),
    "per_hour": N_("每小时积分"),
    "most_h": N_("单次时长上限"),
    "expire_months": N_("积分有效月数"),
    "code_days": N_("领取期限"),
    "star_hours": N_("星级小时数"),
    "about": N_("说明"),
    "points": N_("所需积分"),
    "limit_each": N_("限兑份数"),
    "limit_period": N_("限兑周期"),
    "shop_id": N_("发放商户"),
    "first_day": N_("开始日期"),
    "last_day": N_("结束日期"),
    "address": N_("地址"),
    "keeper": N_("发放人"),
    "days": N_("天数"),
}
OFFICE_NOTICES: Mapping[str, str] = {
    "checklist_kept": N_("检查表已保存。"),
    "person_kept": N_("已保存。"),
    "person_deactivated": N_("已停用，登录立即失效，手上的任务已退回。"),
    "person_activated": N_("已启用。"),
    "people_imported": N_("名单已导入。"),
    "nothing_changed": N_("没有任何不同，什么都没有改。"),
    "agency_added": N_("单位已添加。"),
    "agency_kept": N_("已保存。"),
    "duty_kept": N_("排班已保存。"),
    "robot_kept": N_("群机器人已保存。"),
    "robot_removed": N_("群机器人已删除。"),
    "key_ended": N_("密钥已停用。"),
    "quiet_kept": N_("免打扰时段已保存。"),
    "calendar_kept": N_("工作日历已保存。已有案件的时限不变。"),
    "branding_kept": N_("社区形象已保存。"),
    "points_kept": N_("积分规则已保存，只对以后的时长有效。"),
    "reward_kept": N_("兑换品已保存。"),
    "stock_kept": N_("库存已记下。"),
    "shop_kept": N_("商户已保存。"),
    "keeper_appointed": N_("已指定，对方现在就能发放。"),
    "keeper_dismissed": N_("已撤销，对方不能再发放。"),
    "cause_kept": N_("公益项目已保存。"),
    "person_erased": N_("已删除，证明记在删除记录里。"),
    "retention_kept": N_("保存期限已保存，今晚起按新的期限清理。"),
    "category_kept": N_("类别已保存。已有案件的时限不变。"),
    "password_chosen": N_("新密码已设好，请登录。"),
}
ROW_NAMES: Mapping[str, str] = {
    "new": N_("新增"),
    "changed": N_("有改动"),
    "same": N_("没有变化"),
    "wrong": N_("有错误"),
}
COUNTING_NAMES: Mapping[str, str] = {
    "wall": N_("全天不停"),
    "day": N_("每天 7 点到 22 点"),
    "working": N_("办公时间"),
}
ROBOT_KINDS: Mapping[str, str] = {"wecom": N_("企业微信"), "dingtalk": N_("钉钉"), "feishu": N_("飞书")}
ROBOT_OUTCOMES: Mapping[str, str] = {
    "sent": N_("测试消息已送达。"),
    "refused": N_("对方拒绝了测试消息。"),
    "unreached": N_("连不上对方的服务。"),
    "unknown": N_("发出去了，但没有收到回答。"),
}
DAY_KINDS: Mapping[str, str] = {"holiday": N_("放假"), "workday": N_("上班")}
LANGUAGE_NAMES: Mapping[str, str] = {"zh": N_("中文"), "en": N_("英文")}
EXCEPTION_NAMES: Mapping[str, str] = {"leave": N_("请假"), "extra": N_("加班")}
_COLUMNS: Mapping[str, tuple[str, ...]] = {  # what people write above a column of people
    "username": ("用户名", "账号", "username", "user name", "account"),
    "name": ("姓名", "名字", "name"),
    "role": ("角色", "岗位", "role"),
    "agency": ("单位", "责任单位", "agency"),
    "grids": ("网格", "负责网格", "grid", "grids"),
    "micro_grids": ("微网格", "负责微网格", "micro_grid", "micro_grids", "micro-grid", "micro-grids"),
    "mode": ("交通", "交通方式", "车辆", "mode", "vehicle"),
    "capacity": ("同时任务", "同时任务数", "capacity"),
    "skills": ("技能", "skills"),
    "languages": ("语言", "会说的语言", "languages"),
}
EXAMPLE: tuple[tuple[str, ...], ...] = (
    ("用户名", "姓名", "角色", "单位", "网格", "微网格", "交通", "同时任务", "技能", "语言"),
    ("watcher201", "王秀兰", "守望员", "", "", "01-03 01-04", "步行", "2", "急救 调解", "中文"),
    ("rider301", "李强", "骑手", "", "", "", "电动车", "3", "电工", "中文 英文"),
    ("grid16", "赵敏", "网格员", "", "01", "", "", "", "", ""),
)


def headings() -> dict[str, str]:
    """Return what people write above a column, in small letters -> the column."""
    return {word: column for column, words in _COLUMNS.items() for word in words}


def meanings() -> dict[str, dict[str, str]]:
    """Return for each column of people what they write in a cell, in small letters -> the word of the service."""
    tables = {
        "role": ROLE_NAMES,
        "mode": MODE_NAMES,
        "skills": SKILL_NAMES,
        "languages": LANGUAGE_NAMES,
    }
    return {
        column: {
            translate(language, text).lower(): str(word)
            for language in LANGUAGES
            for word, text in table.items()
        }
        for column, table in tables.items()
    }


HOLIDAY_NAMES: Mapping[str, str] = {
    name: name
    for name in (
        N_("元旦"),
        N_("春节"),
        N_("清明"),
        N_("劳动节"),
        N_("端午"),
        N_("中秋"),
        N_("国庆节"),
    )
}
"""Holidays of the state's calendar under the names that it has them."""


def office_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys that only templates show, by kind."""
    kinds = {
        "look": LOOK_NAMES,
        "section": SECTION_NAMES,
        "subject": SUBJECT_NAMES,
        "change": CHANGE_VERBS,
        "field": FIELD_NAMES,
        "notice": OFFICE_NOTICES,
        "row": ROW_NAMES,
        "counting": COUNTING_NAMES,
        "robot": ROBOT_KINDS,
        "outcome": ROBOT_OUTCOMES,
        "day": DAY_KINDS,
        "holiday": HOLIDAY_NAMES,
        "language": LANGUAGE_NAMES,
        "exception": EXCEPTION_NAMES,
    }
    return translate_names(language, kinds)
