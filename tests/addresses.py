"""Every named address of the site: who may open it, what stands behind it, how it answers.

tests/test_every_url.py fails where an address is not in this table, so that no page is ever
forgotten; tests/journeys/test_axe.py takes its pages from here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from django.urls import URLPattern, get_resolver, reverse

from shanzhi.agreements import rules as agreements
from shanzhi.agreements.rules.making import MAKERS
from shanzhi.cases import rules as cases
from shanzhi.certificates import rules as certificates
from shanzhi.effort import rules as effort
from shanzhi.people import kinds
from shanzhi.people import rules as people
from shanzhi.places import rules as places
from shanzhi.registry import rules as registry
from shanzhi.registry.rules import imports, sources
from shanzhi.work import rules as work

from .world import COMMUNITY, PARTIES, ROLES, World

PUBLIC, RESIDENT, DESK, API = "public", "resident", "desk", "api"
EVERYBODY = frozenset(PARTIES)
STAFF = frozenset(ROLES)
GRANTERS = frozenset(code for code, role in kinds.ROLES.items() if role.grants)
OF_COMMUNITY = frozenset({"community_secretary", "community_worker", "grid_leader"})


def nothing(world: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Address:
    """`gate` says who comes to the view at all. Of those, `roles` are let in, others read a
    sentence (403); what is not among `seen_by` does not exist for them (404). `sent_on` are
    redirected. `answers` overrules all of it where the page is a third party's."""

    gate: str
    args: Callable[[World], dict[str, Any]] = nothing
    roles: Collection[str] = STAFF
    seen_by: Collection[str] = EVERYBODY
    sent_on: Collection[str] = ()
    query: str = ""
    posted: bool = False  # POST only
    answers: frozenset[int] = frozenset()
    page: bool = True  # HTML
    bound: bool = False  # to a division: from the neighbouring one nothing can be changed
    looked_at: bool = False  # by the whole city, though changed by one division alone
    data: dict[str, str] = field(default_factory=dict)  # a valid POST, for those who may not

    def url(self, name: str, world: World) -> str:
        return reverse(name, kwargs=self.args(world)) + self.query

    def expected(self, party: str) -> frozenset[int] | set[int]:
        """The statuses a GET may have."""
        if self.answers and (party != "anonymous" or self.gate != RESIDENT):
            return self.answers
        if stopped := self._stopped(party):
            return {stopped, 405} if self.posted else {stopped}
        if self.posted:
            return {405}
        if party in self.sent_on:
            return {302}
        return {200} if party in self.seen_by else {404}

    def _stopped(self, party):
        if self.gate in (RESIDENT, DESK) and party == "anonymous":
            return 302
        if self.gate == DESK and party not in self.roles:
            return 403
        return 0


def public(**more) -> Address:
    return Address(PUBLIC, **more)


def resident(**more) -> Address:
    return Address(RESIDENT, **more)


def desk(**more) -> Address:
    return Address(DESK, **more)


def security(**more) -> Address:
    """allauth's pages of the second factor: shown, or first the proof of who is there."""
    return Address(RESIDENT, answers=frozenset({200, 302, 403, 404}), **more)


def action(gate: Callable[..., Address], **more) -> Address:
    return gate(posted=True, **more)


# --- what stands in the addresses -----------------------------------------------------------------


def item(world):
    return {"code": world.item.code}


def heard(world: World) -> dict[str, Any]:
    return {"number": world.application.number}


def plaque(world):
    return {"pk": world.plaque.pk}


def system(world):
    return {"number": world.system.number}


def edition(world):
    return {"pk": world.list_entry.edition_id}


def catalogue(world):
    return {"pk": world.banned.edition_id}


def certificate(world):
    return {"pk": world.certificate.pk}


def asked(world):
    return {"pk": world.asked_certificate.pk}


def demand(world):
    return {"number": world.demand.number}


def agreed(world):
    return {"number": world.agreement.number}


def clause(world):
    return agreed(world) | {"pk": world.clause.pk}


def said(world):
    return agreed(world) | {"pk": world.said.pk}


def payment(world):
    return {"pk": world.payment.pk}


def number(world):
    return {"number": world.case.number}


def draft(world):
    return {"code": "security-door", "submission": world.draft.pk}


def route(world):
    return {"pk": world.route.pk}


def helper(world):
    return {"number": world.case.number, "helper": world.helper.pk}


def duty(world):
    return {"pk": world.duty.pk}


def file(world):
    return {"pk": world.file.pk}


def card(world):
    return {"card_id": world.card.pk}


def post_below(world):
    return {"post_id": world.posts["grid_leader"].pk}


def fed(world):
    return {"code": world.feed.source.code}


def community(world):
    return {"code": world.posts["community_worker"].place}


def grid(world):
    return {"code": world.posts["grid_leader"].place}


def estate(world):
    return {"pk": world.estate.pk}


def year(world):
    return {"year": world.year}


def passkey(world):
    return {"pk": world.passkey.pk}


def granted(world):
    return {"number": world.grant.number}


def inhabitant(world):
    return {"pk": world.inhabitant.pk}


def household(world):
    return {"pk": world.household.pk}


def correction(world):
    return {"pk": world.correction.pk}


def binding(world):
    return {"pk": world.binding.pk}


def bound(gate=resident, **more):
    """A page of one's own data; an account that nobody has proved is led to the proof."""
    return gate(**{"sent_on": STAFF} | more)


OWNER = {"resident"}
CASE = {"args": number, "seen_by": cases.HANDLERS, "bound": True}
OWN_CASE = {"args": number, "seen_by": OWNER, "bound": True}
ANY_CASE = {"args": number, "seen_by": cases.HANDLERS | OWNER, "bound": True}
DUTY = {"args": duty, "seen_by": OF_COMMUNITY, "bound": True}
ITEM = {"args": item}
EDITORS = cases.EDITORS
CARD = {"args": card, "roles": people.CARD_KEEPERS, "bound": True}
BELOW = {
    "args": post_below, "roles": GRANTERS, "bound": True,
    "data": {"reason": "调离"},
}  # fmt: skip
RESIDENTS = {"roles": OF_COMMUNITY}
INHABITANT = {"args": inhabitant, "roles": OF_COMMUNITY, "bound": True}
HOUSEHOLD = {"args": household, "roles": OF_COMMUNITY, "bound": True}
WATCHERS = frozenset({"security_admin", "audit_admin"})
ASKERS = frozenset({"department_clerk"})
GRANT = {"roles": ASKERS | WATCHERS, "bound": True}
OFFICE = {"community_secretary", "community_worker"}
AGREED = {"roles": agreements.READERS, "args": agreed, "bound": True}
OF_PARTY = {"roles": agreements.DRIVERS | agreements.SIGNERS, "bound": True}
OF_CLERK = {"roles": agreements.DRIVERS, "bound": True}
OF_SIDES = {"roles": agreements.DRIVERS | agreements.SPEAKERS, "bound": True}
MADE = {"roles": MAKERS, "args": lambda world: {"pk": world.run.pk}, "bound": True}
OWN_CERTIFICATE = {"args": asked, "seen_by": OWNER, "bound": True}
ISSUERS = {"roles": frozenset(OFFICE)}
SCOPES = frozenset({"burden_office", "department_clerk"})
OFFICE_OF_BURDEN = {"roles": frozenset({"burden_office"})}
RETURNERS_AND_OFFICE = frozenset({"community_secretary", "community_worker", "burden_office"})
WALLS = {"roles": RETURNERS_AND_OFFICE}
MARK = {"verdict": "keep", "reason": "保留", "decided_on": "2026-11-30"}
CLERK = {"roles": frozenset({"department_clerk"})}
RETURNERS = {"community_secretary", "community_worker"}
AT_THE_GATE = RETURNERS | {"department_clerk", "burden_office", "city_leader"}
RETURNS = {"roles": frozenset(AT_THE_GATE)}
IMPORTERS, SEERS = imports.IMPORTERS, sources.SEERS
BATCH = {"roles": IMPORTERS, "args": lambda world: {"pk": world.batch.pk}}
DIVISION = {"args": community, "roles": places.DIVISION_ROLES}
DRAWN = {"roles": places.GRID_ROLES, "bound": True, "looked_at": True}
ONE = {"data": {"name": "新网格", "households": "10", "area": ""}}
HOUSES = {"data": {"place": "320411002018", "name": "新小区", "system": "cgcs2000"}}

ADDRESSES = {
    "shell:home": public(sent_on=STAFF),
    "shell:large": action(public),
    "shell:language": action(public),
    "shell:offline": public(),
    "shell:worker": public(page=False),
    "shell:styleguide": public(),
    "shell:styleguide_desk": public(),
    "shell:styleguide_plain": public(),
    "shell:styleguide_paper": public(),
    "shell:styleguide_fault": public(args=lambda world: {"name": "409"}, answers=frozenset({409})),
    # residents
    "cases:serve": public(),
    "cases:guide": public(args=item),
    "cases:progress": public(),
    "cases:mine": resident(),
    "cases:own": resident(**OWN_CASE),
    "cases:rate": action(resident, **OWN_CASE, data={"score": "5"}),
    "cases:reopen": action(resident, **OWN_CASE, data={"reason": "又坏了"}),
    "cases:withdraw": action(resident, **OWN_CASE),
    "cases:apply": resident(args=item, sent_on=EVERYBODY),
    "cases:fill": resident(args=draft),
    "cases:check": resident(args=draft, sent_on=STAFF),
    "cases:receipt": resident(**ANY_CASE),
    "cases:correct": resident(**ANY_CASE),
    "cases:discard": action(resident, args=lambda world: {"submission": world.draft.pk}),
    # service items and routing
    "cases:items": desk(),
    "cases:item_new": desk(roles=EDITORS),
    "cases:item_import": desk(roles=EDITORS),
    "cases:item_json": desk(page=False),
    "cases:item_csv": desk(page=False),
    "cases:item": desk(**ITEM),
    "cases:item_edit": desk(**ITEM, roles=EDITORS),
    "cases:item_compare": desk(**ITEM, query="?a=1&b=2"),
    "cases:item_publish": action(desk, **ITEM),
    "cases:item_retire": action(desk, **ITEM),
    "cases:item_discard": action(desk, **ITEM),
    "cases:routes": desk(),
    "cases:route_new": desk(roles=cases.ROUTERS),
    "cases:route_try": desk(),
    "cases:route": desk(args=route, roles=cases.ROUTERS),
    "cases:route_move": action(desk, args=route),
    "cases:route_delete": action(desk, args=route),
    # cases on the desk
    "cases:index": desk(),
    "cases:start": desk(),
    "cases:case": desk(**CASE),
    "cases:paper": desk(**CASE),
    "cases:remark": action(desk, **CASE, data={"text": "已电话联系"}),
    "cases:reveal": action(desk, **CASE, data={"reason": "上门核对"}),
    "cases:step": action(desk, **CASE | {"args": lambda world: number(world) | {"step": 0}}),
    "cases:answer_help": action(desk, **CASE | {"args": helper}, data={"opinion": "情况属实"}),
    "cases:release_helper": action(desk, **CASE | {"args": helper}),
    "cases:act": desk(
        **CASE | {"args": lambda world: number(world) | {"code": "reply"}}, data={"text": "修好了"}
    ),
    # people
    "people:sign_in": public(sent_on=EVERYBODY - {"anonymous"}),
    "people:sign_in_code": public(sent_on=EVERYBODY),
    "people:sign_in_holder": public(sent_on=EVERYBODY),
    "people:demo": public(),
    "people:demo_sign_in": public(
        args=lambda world: {"role": "resident"}, sent_on=EVERYBODY, page=False
    ),
    "people:me": resident(),
    "people:name": resident(),
    "people:preferences": action(resident),
    "people:home": resident(),
    "people:phone": resident(),
    "people:phone_code": resident(sent_on=EVERYBODY),
    "people:second_factor": resident(sent_on=STAFF),
    "people:end_session": action(resident, args=lambda world: {"session_id": world.session_id}),
    "people:notices": resident(),
    "people:read_notices": action(resident),
    "people:notice": resident(
        args=lambda world: {"notice_id": world.notice.pk}, seen_by=OWNER, sent_on=OWNER, bound=True
    ),
    "people:choose_post": action(desk),
    "people:posts": desk(roles=GRANTERS),
    "people:open_account": desk(roles=GRANTERS),
    "people:choose_role": desk(roles=GRANTERS),
    "people:grant": desk(
        args=lambda world: {"role": "grid_leader"},
        roles=GRANTERS,
        seen_by={"community_secretary", "subdistrict_clerk"},
    ),
    "people:end_post": desk(**BELOW),
    "people:reset_sign_in": desk(**BELOW),
    "people:cards": desk(roles=people.CARD_KEEPERS),
    "people:new_card": desk(roles=people.CARD_KEEPERS),
    "people:card": desk(**CARD),
    "people:remove_card": action(desk, **CARD),
    "people:keys": desk(),
    "people:new_key": desk(),
    "people:revoke_key": action(desk, args=lambda world: {"key_id": world.key.pk}, bound=True),
    # sign-in and second factor, by allauth
    "account_login": public(sent_on=EVERYBODY - {"anonymous"}),
    "account_inactive": public(),
    "account_logout": public(sent_on={"anonymous"}),
    "account_reauthenticate": security(),
    "account_change_password": security(),
    "mfa_index": security(),
    "mfa_authenticate": public(sent_on=EVERYBODY),
    "mfa_reauthenticate": security(),
    "mfa_activate_totp": security(),
    "mfa_deactivate_totp": security(),
    "mfa_view_recovery_codes": security(),
    "mfa_generate_recovery_codes": security(),
    "mfa_download_recovery_codes": security(page=False),
    "mfa_list_webauthn": security(),
    "mfa_add_webauthn": security(),
    "mfa_reauthenticate_webauthn": security(),
    "mfa_remove_webauthn": security(args=passkey, bound=True),
    "mfa_edit_webauthn": security(args=passkey, bound=True),
    "mfa_login_webauthn": public(answers=frozenset({200, 302}), page=False),
    "usersessions_list": resident(),
    # places
    "places:choose": public(page=False),
    "places:index": desk(sent_on=STAFF),
    "places:division": desk(args=community),
    "places:export": desk(args=community, page=False),
    "places:rename": desk(**DIVISION),
    "places:merge": desk(**DIVISION),
    "places:split": desk(**DIVISION),
    "places:move": desk(**DIVISION),
    "places:add_grid": desk(args=community, **DRAWN, **ONE),
    "places:grid": desk(args=grid, **DRAWN, **ONE),
    "places:end_grid": action(desk, args=grid, **DRAWN),
    "places:estates": desk(args=community),
    "places:add_estate": desk(args=community, **DRAWN, **HOUSES),
    "places:estate": desk(args=estate, **DRAWN, **HOUSES),
    "places:delete_estate": action(desk, args=estate, **DRAWN),
    "shell:audit": desk(roles={"audit_admin"}),
    "shell:card_photo": desk(**CARD),
    "shell:remove_card_photo": action(desk, **CARD),
    # files
    "files:upload": action(resident),
    "files:file": public(args=file, seen_by=OWNER, page=False, bound=True),
    "files:remove": action(resident, args=file, bound=True),
    # work
    "work:inbox": desk(),
    "work:take": action(desk, **DUTY),
    "work:give_back": action(desk, **DUTY),
    "work:assign": desk(**DUTY),
    "work:several": action(desk),
    "work:units": desk(roles=work.OVERSEERS),
    "work:calendar": desk(),
    "work:year": desk(args=year),
    "work:edit_year": desk(args=year, roles=work.CALENDAR_ROLES),
    # the burden
    "burden:scopes": desk(roles=SCOPES | {"city_leader"}),
    "burden:scope_answer": action(
        desk, roles=SCOPES, args=lambda world: {"pk": world.merged.pk}, data={"answer": "leave"}
    ),
    "burden:account": desk(),
    "burden:compare": desk(query="?by=place"),
    "burden:demands": desk(),
    "burden:demands_csv": desk(page=False),
    "burden:demand": desk(args=demand),
    "burden:decide": desk(**OFFICE_OF_BURDEN, args=lambda world: demand(world) | {"verb": "limit"}),
    "burden:undo": desk(
        **OFFICE_OF_BURDEN, args=lambda world: demand(world) | {"pk": world.decision.pk}
    ),
    "burden:campaign": desk(**OFFICE_OF_BURDEN),
    "burden:begin": desk(**OFFICE_OF_BURDEN),
    "burden:count": action(desk, **OFFICE_OF_BURDEN),
    "burden:load": action(desk, **OFFICE_OF_BURDEN),
    "burden:template": desk(**OFFICE_OF_BURDEN, page=False),
    "burden:freeze": action(desk, **OFFICE_OF_BURDEN),
    "burden:remark": action(desk, **OFFICE_OF_BURDEN, args=lambda world: {"category": "ledger"}),
    "burden:enter": desk(**OFFICE_OF_BURDEN),
    "burden:amend": desk(**OFFICE_OF_BURDEN, args=lambda world: {"number": world.entered.number}),
    "burden:discard": action(
        desk, **OFFICE_OF_BURDEN, args=lambda world: {"number": world.entered.number}
    ),
    "burden:cleanup": desk(**OFFICE_OF_BURDEN),
    "burden:four": desk(),
    "burden:gatekeeping": desk(),
    "burden:wall": desk(),
    "burden:walk": action(desk, **WALLS),
    "burden:plaque_add": desk(**WALLS, query=f"?place={COMMUNITY}"),
    "burden:wall_sheet": desk(query=f"?place={COMMUNITY}"),
    "burden:wall_csv": desk(page=False),
    "burden:plaque": desk(args=plaque),
    "burden:plaque_mark": action(desk, **WALLS, args=plaque, data=MARK),
    "burden:plaque_down": action(desk, **WALLS, args=plaque),
    "burden:plaque_strike": action(desk, **WALLS, args=plaque),
    "burden:ledgers": desk(),
    "burden:ledger": desk(args=lambda world: {"number": world.ledger.number}),
    "burden:systems": desk(),
    "burden:logins": desk(roles=RETURNERS),
    "burden:system": desk(args=system),
    "burden:announce_closing": action(desk, **OFFICE_OF_BURDEN, args=system),
    "burden:closing_draft": desk(**OFFICE_OF_BURDEN, args=system),
    "burden:closings": public(),
    "burden:closing": public(args=system),
    "burden:lists": desk(),
    "burden:list_leave": action(
        desk, **OFFICE_OF_BURDEN, args=lambda world: {"pk": world.ended_list.pk}
    ),
    "burden:whose": desk(query="?q=%E4%BD%8E%E4%BF%9D"),
    "burden:draft": desk(**OFFICE_OF_BURDEN),
    "burden:list_pattern": desk(
        **OFFICE_OF_BURDEN, args=lambda world: {"kind": "negative"}, page=False
    ),
    "burden:list_entry": desk(args=lambda world: {"pk": world.list_entry.pk}),
    "burden:edition_csv": desk(args=edition, page=False),
    "burden:edition_compare": desk(args=edition),
    "burden:edition_publish": action(desk, **OFFICE_OF_BURDEN, args=edition),
    "burden:edition_discard": action(desk, **OFFICE_OF_BURDEN, args=edition),
    # agreements
    "agreements:index": desk(roles=agreements.READERS),
    "agreements:csv": desk(roles=agreements.READERS, page=False),
    "agreements:overview": desk(roles=agreements.OVERSEERS | agreements.DRIVERS),
    "agreements:departments": desk(roles={"department_clerk"}),
    "agreements:payments": desk(roles=agreements.READERS),
    "agreements:payments_csv": desk(roles=agreements.READERS, page=False),
    "agreements:pay": desk(
        **OF_CLERK, args=payment, data={"paid_on": "2026-03-02", "evidence": "1号"}
    ),
    "agreements:received": action(desk, roles=agreements.SPEAKERS, args=payment, bound=True),
    "agreements:verify": desk(),
    "agreements:sign_all": desk(roles=agreements.DRIVERS, data={"sure": "on", "password": "x"}),
    "agreements:pattern": action(desk, roles=agreements.DRIVERS),
    "agreements:generate": action(desk, roles=MAKERS),
    "agreements:open_all": action(desk, roles=agreements.DRIVERS),
    "agreements:run": desk(**MADE),
    "agreements:run_progress": desk(**MADE, page=False),
    "agreements:run_go_on": action(desk, **MADE),
    "agreements:agreement": desk(**AGREED),
    "agreements:document": desk(**AGREED, page=False),
    "agreements:step": action(
        desk, **AGREED | {"args": lambda world: agreed(world) | {"step": "agree"}}
    ),
    "agreements:clause": desk(**OF_CLERK, args=clause, data={"target": "全部"}),
    "agreements:remove": action(desk, **OF_CLERK, args=clause),
    "agreements:add": desk(**OF_CLERK, args=agreed, data={"entry": "X01"}),
    "agreements:terms": desk(**OF_CLERK, args=agreed, data={"terms": "无"}),
    "agreements:supplement": desk(**OF_CLERK, args=agreed, data={"entry": "X02"}),
    "agreements:end": desk(**OF_CLERK, args=agreed, data={"ends_on": "2026-12-31"}),
    "agreements:carry_on": action(desk, **OF_CLERK, args=agreed, data={"place": "320411002018"}),
    "agreements:comment": action(desk, **OF_SIDES, args=agreed, data={"text": "再议"}),
    "agreements:answer": action(desk, **OF_SIDES, args=said, data={"text": "可以"}),
    "agreements:settle": action(desk, **OF_SIDES, args=said),
    "agreements:sign": desk(**OF_PARTY, args=agreed, data={"sure": "on", "password": "x"}),
    "agreements:signatures": desk(
        **AGREED | {"args": lambda world: {"number": world.signed.number}}
    ),
    "agreements:evaluate": desk(**OF_PARTY, args=agreed),
    # the gate
    "gate:public": public(),
    "gate:index": desk(),
    "gate:new": desk(**CLERK),
    "gate:check": action(desk, **CLERK),
    "gate:emergency": desk(**CLERK),
    "gate:prolong": desk(**OFFICE_OF_BURDEN, args=lambda world: {"number": world.bypass}),
    "gate:review": desk(
        args=lambda world: {"pk": world.review.pk},
        seen_by=RETURNERS | {"department_clerk", "burden_office"},
    ),
    "gate:application": desk(args=heard, seen_by=AT_THE_GATE),
    "gate:edit": desk(**CLERK, args=lambda world: {"number": world.application_draft.number}),
    "gate:submit": action(desk, **CLERK, args=heard, bound=True),
    "gate:withdraw": action(desk, **CLERK, args=heard, bound=True),
    "gate:pass_on": action(desk, **OFFICE_OF_BURDEN, args=heard),
    "gate:send_back": action(desk, **OFFICE_OF_BURDEN, args=heard, data={"reason": "补充"}),
    "gate:refuse": action(desk, **OFFICE_OF_BURDEN, args=heard, data={"reason": "依据不足"}),
    "gate:opine": action(desk, roles=RETURNERS, args=heard, data={"answer": "for", "text": ""}),
    "gate:decide": desk(**OFFICE_OF_BURDEN, args=lambda world: {"number": world.deciding.number}),
    "gate:calls": desk(),
    "gate:announce": desk(**CLERK),
    "gate:cancel": action(
        desk,
        **CLERK,
        args=lambda world: {"number": world.call.number},
        bound=True,
        data={"reason": "改期"},
    ),
    "gate:returns": desk(**RETURNS),
    "gate:returns_file": desk(**RETURNS, args=lambda world: {"kind": "xlsx"}, page=False),
    "gate:applications_file": desk(args=lambda world: {"kind": "csv"}, page=False),
    "gate:calls_file": desk(
        roles={"department_clerk", "burden_office", "city_leader"},
        args=lambda world: {"kind": "xlsx"},
        page=False,
    ),
    "gate:return": desk(roles=RETURNERS),
    "gate:return_ended": action(
        desk,
        roles=RETURNERS,
        args=lambda world: {"number": world.ended.number},
        data={"way": "phone"},
    ),
    "gate:letter": desk(**RETURNS, args=lambda world: {"number": world.letter.number}),
    # where the week goes
    "effort:index": desk(roles=effort.READERS),
    "effort:csv": desk(roles=effort.READERS, page=False),
    "effort:diary": desk(roles=effort.SECRETARY),
    "effort:join": action(desk, roles=effort.SECRETARY),
    "effort:leave": action(desk, roles=effort.SECRETARY),
    "effort:half_day": action(desk, roles=OF_COMMUNITY),
    "effort:standards": desk(roles=effort.READERS),
    "effort:standard": desk(**OFFICE_OF_BURDEN, args=lambda world: {"kind": "reply"}),
    "effort:headcounts": desk(**OFFICE_OF_BURDEN),
    "effort:posts_tell": action(
        desk, **OFFICE_OF_BURDEN, args=lambda world: {"pk": world.split.pk}
    ),
    # certificates
    "certificates:public": public(),
    "certificates:commitment": public(args=lambda world: {"pk": world.banned.pk}),
    "certificates:check": public(args=lambda world: {"token": world.certificate.token}),
    "certificates:apply": resident(args=lambda world: {"pk": world.certificate.entry_id}),
    "certificates:take_letter": resident(args=lambda world: {"pk": world.banned.pk}),
    "certificates:take_note": resident(query="?asked=%E5%B1%85%E4%BD%8F"),
    "certificates:units": resident(query="?unit=%E9%93%B6%E8%A1%8C", page=False),
    "certificates:mine": resident(),
    "certificates:own": resident(**OWN_CERTIFICATE),
    "certificates:complete": resident(**OWN_CERTIFICATE, sent_on=OWNER),
    "certificates:withdraw": action(resident, **OWN_CERTIFICATE),
    "certificates:own_pdf": resident(args=asked, seen_by=frozenset(), bound=True, page=False),
    "certificates:own_letter": resident(
        args=lambda world: {"number": world.own_letter.number}, seen_by=OWNER, bound=True
    ),
    "certificates:applications": desk(**ISSUERS),
    "certificates:application": desk(**ISSUERS, args=asked, bound=True),
    "certificates:application_ask": action(
        desk, **ISSUERS, args=asked, bound=True, data={"missing": "写全名"}
    ),
    "certificates:application_decline": action(
        desk, **ISSUERS, args=asked, bound=True, data={"reason": "不符"}
    ),
    "certificates:index": desk(query="?q=%E6%94%B6%E5%85%A5"),
    "certificates:editions": desk(),
    "certificates:draft": desk(**OFFICE_OF_BURDEN),
    "certificates:pattern": desk(**OFFICE_OF_BURDEN, page=False),
    "certificates:edition_csv": desk(args=catalogue, page=False),
    "certificates:edition_compare": desk(args=catalogue),
    "certificates:edition_publish": action(desk, **OFFICE_OF_BURDEN, args=catalogue),
    "certificates:edition_discard": action(desk, **OFFICE_OF_BURDEN, args=catalogue),
    "certificates:entry": desk(args=lambda world: {"pk": world.banned.pk}),
    "certificates:refuse": desk(**ISSUERS, args=lambda world: {"pk": world.banned.pk}),
    "certificates:refuse_unlisted": desk(**ISSUERS),
    "certificates:refusals": desk(**ISSUERS),
    "certificates:refusals_csv": desk(**ISSUERS, page=False),
    "certificates:refusal": desk(
        **ISSUERS, args=lambda world: {"number": world.refusal.number}, bound=True
    ),
    "certificates:report": desk(roles=certificates.REPORT_READERS),
    "certificates:unit_names": desk(**OFFICE_OF_BURDEN),
    "certificates:unit_part": action(
        desk, **OFFICE_OF_BURDEN, args=lambda world: {"pk": world.spelling.pk}
    ),
    "certificates:report_csv": desk(roles=certificates.REPORT_READERS, page=False),
    "certificates:find": desk(**ISSUERS, args=lambda world: {"pk": world.certificate.entry_id}),
    "certificates:request": desk(**ISSUERS, args=lambda world: {"pk": world.of_a_matter.pk}),
    "certificates:request_for": desk(
        **ISSUERS,
        args=lambda world: {
            "pk": world.certificate.entry_id,
            "person": world.certificate.person,
        },
        bound=True,
    ),
    "certificates:register": desk(**ISSUERS),
    "certificates:register_csv": desk(**ISSUERS, page=False),
    "certificates:certificate": desk(**ISSUERS, args=certificate, bound=True),
    "certificates:pdf": desk(**ISSUERS, args=certificate, bound=True, page=False),
    "certificates:seal": action(desk, **ISSUERS, args=certificate, bound=True),
    "certificates:end": action(
        desk, **ISSUERS, args=certificate, bound=True, data={"reason": "有误"}
    ),
    "certificates:hand_out": action(desk, **ISSUERS, args=certificate, bound=True),
    # the catalogue and data sharing
    "registry:catalogue": desk(),
    "registry:catalogue_paper": desk(),
    "registry:catalogue_csv": desk(page=False),
    "registry:catalogue_json": desk(page=False),
    "registry:code_lists": desk(),
    "registry:code_list": desk(args=lambda world: {"code": "ethnic"}),
    "registry:element": desk(args=lambda world: {"code": "person.phone"}),
    "registry:grants": desk(roles=ASKERS | WATCHERS),
    "registry:grant_new": desk(roles=ASKERS),
    "registry:grant": desk(**GRANT, args=granted),
    "registry:grant_edit": desk(
        roles=ASKERS, args=lambda world: {"number": world.grant_draft.number}, bound=True
    ),
    "registry:grant_persons": desk(roles=ASKERS, args=granted, bound=True),
    "registry:grant_csv": desk(roles=ASKERS, args=granted, bound=True, page=False),
    "registry:grant_xlsx": desk(roles=ASKERS, args=granted, bound=True, page=False),
    "registry:grant_log": desk(**GRANT, args=granted),
    "registry:grant_step": desk(
        **GRANT, args=lambda world: granted(world) | {"code": "end"}, data={"reason": "工作完成"}
    ),
    "registry:grant_part_step": desk(
        **GRANT,
        args=lambda world: granted(world) | {"owner": "civil_affairs", "code": "agree"},
        data={"provided": "1"},
    ),
    "registry:reveal": desk(
        args=inhabitant,
        seen_by=OF_COMMUNITY,
        bound=True,
        data={"elements": "person.phone", "reason": "上门核对"},
    ),
    "registry:reveals": desk(
        roles=WATCHERS, args=lambda world: {"post": world.posts["community_worker"].pk}
    ),
    # residents of the registry
    "registry:residents": desk(**RESIDENTS),
    "registry:search": action(desk, **RESIDENTS),
    "registry:twins": action(desk, **RESIDENTS, page=False),
    "registry:numbers": desk(roles=registry.numbers.ROLES),
    "registry:person": desk(**INHABITANT),
    "registry:verify": action(desk, **INHABITANT),
    "registry:tag_new": desk(**INHABITANT, seen_by=OFFICE),
    "registry:edit_person": desk(
        **INHABITANT | {"args": lambda world: inhabitant(world) | {"section": "person"}}
    ),
    "registry:person_step": desk(
        **INHABITANT | {"args": lambda world: inhabitant(world) | {"code": "move-out"}}
    ),
    "registry:new_household": desk(**RESIDENTS),
    "registry:household": desk(**HOUSEHOLD),
    "registry:household_paper": desk(**HOUSEHOLD),
    "registry:add_member": desk(**HOUSEHOLD),
    "registry:household_step": desk(
        **HOUSEHOLD | {"args": lambda world: household(world) | {"code": "head"}}
    ),
    "registry:settling": desk(**RESIDENTS),
    "registry:death": desk(
        roles=OF_COMMUNITY, args=lambda world: {"pk": world.death.pk}, seen_by=OFFICE, bound=True
    ),
    "registry:settle_conflict": action(
        desk, **RESIDENTS, args=lambda world: {"pk": world.conflict.pk}, seen_by=OFFICE
    ),
    "registry:transfer_new": desk(**RESIDENTS),
    "registry:transfer": desk(
        **RESIDENTS, args=lambda world: {"pk": world.move.pk}, seen_by=OFFICE
    ),
    # files on their way into the registry, and sources
    "registry:imports": desk(roles=IMPORTERS),
    "registry:import_new": desk(roles=IMPORTERS),
    "registry:import": desk(**BATCH),
    "registry:import_columns": desk(**BATCH | {"args": lambda world: {"pk": world.waiting.pk}}),
    "registry:import_progress": desk(**BATCH, page=False),
    "registry:import_problems": desk(**BATCH),
    "registry:import_ask_transfer": action(
        desk,
        **BATCH | {"args": lambda world: {"pk": world.batch.pk, "problem": world.elsewhere.pk}},
    ),
    "registry:import_differences": desk(**BATCH),
    "registry:import_csv": desk(**BATCH, page=False),
    "registry:import_xlsx": desk(**BATCH, page=False),
    "registry:import_take_over": action(desk, **BATCH),
    "registry:import_undo": action(desk, **BATCH),
    "registry:import_discard": action(desk, **BATCH),
    "registry:import_go_on": action(desk, **BATCH),
    "registry:sources": desk(roles=SEERS),
    "registry:source": desk(roles=SEERS, args=fed),
    "registry:source_new": desk(roles=sources.KEEPERS),
    "registry:source_edit": desk(roles=sources.KEEPERS, args=fed),
    "registry:source_ask": action(desk, roles=SEERS, args=fed),
    "registry:source_settle": action(
        desk,
        roles=sources.SETTLERS,
        args=lambda world: fed(world) | {"pk": world.difference.pk},
        bound=True,
    ),
    "registry:comparisons": desk(**RESIDENTS),
    "registry:comparison": desk(
        **RESIDENTS, args=lambda world: {"pk": world.compared.pk}, seen_by=OFFICE
    ),
    "registry:link_pair": desk(
        **INHABITANT
        | {
            "args": lambda world: {"one": world.inhabitant.pk, "two": world.housemate.pk},
            "data": {"answer": "not_same"},
        }
    ),
    "registry:tags": desk(roles=registry.tags.ROLES),
    "registry:tag": desk(
        args=lambda world: {"pk": world.tag.pk}, roles=registry.tags.ROLES, bound=True
    ),
    # my data
    "registry:population": desk(roles=registry.population.READERS),
    "registry:population_paper": desk(roles=registry.population.READERS),
    "registry:population_csv": desk(roles=registry.population.READERS, page=False),
    "registry:my_data": bound(),
    "registry:unlock": bound(),
    "registry:unlock_code": resident(sent_on=EVERYBODY),
    "registry:whose_data": action(resident),
    "registry:my_readers": bound(),
    "registry:my_wrong": bound(
        args=lambda world: {"element": "person.employer"},
        data={"value": "示例公司", "reason": "换了单位"},
    ),
    "registry:my_requests": bound(),
    "registry:withdraw_correction": action(resident, args=correction, bound=True),
    "registry:my_copy": bound(),
    "registry:my_copy_file": resident(
        args=lambda world: {"form": "json"}, sent_on=EVERYBODY, page=False
    ),
    "registry:my_erasure": bound(),
    "registry:my_consents": bound(),
    "registry:my_people": bound(),
    "registry:end_binding": action(resident, args=binding, bound=True),
    "registry:bind": resident(),
    "registry:bind_code": action(resident),
    "registry:bind_papers": resident(),
    "registry:bind_identity": action(resident, args=lambda world: {"adapter": "demo"}),
    "registry:bind_back": resident(
        args=lambda world: {"adapter": "demo"}, sent_on=EVERYBODY, page=False
    ),
    "registry:demo_identity": public(answers=frozenset({409}), page=False),
    # rights at the desk, and the registers of the privacy law
    "registry:corrections": desk(roles=registry.DECIDERS),
    "registry:correction": desk(
        args=correction,
        roles=registry.DECIDERS,
        seen_by={"department_clerk"},
        bound=True,
        data={"accept": "1", "answer": "属实"},
    ),
    "registry:bindings": desk(roles=registry.CHECKERS),
    "registry:bind_person": desk(args=inhabitant, roles=registry.CHECKERS, bound=True),
    "registry:unbind": action(desk, args=binding, roles=registry.CHECKERS, bound=True),
    "registry:binding_request": desk(
        args=lambda world: {"pk": world.binding_request.pk},
        roles=registry.CHECKERS,
        bound=True,
        data={"refuse": "1", "answer": "材料不足"},
    ),
    "registry:privacy": public(),
    "registry:privacy_version": public(args=lambda world: {"version": world.told.version}),
    "registry:privacy_desk": desk(roles=registry.privacy.KEEPERS),
    "registry:new_notice": desk(roles=registry.privacy.ANSWERS_FOR_ALL),
    "registry:new_purpose": desk(roles=registry.privacy.KEEPERS),
    "registry:purpose": desk(
        args=lambda world: {"code": world.purpose.pk}, roles=registry.privacy.KEEPERS
    ),
    "registry:new_assessment": desk(roles=registry.privacy.KEEPERS),
    "registry:assessment": desk(
        args=lambda world: {"pk": world.assessment.pk},
        roles=registry.privacy.KEEPERS,
        seen_by={"security_admin", "city_clerk"},
    ),
    "registry:new_incident": desk(roles=registry.privacy.ANSWERS_FOR_ALL),
    "registry:incident": desk(
        args=lambda world: {"pk": world.incident.pk}, roles=registry.privacy.ANSWERS_FOR_ALL
    ),
    # the API: its document is open, everything else needs a key
    "api:openapi-json": public(page=False),
    "api:openapi-view": public(),
    "api:api-root": public(sent_on=EVERYBODY),
}


def named() -> dict[str, URLPattern]:
    """All named addresses there are, found in the resolver."""
    found: dict[str, URLPattern] = {}

    def walk(resolver, spaces=()):
        for each in resolver.url_patterns:
            if isinstance(each, URLPattern):
                if each.name:
                    found[":".join([*spaces, each.name])] = each
            else:
                walk(each, (*spaces, each.namespace) if each.namespace else spaces)

    walk(get_resolver())
    return found


def of_api(name: str, pattern: URLPattern) -> Address:
    """Operations of the API have no session: without a key each of them says so."""
    samples = {
        "number": lambda world: world.case.number,
        "code": lambda world: world.item.code,
        "file_id": lambda world: world.file.pk,
    }
    wanted = pattern.pattern.converters

    def args(world):
        return {key: samples[key](world) for key in wanted}

    return Address(API, args=args, answers=frozenset({401, 405}), page=False)


def table() -> dict[str, Address]:
    """ADDRESSES with the operations of the API; what is missing in it is missing here."""
    found = dict(ADDRESSES)
    for name, pattern in named().items():
        if name.startswith("api:") and name not in found:
            found[name] = of_api(name, pattern)
    return found
