"""What the style guide shows: invented data, in Chinese like all data."""

from django import forms
from django.http import QueryDict

from shanzhi.kernel.paging import Page


class Application(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label="姓名", initial="王小明", help_text="与身份证上一致")
    phone = forms.CharField(label="手机号", required=False)
    born = forms.DateField(
        label="出生日期", required=False, widget=forms.DateInput({"type": "date"})
    )
    kind = forms.ChoiceField(
        label="补贴类别", choices=[("", "请选择"), ("a", "高龄津贴"), ("b", "护理补贴")]
    )
    way = forms.ChoiceField(
        label="领取方式", choices=[("card", "社保卡"), ("cash", "现金")], widget=forms.RadioSelect
    )
    days = forms.MultipleChoiceField(
        label="方便上门的日子",
        choices=[("1", "星期一"), ("2", "星期二"), ("3", "星期三")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    text = forms.CharField(
        label="情况说明", widget=forms.Textarea({"rows": 3}), help_text="写明时间、地点和经过"
    )
    photo = forms.FileField(label="照片", required=False, help_text="最多 3 张，每张不超过 10 MB")
    agreed = forms.BooleanField(label="我已阅读并同意告知承诺书")


STEPS = [
    {"title": "申请", "note": "11-18", "state": "done"},
    {"title": "受理", "note": "11-18", "state": "done"},
    {"title": "办理", "note": "街道民政", "state": "now"},
    {"title": "答复", "note": "11-25 前", "state": "todo"},
]
TIMELINE = [
    {
        "title": "提交申请",
        "at": "11月18日 09:12",
        "who": "王**",
        "text": "材料 0 份，信息已从档案带出",
    },
    {"title": "受理", "at": "11月18日 10:30", "who": "天安社区"},
    {"title": "办理", "at": "11月19日 14:05", "who": "三井街道民政办", "state": "now"},
    {"title": "答复", "state": "todo", "at": "最迟 11月25日"},
]
CONTACTS = [
    ("社区书记", "王", "在岗", "0519-88000001", "orange"),
    ("网格长", "陈", "负责 312 户", "13800000001", "teal"),
    ("片警", "李", "三井派出所", "0519-88000002", "blue"),
    ("健康管家", "周", "社区卫生站", "0519-88000003", "pink"),
]
TILES = [
    ("我要办事", "file-check", "teal"),
    ("我要反映", "message-report", "orange"),
    ("网上挂号", "stethoscope", "pink"),
    ("家政服务", "home-heart", "blue"),
    ("志愿服务", "heart-handshake", "red"),
    ("居民议事", "users-group", "green"),
    ("便民查询", "search", "yellow"),
    ("全部", "dots", "grey"),
]
LEFT = "还有 2 个工作日"
DUTIES = [
    (
        "楼道防盗门损坏",
        "反映 · 丽景花园 12 幢",
        "王**",
        "处置中",
        "orange",
        "物业 · 第3网格",
        ("超 3 小时", "red"),
    ),
    (
        "高龄津贴申请",
        "民政救助 · 免材料",
        "张**",
        "待受理",
        "blue",
        "—",
        ("今日 17:30", "yellow"),
    ),
    (
        "邻里漏水纠纷调解",
        "人民调解 · 第 2 次会议",
        "刘** / 赵**",
        "调解中",
        "teal",
        "调解员 钱*",
        ("今日 16:00", "yellow"),
    ),
    (
        "组织关系转接报到",
        "党建 · 双报到",
        "孙**",
        "待受理",
        "blue",
        "—",
        (LEFT, "blue"),
    ),
    (
        "独居老人探访",
        "三社联动 · 志愿者已认领",
        "陈**",
        "服务中",
        "teal",
        "志愿队 · 向阳队",
        ("还有 4 个工作日", ""),
    ),
]
KPIS = [
    ("今日待办", "7", "", "1 件超期 · 2 件今日到期", "red"),
    ("本月自动填报省下", "41.5", "小时", "18 张表中 16 张免填", "up"),
    ("会议·迎检·台账占用工时", "23%", "", "从 66% 基线下降", "up"),
    ("居民满意率（好差评）", "98.2%", "", "近 30 天 · 214 次评价", ""),
]
CHIPS = [
    {"label": "全部", "count": 7, "href": "?", "active": True, "tone": "teal"},
    {"label": "超期", "count": 1, "href": "?f=late", "active": False, "tone": "red"},
    {"label": "今日", "count": 2, "href": "?f=today", "active": False, "tone": "orange"},
]
FACTS = [
    ("办件编号", "320411-20261118-0007"),
    ("申请人", "王**"),
    ("事项", "高龄津贴申请"),
    ("联系电话", "138****0001"),
    ("备注", ""),
]


def context() -> dict:
    return {
        "steps": STEPS,
        "timeline": TIMELINE,
        "contacts": CONTACTS,
        "tiles": TILES,
        "left": LEFT,
        "duties": DUTIES,
        "kpis": KPIS,
        "chips": CHIPS,
        "facts": FACTS,
        "page": Page([], "bmV4dA"),
        "query": QueryDict("f=late"),
        "units": [("17", "天安社区", 12), ("18", "富都社区", 3)],
        "form": Application(),
        "wrong_form": Application({"name": "", "phone": "13800000001", "way": "card"}),
    }
