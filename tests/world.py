"""One of everything that has an address of its own, and who holds which post.

The pages of addresses.py are asked for in a small city made by factories (World.small) and in the
demonstration city (World.of_demo).
"""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import ec
from django.urls import reverse
from django.utils import timezone
from fido2 import webauthn
from fido2.cose import ES256
from fido2.utils import websafe_encode

from shanzhi.agreements import commands as agreements
from shanzhi.agreements import queries as agreed
from shanzhi.agreements.models import Run
from shanzhi.agreements.tests import factories as sample
from shanzhi.burden.models import Edition as Lists
from shanzhi.burden.models import ListEntry
from shanzhi.burden.tests import factories as burden
from shanzhi.cases import commands as cases
from shanzhi.cases.models import Item, Route
from shanzhi.cases.routing import Unit
from shanzhi.cases.tests import factories as small
from shanzhi.certificates import commands as commands_of_certificates
from shanzhi.certificates.models import Edition
from shanzhi.certificates.tests import factories as certificates
from shanzhi.effort.models import Headcount
from shanzhi.files.tests import factories as files
from shanzhi.gate.tests import factories as gate
from shanzhi.journal.labels import label
from shanzhi.journal.queries import about
from shanzhi.kernel.acting import SYSTEM
from shanzhi.people import commands as people
from shanzhi.people import kinds
from shanzhi.people.models import Account, Card, Notice, Post
from shanzhi.people.notices import NewNotice, send
from shanzhi.people.tests import factories as makes
from shanzhi.places import commands as places
from shanzhi.places.models import Estate
from shanzhi.registry import commands as collected
from shanzhi.registry import queries
from shanzhi.registry.commands import sources
from shanzhi.registry.models import Batch, Conflict, Death
from shanzhi.registry.rules.sharing import Wanted
from shanzhi.registry.tests import factories as registry
from shanzhi.registry.tests import imports_factories as imports
from shanzhi.shell.demo.people import COMMUNITY, GRID, PEOPLE, STREET
from shanzhi.work import duties
from shanzhi.work.models import Duty

ROLES = tuple(kinds.ROLES)
PARTIES = ("anonymous", "resident", *ROLES)
PLACES = {
    "community_secretary": COMMUNITY,
    "community_worker": COMMUNITY,
    "grid_leader": GRID,
    "subdistrict_clerk": STREET,
    "department_clerk": STREET,
    "district_clerk": "320411",
}
ELSEWHERE = {  # the same roles in the neighbouring divisions
    "community_secretary": makes.FUDU,
    "community_worker": makes.FUDU,
    "grid_leader": "320411002018002",
    "subdistrict_clerk": "320411003",
    "department_clerk": "320411003",
    "district_clerk": makes.TIANNING,
}
SECURED, SECRET = "an.quan", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AREA = [[119.94, 31.83], [119.95, 31.83], [119.95, 31.84], [119.94, 31.84], [119.94, 31.83]]


@dataclass
class World:
    resident: Account
    posts: dict[str, Post]
    strangers: dict[str, Post] = field(default_factory=dict)
    neighbour: Account | None = None
    objects: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name):
        try:
            return self.__dict__["objects"][name]
        except KeyError:
            raise AttributeError(name) from None

    def holder(self, party: str) -> Post | Account:
        return self.resident if party == "resident" else self.posts[party]

    @classmethod
    def small(cls) -> "World":
        small.city()
        resident = makes.resident("13800000001", name="张示例")
        people.choose_home(
            account=resident, place=GRID, estate=makes.estate(),
            by=makes.actor(resident), at=timezone.now(),
        )  # fmt: skip
        _draw(GRID)
        world = cls(Account.objects.get(pk=resident.pk), _posts(PLACES), _posts(ELSEWHERE))
        world.neighbour = makes.resident("13800000002", name="李示例")
        makes.post("community_worker", makes.FUDU, account=world.posts["community_worker"].account)
        return world.furnish()

    @classmethod
    def of_demo(cls) -> "World":
        """Of a clerk with several posts the first one: 三井街道民政办."""
        held = {
            person.code: Post.objects.filter(account__username=f"demo-{person.code}").order_by("pk")
            for person in PEOPLE
        }
        posts = {code: rows[0] for code, rows in held.items() if rows}
        return cls(Account.objects.get(username="demo-resident"), posts).furnish()

    def furnish(self) -> "World":
        at = timezone.now()
        worker, resident = (makes.actor(self.posts["community_worker"]), makes.actor(self.resident))
        case = small.make_case("security-door", by=resident, when=at, **self._further())
        case = cases.accept(case=case, by=worker, at=at)
        helper = cases.ask_help(
            case=case, unit=Unit(STREET, "civil_affairs"), task="核实住址", days=3, by=worker, at=at
        )
        self.objects |= {
            "case": case,
            "helper": helper,
            "duty": Duty.objects.get(about=f"cases.Case:{case.pk}", kind="cases.answer"),
            "draft": self._draft(resident, at),
            "file": files.make_file(by=resident, at=at),
            "notice": self._notice(case, at),
            "item": self._item(at),
            "route": Route.objects.order_by("position").first() or self._route(at),
            "card": Card.objects.filter(place__startswith=COMMUNITY).first() or self._card(at),
            "key": self._key(worker, at),
            "estate": Estate.objects.filter(place=GRID).order_by("pk").first(),
            "year": 2026,
            "session_id": UserSession.objects.order_by("pk").values_list("pk", flat=True).first()
            or 1,
            "passkey": self._passkey(),
        }
        self._residents(worker, at)
        self._rights(resident, at)
        self._grants(at)
        self._imports(at)
        self._burden(at)
        self._gate(at)
        self._certificates(at)
        self._agreements(at)
        return self

    def _certificates(self, at):
        """One sealed of the head of the household, one refused, and the catalogue they are of."""
        if not Edition.objects.exists():
            certificates.edition()
        asked = certificates.requested(
            person=self.inhabitant, by=makes.actor(self.posts["community_worker"]), at=at
        )
        secretary = makes.actor(self.posts["community_secretary"])
        self.objects |= {
            "certificate": certificates.sealed_by(asked, secretary, at),
            "refusal": certificates.refused(place=COMMUNITY, at=at),
            "banned": certificates.entry("居民财产证明"),
            "of_a_matter": certificates.entry("居民会议表决结果证明"),
        }
        self._asked_on_the_phone(at)

    def _asked_on_the_phone(self, at):
        """By the resident, of a matter; and the letter of what is banned."""
        by = makes.actor(self.resident)
        said = {0: "2026-11-01", 1: "加装充电桩", 2: "赞成 61 户"}
        wish = certificates.wish(said=said, holder="业主代表", unit="示例供电公司")
        asked = commands_of_certificates.apply(
            entry=self.of_a_matter, person_id=None, wish=wish, by=by, at=at
        )
        letter = commands_of_certificates.take_letter(
            entry=self.banned, unit="示例银行", by=by, at=at
        )
        unit = certificates.refused(unit="示例信托公司", place=COMMUNITY, at=at).unit
        spelling = commands_of_certificates.join_units(
            unit=letter.unit, into=unit, by=SYSTEM, at=at
        )
        self.objects |= {"asked_certificate": asked, "own_letter": letter, "spelling": spelling}

    def _burden(self, at):
        """A frozen baseline with a demand that was reduced, and one that is still being entered."""
        office = makes.actor(self.posts["burden_office"])
        asked_of = {"place": office.place, "scope": [office.place], "department": "civil_affairs"}
        known = burden.campaign(office.place)
        asked = burden.demand(known, ["姓名", "电话"], **asked_of)
        system = burden.demand(known, category="system", title="打卡小程序", **asked_of)
        burden.freeze(known)
        decision = burden.decide(asked, "reduce", at=at, by=office, size=(4, 30, 1))
        entered = burden.demand(burden.campaign(office.place), title="仍在填报的台账", **asked_of)
        entry = ListEntry.objects.filter(edition__state="in_force").first()
        if entry is None:
            entry = burden.edition().entries.first()
        self.objects |= {"list_entry": entry, "ledger": asked, "system": system}
        self.objects |= {"plaque": burden.plaque(place=COMMUNITY, by=burden.SYSTEM, at=at)}
        burden.announced(system, by=office, at=at)
        merged = burden.question(asked, [COMMUNITY], STREET, at)
        self.objects |= {"demand": asked, "decision": decision, "entered": entered,
                         "merged": merged}  # fmt: skip
        asked_of = {"place": office.place, "department": "burden_office", "at": at,
                    "limits": [duties.Limit("promised", 10, "working_days")]}  # fmt: skip
        self.objects |= {
            "ended_list": duties.open_duty(kind="burden.list", about="burden.Edition:1",
                                           title="清单", link=reverse("burden:lists"), **asked_of),
            "split": duties.open_duty(kind="effort.headcount", about=label(self._headcount()),
                                      title="天安社区", link=reverse("effort:headcounts"),
                                      **asked_of),
        }  # fmt: skip

    def _headcount(self):
        """Stated of a community that was split since."""
        return Headcount.objects.create(community=COMMUNITY, workers=9, source="花名册",
                                        valid_from="2026-01-01")  # fmt: skip

    def _agreements(self, at):
        """One in force, one that is talked about, and a run that made some."""
        if not Lists.objects.filter(kind="assist", state="in_force").exists():
            burden.edition(sample.ASSIST.replace("urban_management", "civil_affairs"), "assist")
        clerk, secretary = (
            makes.actor(self.posts[each]) for each in ("subdistrict_clerk", "community_secretary")
        )
        year = timezone.localdate(at).year
        signed = agreed.yearly(year).filter(place=COMMUNITY, state="in_force").first()
        if signed is None:
            signed = self._signed(year, clerk, secretary, at)
        talked = signed.supplements.filter(state="negotiated").first()
        if talked is None:
            sample.run_of(STREET, year + 1, at=at)
            talked = agreed.yearly(year + 1).get(place=COMMUNITY)
            talked = agreements.open_negotiation(agreement=talked, by=clerk, at=at)
        clause = agreed.asked(talked)[0]
        self.objects |= {
            "agreement": talked, "clause": clause, "signed": signed,
            "payment": signed.payments.order_by("pk").first(), "run": Run.objects.latest("pk"),
            "said": agreements.comment(
                agreement=talked, code=clause.code, text="经费偏低", by=secretary, at=at
            ),
        }  # fmt: skip

    def _signed(self, year, clerk, secretary, at):
        sample.run_of(STREET, year, at=at)
        found = agreed.yearly(year).get(place=COMMUNITY)
        values = sample.values(due_on=[timezone.localdate(at).replace(month=12, day=20)])
        agreements.edit_clause(
            clause=agreed.asked(found)[0], values=values, everywhere=False, by=clerk, at=at
        )
        found = agreements.open_negotiation(agreement=found, by=clerk, at=at)
        for command in (agreements.agree, agreements.sign):
            for by in (secretary, clerk):
                found = command(agreement=found, by=by, at=at)
        return found

    def _gate(self, at):
        """三井街道民政办 applies: a draft, one that is heard, one that waits for the meeting, one
        that was admitted and is evaluated; an emergency, a meeting, a return."""
        clerk, office = (makes.actor(self.posts[role]) for role in
                         ("department_clerk", "burden_office"))  # fmt: skip
        made = gate.furnished(clerk, office, makes.actor(self.posts["community_worker"]), at)
        self.objects |= made

    def _imports(self, at):
        """A file that waits for its columns, one that is checked, and a source that differs."""
        known = imports.families(1, first=77)[0]
        registry.person(known.name, identity=known.number, phone="13800000057")
        waiting = imports.brought(imports.plain([known]), place=COMMUNITY, when=at)
        moved = imports.families(1, first=78)[0]
        registry.person(moved.name, identity=moved.number, place=makes.FUDU)
        checked = imports.checked(imports.plain([known, moved]), place=COMMUNITY, when=at)
        feed = sources.keep_feed(
            code="civil.elderly", name="民政老人库", adapter="folder", settings={"folder": "civil"},
            place="3204", by=SYSTEM, at=at,
        )  # fmt: skip
        told = imports.checked(imports.plain([known]), place=COMMUNITY, when=at)
        Batch.objects.filter(pk=told.pk).update(feed=feed)
        self.objects |= {
            "waiting": waiting, "batch": checked, "feed": feed,
            "difference": told.differences.first(),
            "elsewhere": checked.problems.get(code="elsewhere"),
        }  # fmt: skip

    def _grants(self, at):
        """三井街道民政办 reads phones of its residents, and writes a further application."""
        today = timezone.localdate(at)
        clerk = makes.actor(self.posts["department_clerk"])
        wanted = Wanted(
            purpose="困难老人走访", basis="社会救助暂行办法", scenario="电话预约走访",
            scope=clerk.place, since=today, until=today + timedelta(days=30),
            elements={"person.phone": False},
            filter={"kind": 2, "age_from": None, "age_to": None, "sex": ""}, method="both",
        )  # fmt: skip
        grant = collected.draft_grant(wanted=wanted, by=clerk, at=at)
        collected.ask_grant(grant=grant, by=clerk, at=at)
        owner = replace(clerk, place="3204")
        collected.agree_grant(part=grant.parts.get(), by=owner, at=at)
        draft = collected.draft_grant(wanted=wanted, by=clerk, at=at)
        self.objects |= {"grant": grant, "grant_draft": draft}

    def _residents(self, worker, at):
        """A household of two, one of whom FUDU asks for; a conflict and a restricted tag."""
        household = registry.household("林示一", "林示二", home=registry.dwelling("9901"))
        head = queries.residents.members(household).head
        housemate = household.members.exclude(person=head).get().person
        compared = collected.start_comparison(place=COMMUNITY, by=worker, at=at)
        twin = registry.person("林示三", identity=head.identity)
        leaving = registry.person("林示四")
        move = collected.ask_transfer(
            identity=leaving.identity, name=leaving.name, dwelling=None, place=makes.FUDU,
            since=timezone.localdate(at), by=SYSTEM, at=at,
        )  # fmt: skip
        dead = registry.person("周示一", place=COMMUNITY)
        collected.die(person=dead, on=timezone.localdate(at), by=worker, at=at)
        tag = collected.set_tag(
            person=twin, kind="left_behind", place=COMMUNITY, note="", by=worker, at=at,
            since=timezone.localdate(at),
        )  # fmt: skip
        self.objects |= {
            "household": household, "inhabitant": head, "tag": tag, "move": move,
            "housemate": housemate, "compared": compared,
            "death": Death.objects.get(person=dead),
            "conflict": Conflict.objects.get(persons__contains=[twin.pk]),
        }  # fmt: skip

    def _rights(self, resident, at):
        """The resident bound to a person, asking for a correction; registers with a line each."""
        bound = queries.bindings(self.resident.pk)
        person = queries.person_of(bound[0].person_id) if bound else registry.person("林示五")
        binding = bound[0] if bound else collected.bind(
            account_id=self.resident.pk, person=person, level=1, by=SYSTEM, at=at
        )  # fmt: skip
        other = makes.resident("13800000055", name="林示六")
        papers = files.make_file(by=makes.actor(other), at=at)
        asked = collected.ask_binding(
            account_id=other.pk, place=COMMUNITY, name="林示六", number=registry.identity(),
            evidence=[papers.pk], by=makes.actor(other), at=at,
        )  # fmt: skip
        city = {"by": SYSTEM, "at": at}
        told = queries.notice_in_force(timezone.localdate(at)) or collected.publish_notice(
            title="个人信息处理规则", text="收集什么、为什么收集、保存多久、如何行使权利。",
            changes="", in_force_from=timezone.localdate(at), **city,
        )  # fmt: skip
        self.objects |= {
            "binding": binding, "binding_request": asked, "told": told,
            "correction": collected.ask_correction(
                person=person, element="person.phone", value="13800000056", reason="换了号码",
                by=resident, at=at,
            ),
            "purpose": collected.set_purpose(
                code="test-purpose", title="测试用途", text="用于测试。",
                elements=["person.employer"], **city,
            ),
            "assessment": collected.keep_assessment(
                title="测试评估", purpose="测试", effects="有限", measures="脱敏", elements=[],
                risk="low", made_on=timezone.localdate(at), **city,
            ),
            "incident": collected.open_incident(
                title="测试事件", what="名单误发", harm="骚扰电话", advice="谨慎接听",
                elements=["person.phone"], persons=[], found_at=at, **city,
            ),
        }  # fmt: skip

    def _further(self):
        """What the item of the demonstration city asks beside what both ask."""
        form = Item.objects.get(code="security-door", state="published").form
        return {"managed": "有物业"} if any(each["key"] == "managed" for each in form) else {}

    def _notice(self, case, at):
        values = {"title": case.title, "number": case.number, "unit": "天安社区"}
        entry = about(f"cases.Case:{case.pk}")[0].id
        send([NewNotice(self.resident.pk, "cases.submitted", entry, at, values)])
        return Notice.objects.get(account=self.resident, entry=entry)

    def _draft(self, by, at):
        content = {
            "name": "张示例", "phone": small.PHONE, "place": GRID, "estate": "", "category": "",
            "answers": {"what": "单元门关不上", "address": small.ADDRESS} | self._further(),
            "problems": {},
        }  # fmt: skip
        return cases.save_draft(
            draft_id=UUID(int=2026), item_code="security-door", content=content, by=by, at=at
        )

    def _item(self, at):
        """Published in two versions and, on top, being written."""
        old = Item.objects.get(code="open-report", state="published")
        values = {
            each.name: getattr(old, each.name)
            for each in Item._meta.fields
            if each.name not in ("id", "code", "version", "state", "published_at")
        }
        new = cases.save_item(
            code=old.code, values=values | {"summary": "直接说。"}, by=SYSTEM, at=at
        )
        cases.publish_item(item=new, by=SYSTEM, at=at)
        return cases.save_item(
            code=old.code, values=values | {"summary": "告诉我们。"}, by=SYSTEM, at=at
        )

    def _route(self, at):
        values = {"name": "三井街道的事", "items": [], "place": STREET, "level": "subdistrict"}
        return cases.save_route(route=None, values=values, position=1, by=SYSTEM, at=at)

    def _card(self, at):
        return people.set_card(
            place=COMMUNITY, kind="secretary", name="王书记", phone="0519-88000001",
            by=SYSTEM, at=at,
        )  # fmt: skip

    def _key(self, by, at):
        key, _secret = people.issue_key(
            post=self.posts["community_worker"], name="测试程序", place=COMMUNITY, items=[],
            may_write=False, valid_to=timezone.localdate(at) + timedelta(days=30), by=by, at=at,
        )  # fmt: skip
        return key

    def _passkey(self):
        """Of someone with a password and an authenticator, for the pages of their own security."""
        account = makes.post("community_worker", COMMUNITY, account=makes.staff(SECURED)).account
        TOTP.activate(account, SECRET)
        data = {"name": "钥匙", "credential": _credential(), "passwordless": True}
        return Authenticator.objects.create(user=account, type="webauthn", data=data)


def _posts(places_of: dict[str, str]) -> dict[str, Post]:
    return {
        role: makes.post(
            role,
            places_of.get(role, "3204"),
            department="civil_affairs" if role == "department_clerk" else "",
        )
        for role in ROLES
        if role in places_of or places_of is PLACES
    }


def _credential() -> dict:
    """What a passkey's device answers when it is made."""
    public = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    made = webauthn.AttestedCredentialData.create(webauthn.Aaguid.NONE, b"passkey", public)
    flags = webauthn.AuthenticatorData.FLAG.UP | webauthn.AuthenticatorData.FLAG.AT
    data = webauthn.AuthenticatorData.create(bytes(32), flags, 0, made)
    client = {"type": "webauthn.create", "challenge": "AAAA", "origin": "http://localhost"}
    return {
        "id": websafe_encode(b"passkey"), "rawId": websafe_encode(b"passkey"),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(json.dumps(client).encode()),
            "attestationObject": websafe_encode(
                bytes(webauthn.AttestationObject.create("none", data, {}))
            ),
        },
    }  # fmt: skip


def _draw(code: str) -> None:
    places.set_grid(
        code=code, name="第一网格", households=312, area={"type": "Polygon", "coordinates": [AREA]},
        by=SYSTEM, at=timezone.now(),
    )  # fmt: skip
