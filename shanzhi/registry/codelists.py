"""The code tables of the national standards.

A list has the year of its standard in it; a later edition is a further list beside the old one,
and rows written under the old one keep their codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class CodeList:
    """`entries` maps a code to its words; `source` is the standard and its year."""

    code: str
    title: str | Promise
    source: str
    entries: Mapping[str, str | Promise]

    def label(self, code: str) -> str:
        """The words of a code; an unknown code is shown as it is, "" as nothing."""
        return str(self.entries.get(code, code))

    def choices(self) -> list[tuple[str, str | Promise]]:
        return list(self.entries.items())


LISTS: dict[str, CodeList] = {}


def register(codelist: CodeList) -> CodeList:
    if codelist.code in LISTS:
        raise ValueError(f"there is a code list {codelist.code} already")
    LISTS[codelist.code] = codelist
    return codelist


SEX = register(CodeList("sex", _("Sex"), "GB/T 2261.1-2003", {
    "0": pgettext_lazy("sex", "Unknown"), "1": _("Male"), "2": _("Female"),
    "9": pgettext_lazy("sex", "Not stated"),
}))  # fmt: skip
MARITAL = register(CodeList("marital", _("Marital status"), "GB/T 2261.2-2003", {
    "10": _("Single"), "20": _("Married"), "21": _("Married for the first time"),
    "22": _("Married again"), "23": _("Marriage restored"), "30": _("Widowed"),
    "40": _("Divorced"), "90": pgettext_lazy("marital status", "Not stated"),
}))  # fmt: skip
EDUCATION = register(CodeList("education", _("Education"), "GB/T 4658-2006", {
    "10": _("Postgraduate"), "20": _("Bachelor"), "30": _("College"),
    "40": _("Secondary vocational"), "60": _("Senior high school"),
    "70": _("Junior high school"), "80": _("Primary school"),
    "90": pgettext_lazy("education", "Other"),
}))  # fmt: skip
POLITICAL = register(CodeList("political", _("Political status"), "GB/T 4762-1984", {
    "01": _("Member of the Communist Party"), "02": _("Probationary member of the Party"),
    "03": _("Member of the Youth League"),
    "04": _("Revolutionary Committee of the Kuomintang"), "05": _("Democratic League"),
    "06": _("National Construction Association"), "07": _("Association for Promoting Democracy"),
    "08": _("Peasants' and Workers' Democratic Party"), "09": _("Zhi Gong Party"),
    "10": _("Jiusan Society"), "11": _("Taiwan Democratic Self-Government League"),
    "12": _("Personage without party"), "13": _("The masses"),
}))  # fmt: skip
RELATION = register(CodeList("relation", _("Relation to the head of household"), "GB/T 4761-2008", {
    "01": _("Oneself"), "02": _("Head of household"), "10": _("Spouse"), "20": _("Son"),
    "30": _("Daughter"), "40": _("Grandchild"), "50": _("Parent"), "60": _("Grandparent"),
    "70": _("Sibling"), "80": pgettext_lazy("relation", "Other"),
}))  # fmt: skip
HEAD = "02"
GROUPS = [
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族",
    "满族", "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族",
    "佤族", "畲族", "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族",
    "土族", "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族",
    "阿昌族", "普米族", "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族",
    "保安族", "裕固族", "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族",
    "基诺族",
]  # fmt: skip
ETHNIC = register(CodeList("ethnic", _("Ethnic group"), "GB/T 3304-1991", {
    f"{number:02d}": name for number, name in enumerate(GROUPS, 1)
} | {"97": pgettext_lazy("ethnic group", "Other"), "98": _("Naturalised foreigner")}))  # fmt: skip
DOCUMENT = register(CodeList("document", _("Kind of identity document"), "GA/T 517-2004", {
    "111": _("Resident identity card"), "414": _("Passport"),
    "516": _("Residence permit of Hong Kong and Macao residents"),
    "511": _("Residence permit of Taiwan residents"),
    "553": _("Foreigners' permanent residence card"), "114": _("Officer's card"),
    "133": _("Soldier's card"), "990": pgettext_lazy("identity document", "Other"),
}))  # fmt: skip
WORK = register(CodeList("work", _("Work"), _("Of this software"), {
    "10": _("Employed"), "20": _("Self-employed"), "30": _("Flexible employment"),
    "40": _("Farming"), "50": _("Unemployed"), "60": _("In education"),
    "70": pgettext_lazy("work", "Retired"),
    "80": _("Not able to work"), "90": pgettext_lazy("work", "Other"),
}))  # fmt: skip
HOLDING = register(CodeList("holding", _("How the dwelling is held"), _("Of this software"), {
    "10": _("Owned"), "20": _("Rented"), "30": _("Public housing"), "40": _("Provided by employer"),
    "50": pgettext_lazy("dwelling", "Empty"), "60": _("In other use"),
    "90": pgettext_lazy("dwelling", "Other"),
}))  # fmt: skip
