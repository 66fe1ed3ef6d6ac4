from .catalogue import confirm_entry, discard_edition, draft_edition, publish_edition
from .issuing import hand_out, keep_paper, refuse_request, request, revoke, seal
from .keeping import forget_certificates, forget_refusals
from .refusing import refuse

__all__ = [
    "confirm_entry", "discard_edition", "draft_edition", "forget_certificates", "forget_refusals",
    "hand_out", "keep_paper", "publish_edition", "refuse", "refuse_request", "request", "revoke",
    "seal",
]  # fmt: skip
