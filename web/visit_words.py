"""Words of visits, rounds and campaigns that only templates and sheets show."""

from __future__ import annotations

from collections.abc import Mapping

from gis.visits.kinds import Checked, FindingState, Outcome, StopState, VisitKind
from gis.visits.questions import QuestionKind
from web.i18n import N_, translate_names

KIND_NAMES: Mapping[str, str] = {
    VisitKind.LOOK: N_("平安巡看"),
    VisitKind.CHECK: N_("安全检查"),
    VisitKind.VISIT: N_("入户走访"),
    VisitKind.PHONE: N_("电话问候"),
    VisitKind.TALK: N_("听取意见"),
    VisitKind.OTHER: N_("其他记录"),
}
OUTCOME_NAMES: Mapping[str, str] = {Outcome.DONE: N_("已走访"), Outcome.NOT_HOME: N_("没人在家")}
CHECKED_NAMES: Mapping[str, str] = {Checked.OK: N_("符合"), Checked.WRONG: N_("不符合")}
STATE_NAMES: Mapping[str, str] = {
    FindingState.OPEN: N_("待处理"),
    FindingState.ON_SPOT: N_("现场解决"),
    FindingState.TRANSFERRED: N_("已转办"),
}
THEN_NAMES: Mapping[str, str] = {  # what becomes of a problem, on a choice
    FindingState.OPEN: N_("先记下"),
    FindingState.ON_SPOT: N_("当场解决了"),
    FindingState.TRANSFERRED: N_("转成案件"),
}
STOP_NAMES: Mapping[str, str] = {
    StopState.TODO: N_("待走访"),
    StopState.DONE: N_("已走访"),
    StopState.NOT_HOME: N_("没人在家"),
    StopState.SKIPPED: N_("这次不去"),
}
VISIT_NOTICES: Mapping[str, str] = {
    "visit_recorded": N_("记下了。"),
    "patrol_recorded": N_("巡逻已记下，辛苦了。"),
    "finding_transfer": N_("已转成案件，正在派单。"),
    "finding_settle": N_("已记为现场解决。"),
    "finding_answer": N_("答复已记下。"),
    "campaign_saved": N_("走访活动已保存。"),
    "campaign_ended": N_("走访活动已结束，问题仍要答复。"),
    "problems_imported": N_("问题清单已写入。"),
}
QUESTION_NAMES: Mapping[str, str] = {
    QuestionKind.YES_NO: N_("是否"),
    QuestionKind.CHOICE: N_("单选"),
    QuestionKind.TEXT: N_("文字"),
    QuestionKind.NUMBER: N_("数字"),
}


def visit_names(language: str) -> dict[str, dict[str, str]]:
    """Return the names of keys on the pages of visits, by kind.

    Parameters
    ----------
    language
        Of the reader.
    """
    kinds = {
        "kind": KIND_NAMES,
        "outcome": OUTCOME_NAMES,
        "checked": CHECKED_NAMES,
        "state": STATE_NAMES,
        "then": THEN_NAMES,
        "stop": STOP_NAMES,
        "question": QUESTION_NAMES,
    }
    return translate_names(language, kinds)
