from .applications import ask_missing, decline, take
from .applying import apply, complete, fetch, take_letter, take_note, withdraw
from .catalogue import confirm_entry, discard_edition, draft_edition, publish_edition
from .issuing import hand_out, keep_paper, refuse_request, request, revoke, seal
from .keeping import forget_applications, forget_certificates, forget_refusals
from .moves import follow_catalogues, follow_move
from .refusing import refuse
from .units import join_units, part_units

__all__ = [
    "apply", "ask_missing", "complete", "confirm_entry", "decline", "discard_edition",
    "draft_edition", "fetch", "follow_catalogues", "follow_move", "forget_applications",
    "forget_certificates", "forget_refusals", "hand_out", "join_units", "keep_paper",
    "part_units", "publish_edition", "refuse", "refuse_request", "request", "revoke", "seal",
    "take", "take_letter", "take_note", "withdraw",
]  # fmt: skip
