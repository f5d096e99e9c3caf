"""What lies beside somebody's data when they are given it: what the file is, and what they may ask for."""

from __future__ import annotations

from datetime import datetime

from web.i18n import LANGUAGES, N_, translate

LINES = (
    N_("这是社区网格系统保存的关于您本人的全部信息，导出时间 {at}（世界标准时间）。导出已记录在审计日志里。"),
    N_("data.json 是全部内容；tables 文件夹里是同样内容的表格，可以用表格软件打开；photos 文件夹里是照片。"),
    N_("里面有您的身份、住址和健康信息：请妥善保管，不要转发。"),
    N_("内容有错可以要求更正，不再需要可以要求删除：请联系社区，社区会留下办理记录。"),
)


def about_data(at: datetime) -> str:
    """Return what lies beside the data, in every language.

    Parameters
    ----------
    at
        When they were taken out.
    """
    moment = f"{at:%Y-%m-%d %H:%M}"
    return "\r\n\r\n".join(
        "\r\n".join(translate(language, line, at=moment) for line in LINES) for language in LANGUAGES
    )
