"""Words of the kitchen (妈妈厨房): for its pages, its list on paper, its statement, and the cases of its rounds."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import LANGUAGES, N_, translate, translate_names

ALLERGEN_NAMES: Mapping[str, str] = {
    "gluten": N_("麸质"),
    "crustaceans": N_("甲壳类"),
    "egg": N_("蛋"),
    "fish": N_("鱼"),
    "peanut": N_("花生"),
    "soy": N_("大豆"),
    "milk": N_("奶"),
    "nuts": N_("坚果"),
    "sesame": N_("芝麻"),
    "pork": N_("猪肉"),
    "spicy": N_("辣"),
}
DIET_NAMES: Mapping[str, str] = {
    "low_salt": N_("低盐"),
    "low_sugar": N_("低糖"),
    "low_fat": N_("低脂"),
    "soft": N_("软食"),
    "minced": N_("切碎"),
    "vegetarian": N_("素食"),
    "halal": N_("清真"),
}
WAY_NAMES: Mapping[str, str] = {"collect": N_("自取"), "deliver": N_("送到家")}
SERVING_STATES: Mapping[str, str] = {
    "ordered": N_("已订"),
    "collected": N_("已取"),
    "delivered": N_("已送到"),
    "not_home": N_("没人应门"),
    "cancelled": N_("已取消"),
}
JOB_NAMES: Mapping[str, str] = {"cook": N_("掌勺"), "pack": N_("分餐"), "serve": N_("窗口")}
MEAL_SOURCES: Mapping[str, str] = {"self": N_("本人预订"), "desk": N_("窗口登记"), "phone": N_("电话登记")}
MEAL_PARTS: Mapping[str, str] = {
    "menu": N_("菜单"),
    "subscriptions": N_("订餐人"),
    "day": N_("后厨"),
    "rounds": N_("送餐"),
    "statement": N_("月结"),
    "office": N_("厨房设置"),
}
MEAL_NOTICES: Mapping[str, str] = {
    "menu_kept": N_("菜单已保存，还没有公布。"),
    "menu_published": N_("菜单已公布，大家都能看到。"),
    "menu_copied": N_("已抄上周菜单，改好后再公布。"),
    "price_kept": N_("价格已保存。"),
    "price_ended": N_("这条价格不再使用，已截止的日子不变。"),
    "kitchen_kept": N_("厨房设置已保存。"),
    "meal_kept": N_("订餐已保存。"),
    "meal_ended": N_("已停止订餐。"),
    "meal_erased": N_("姓名、门牌和忌口已删除；吃过的份数仍计入月结。"),
    "meal_paused": N_("这几天不送餐。"),
    "meal_resumed": N_("已恢复。"),
    "rounds_made": N_("已排好路线，正在找人送。"),
    "rounds_none": N_("没有要排的餐了。"),
    "rounds_verified": N_("已核验，送餐人的工时已记。"),
    "crew_kept": N_("值班已保存。"),
    "crew_ends_soon": N_("值班已保存。注意：这位的健康证 30 天内到期。"),
    "hours_booked": N_("工时已记。"),
    "serving_said": N_("已登记。"),
}
KINDS: Mapping[str, Mapping[str, str]] = {
    "allergen": ALLERGEN_NAMES,
    "diet": DIET_NAMES,
    "way": WAY_NAMES,
    "state": SERVING_STATES,
    "job": JOB_NAMES,
    "source": MEAL_SOURCES,
    "part": MEAL_PARTS,
}


def meal_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the kitchen's pages, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    return translate_names(language, KINDS)


def allergen_words() -> dict[str, str]:
    """Return what cooks call an allergen, in small letters and every language -> its code."""
    return {
        translate(language, name).casefold(): code
        for language in LANGUAGES
        for code, name in ALLERGEN_NAMES.items()
    } | {code: code for code in ALLERGEN_NAMES}


def round_sentence(language: str, number: int, stops: int, servings: int) -> str:
    """Return what a round is called where its case is read; nobody is named.

    Parameters
    ----------
    language, number, stops, servings
        Of who sends it, and how much it is.
    """
    return translate(
        language,
        N_("第 {number} 线：{stops} 户 {servings} 份，到厨房取餐"),
        number=number,
        stops=stops,
        servings=servings,
    )


def check_sentence(language: str) -> str:
    """Return the words of the case of who didn't open; nobody is named.

    Parameters
    ----------
    language
        Of who brought the meal.
    """
    return translate(language, N_("送餐时没人应门，请上门看望；是哪一户，接单后点“看望谁”。"))
