"""What the invented residents write, and what they are answered."""

# ruff: noqa: E501
REPORTS = [
    ("security-door", {"what": "3 幢 1 单元防盗门的闭门器坏了，门一直敞着。", "address": "丽景花园3幢1单元", "fault": ["闭门器"], "managed": "有物业"}),
    ("security-door", {"what": "单元门门禁刷卡没有反应，老人进不了门。", "address": "天安别墅8幢", "fault": ["门禁或对讲"], "managed": "不清楚"}),
    ("corridor-clutter", {"what": "四楼到五楼堆了旧家具和纸箱，走路要侧着身。", "address": "丽景花园7幢2单元", "blocked": "能走但不方便"}),
    ("noise", {"what": "小区南门广场每晚跳舞音响太响，孩子没法写作业。", "address": "天安别墅南门广场", "source": "广场舞或音响", "when": ["晚上十点以前"]}),
    ("noise", {"what": "楼上装修中午也在打电钻。", "address": "丽景花园5幢", "source": "家庭装修", "when": ["中午"]}),
    ("dog-nuisance", {"what": "有人早上遛大狗不牵绳，老人不敢走那条路。", "address": "天安别墅北门", "problem": ["遛狗不牵绳", "烈性犬、大型犬"]}),
    ("leak-dispute", {"what": "卫生间顶上漏水两个月了，楼上不肯修。", "address": "丽景花园2幢302室", "other_address": "丽景花园2幢402室"}),
    ("elderly-visit", {"who": "我自己", "elder": "张示例", "address": "天安别墅15幢101室", "situation": ["一个人住"], "manner": "每周上门一次"}),
    ("street-light", {"what": "河边步道有三盏路灯不亮，晚上看不清台阶。", "address": "三井河步道", "danger": "有"}),
    ("meal-service", {"start": "2026-11-02", "meals": ["午餐"], "manner": "到助餐点吃", "diet": ["软烂"]}),
    ("open-report", {"what": "健身角的座椅木条断了，坐上去会夹手。", "address": "天安别墅健身角"}),
    ("open-report", {"what": "快递车常停在消防通道上，希望划线提醒。", "address": "丽景花园东门"}),
    ("venue-booking", {"purpose": "合唱队每周排练", "venue": "活动室", "on": "2026-12-05", "slot": "下午", "people": "18"}),
]  # fmt: skip

ANSWERS = {
    "security-door": "物业已经更换闭门器并调试，单元门可以正常关闭。如再有问题，请直接拨打网格长电话。",
    "corridor-clutter": "网格员会同物业上门劝导，堆放的家具和纸箱已经清走，楼道恢复畅通。",
    "noise": "已与舞蹈队约定晚上九点以后不再使用音响，并在广场张贴居民公约。",
    "dog-nuisance": "民警已上门告知养犬人牵绳和避让的规定，养犬人作出承诺。",
    "leak-dispute": "调解员现场查看后，双方约定由楼上住户本月内重做防水，费用由责任方承担。",
    "elderly-visit": "已约定每周三上午上门探访，由网格长和志愿者一同前往。",
    "street-light": "养护单位已更换三盏路灯，当晚恢复照明。",
    "meal-service": "已登记，请从约定之日起到社区助餐点用餐。",
    "open-report": "已安排维修，谢谢您的提醒。",
    "venue-booking": "同意借用，请提前十分钟到社区服务窗口取钥匙。",
    "elderly-allowance": "符合条件，从下月起按月发放到您提供的银行账号。",
}
