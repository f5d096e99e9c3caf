/** Ready phrases for the description, by category: one press instead of typing. */
import { t } from "../core/words.js";

/** @returns {Record<string, string[]>} */
const phrases = () => ({
  road_damage: [t("路面塌陷"), t("坑洼积水"), t("地砖松动")],
  street_lamp: [t("整排不亮"), t("一盏不亮"), t("灯杆倾斜")],
  water_leak: [t("水管爆裂"), t("楼上漏水"), t("地下返水")],
  sewer: [t("污水外溢"), t("井里堵塞"), t("管道塌陷")],
  power_cut: [t("整栋停电"), t("单元停电"), t("电线冒火花")],
  gas_smell: [t("楼道有燃气味"), t("室外有燃气味")],
  fire_equipment: [t("灭火器缺失"), t("消火栓损坏"), t("消防通道被占")],
  rubbish: [t("垃圾满溢"), t("乱倒建筑垃圾"), t("大件垃圾无人收")],
  blocked_exit: [t("楼道堆物"), t("单元门打不开"), t("车辆堵门")],
  illegal_parking: [t("占消防通道"), t("堵住出入口")],
  tree: [t("树枝要断"), t("树倒拦路")],
  manhole: [t("井盖没有了"), t("井盖破损"), t("井盖松动响")],
  elevator: [t("电梯困人"), t("电梯停运")],
  elderly_care: [t("老人摔倒"), t("几天没见老人"), t("需要送药")],
  missing_person: [t("老人走失"), t("孩子走失")],
  dispute: [t("邻里争吵"), t("漏水纠纷"), t("停车纠纷")],
  noise: [t("夜间施工"), t("广场舞声音大")],
  meal_delivery: [t("需要送午餐"), t("需要送晚餐")],
});

/** @param {string} category @returns {string[]} */
export const phrasesOf = (category) => phrases()[category] ?? [];
