"""Sentences of errors of hours, points and rewards, by their code."""

from __future__ import annotations

from collections.abc import Mapping

from web.i18n import N_

SERVICE_ERRORS: Mapping[str, str] = {
    "points_too_few": N_("积分不够，还差 {lacking} 分。"),
    "points_out_of_range": N_("积分应在 1 到 {most} 之间。"),
    "reward_not_found": N_("没有这个兑换品。"),
    "reward_sold_out": N_("已经兑完了，没有扣您的积分。"),
    "reward_not_offered": N_("现在不能兑换这一样。"),
    "reward_price_changed": N_("所需积分已改为 {points} 分，请看过再兑换。"),
    "reward_limit_reached": N_("每人限兑 {limit} 份，您已经兑满了。"),
    "redemption_id_reused": N_("这个编号已用于另一次兑换，请刷新后再试。"),
    "redemption_not_found": N_("没有这次兑换，或者不是您的。"),
    "redemption_over": N_("这次兑换的状态已经变了，请刷新后再看。"),
    "reward_code_invalid": N_("这不是兑换码：应是 8 位字母和数字。"),
    "reward_code_unknown": N_("这里没有这个兑换码，请核对。"),
    "reward_code_used": N_("这个码已经领过了。"),
    "reward_code_expired": N_("这个码已过期，积分已退回或即将退回。"),
    "not_at_a_counter": N_("只有社区值班和指定的商户能发放。"),
    "neighbour_unknown": N_("没有找到这个人，或者重名。请核对姓名，或让对方把收分码告诉您。"),
    "neighbour_self": N_("不能送给自己。"),
    "cause_unknown": N_("没有这个捐赠项目，或者已经停止。"),
    "donation_id_reused": N_("这个编号已用于另一次赠送，请刷新后再试。"),
    "service_day": N_("日期应在今天以前的一年内。"),
    "nobody_named": N_("请写上是谁的时长。"),
    "too_many_people": N_("一次最多 {most} 人。"),
    "service_not_found": N_("没有这一条时长。"),
    "already_corrected": N_("这一条时长已被更正或收回，请刷新后再看。"),
    "hours_unchanged": N_("和原来的时长一样。"),
    "hours_unreadable": N_("第 {line} 行的时长不是数字：{given}"),
    "person_twice": N_("第 {line} 行的人前面已经有了：{name}"),
    "rate_out_of_range": N_("每小时积分应在 1 到 {most} 之间。"),
    "number_out_of_range": N_("应在 {least} 到 {most} 之间。"),
    "star_hours_invalid": N_("请填 1 到 {most} 个小时数，从小到大，用空格或逗号隔开。"),
    "days_order": N_("结束日期不能早于开始日期。"),
    "limit_period_unknown": N_("请选择限兑的周期。"),
    "shop_unknown": N_("没有这个商户。"),
    "stock_too_few": N_("库存只有 {stock} 份，不能拿出这么多。"),
    "month_invalid": N_("请选择一个月份。"),
}
