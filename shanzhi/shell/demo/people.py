"""Who lives and works in the demonstration city. All of them are invented."""

from dataclasses import dataclass

CITY, DISTRICT, STREET, COMMUNITY = "3204", "320411", "320411002", "320411002018"
GRID = COMMUNITY + "001"


@dataclass(frozen=True)
class Post:
    role: str
    place: str
    department: str = ""


@dataclass(frozen=True)
class Person:
    code: str  # also the user name: demo-<code>
    name: str
    posts: tuple[Post, ...] = ()


def _clerk(*posts: tuple[str, str]) -> tuple[Post, ...]:
    return tuple(Post("department_clerk", place, department) for place, department in posts)


RESIDENT_PHONE = "13800000001"
PEOPLE = (
    Person("resident", "张演示"),
    Person("community_secretary", "王演示", (Post("community_secretary", COMMUNITY),)),
    Person("community_worker", "吴演示", (Post("community_worker", COMMUNITY),)),
    Person("grid_leader", "陈演示", (Post("grid_leader", GRID),)),
    Person("subdistrict_clerk", "刘演示", (Post("subdistrict_clerk", STREET),)),
    Person(
        "department_clerk",
        "赵演示",
        _clerk(
            (STREET, "civil_affairs"), (STREET, "urban_management"), (STREET, "police"),
            (STREET, "organisation"), (STREET, "human_resources"),
            (STREET, "medical_insurance"), (STREET, "veterans"), (STREET, "justice"),
            (DISTRICT, "civil_affairs"), (DISTRICT, "human_resources"), (DISTRICT, "veterans"),
            (DISTRICT, "education"), (DISTRICT, "housing"), (CITY, "medical_insurance"),
            (CITY, "civil_affairs"), (CITY, "police"), (CITY, "urban_management"),
        ),
    ),
    Person("district_clerk", "钱演示", (Post("district_clerk", DISTRICT),)),
    Person("city_clerk", "孙演示", (Post("city_clerk", CITY),)),
    Person("burden_office", "周演示", (Post("burden_office", CITY),)),
    Person("city_leader", "郑演示", (Post("city_leader", CITY),)),
    Person("system_admin", "冯演示", (Post("system_admin", CITY),)),
    Person("security_admin", "沈演示", (Post("security_admin", CITY),)),
    Person("audit_admin", "韩演示", (Post("audit_admin", CITY),)),
)  # fmt: skip

# Contact cards: kind, public name, unit, duty phone, hours.
HOURS = "工作日 8:30-17:30"
CARDS = {
    COMMUNITY: [
        ("secretary", "王书记", "天安社区", "0519-88000001", HOURS),
        ("police", "李警官", "三井派出所", "0519-88000003", "24 小时"),
        ("health", "周管家", "社区卫生服务站", "0519-88000004", "每日 8:00-17:00"),
    ],
    COMMUNITY + "001": [("grid_leader", "陈网格长", "负责 312 户", "0519-88000011", HOURS)],
    COMMUNITY + "002": [("grid_leader", "徐网格长", "负责 287 户", "0519-88000012", HOURS)],
    COMMUNITY + "003": [("grid_leader", "许网格长", "负责 341 户", "0519-88000013", HOURS)],
}

# Who asked for something in the past weeks: name, phone; the worker typed for those without one.
RESIDENTS = [
    ("王示例", "13800000011"), ("李示例", "13800000012"), ("张示例", ""),
    ("刘示例", "13800000014"), ("陈示例", "13800000015"), ("杨示例", "0519-88000016"),
    ("赵示例", ""), ("黄示例", "13800000018"), ("周示例", "13800000019"),
    ("吴示例", "13800000020"),
]  # fmt: skip
