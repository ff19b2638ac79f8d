"""Policies by name. A user's own policy is named `module:Class` and needs no registration."""

from __future__ import annotations

import difflib

from oneroom import named_class
from oneroom.core.policy import Policy
from oneroom.named_class import UnknownClass
from oneroom.policies.users_code import forbid, unknown_hook, wrong_setting

_PLACES: dict[str, str] = {
    "naive": "naive:Naive",
    "main-only": "main_only:MainOnly",
    "heartbeat": "heartbeat:HeartbeatTimeout",
    "web-lock": "web_lock:WebLock",
    "web-lock-lease": "web_lock_lease:WebLockLease",
    # What people run: elections as published, with their defaults and their bugs
    # (docs/policies.md).
    "bully-apply": "bully_apply:BullyApply",
    "bully-apply-demote": "bully_apply:BullyApplyDemote",
    "web-lock-plain": "web_lock_plain:WebLockPlain",
    "web-lock-heartbeat-steal": "web_lock_heartbeat_steal:WebLockHeartbeatSteal",
    "web-lock-release-when-hidden": "web_lock_release_when_hidden:WebLockReleaseWhenHidden",
    "web-lock-attention": "web_lock_attention:WebLockAttention",
    "lease-term-fencing": "lease_term_fencing:LeaseTermFencing",
    "ping-pong-maxid": "ping_pong_maxid:PingPongMaxId",
    "gossip-max-optimistic": "gossip_max_optimistic:GossipMaxOptimistic",
    "focus-follows": "focus_follows:FocusFollows",
    "idb-term-cas": "idb_term_cas:IdbTermCas",
    "ls-mutex": "ls_mutex:LsMutex",
    "ls-claimant-takeover": "ls_claimant_takeover:LsClaimantTakeover",
}
NAMES: tuple[str, ...] = tuple(_PLACES)
RECOMMENDED = "web-lock-lease"


class UnknownPolicy(ValueError):
    """A policy name that is not known; `suggestions` are near ones.

    `args` are (name, why, suggestions).
    """

    def __init__(self, name: str, why: str, suggestions: tuple[str, ...]) -> None:
        super().__init__(name, why, suggestions)
        self.name = name
        self.why = why
        self.suggestions = suggestions

    def __str__(self) -> str:
        hint = f"; did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        return f"policy {self.name!r} {self.why}{hint}"


def load(name: str) -> type[Policy]:
    """The policy class called `name`. Raises UnknownPolicy."""
    if name not in _PLACES and ":" not in name:
        near = tuple(difflib.get_close_matches(name, NAMES, 2))
        if not near and (near := named_class.classes_in(name)):
            raise UnknownPolicy(name, "is a module; write module:Class", near)
        known = "" if near else f"; policies: {', '.join(NAMES)}, and module:Class for one of yours"
        raise UnknownPolicy(name, f"does not exist{known}", near)
    place = f"{__package__}.{_PLACES[name]}" if name in _PLACES else name
    try:
        found = named_class.load(place, Policy)
    except UnknownClass as error:
        raise UnknownPolicy(name, error.why, error.suggestions) from error
    if wrong := unknown_hook(found) or wrong_setting(found):
        raise UnknownPolicy(name, f"cannot be used: {wrong}", ())
    if name not in _PLACES:
        setattr(found, "_forbid", staticmethod(forbid))  # noqa: B010  # it is typed as what it was
    return found
