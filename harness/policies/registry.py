"""Policies by name. A user's own policy is named `module:Class` and needs no registration."""

from __future__ import annotations

import difflib
import importlib

from harness.core.policy import Policy

_PLACES: dict[str, str] = {
    "naive": "harness.policies.naive:Naive",
    "main-only": "harness.policies.main_only:MainOnly",
    "heartbeat": "harness.policies.heartbeat:Heartbeat",
    "web-lock": "harness.policies.web_lock:WebLock",
    "web-lock-lease": "harness.policies.web_lock_lease:WebLockLease",
    # What people run: elections as published, with their defaults and their bugs (docs/policies.md).
    "bully-apply": "harness.policies.bully_apply:BullyApply",
    "bully-apply-demote": "harness.policies.bully_apply:BullyApplyDemote",
    "web-lock-plain": "harness.policies.web_lock_plain:WebLockPlain",
    "web-lock-heartbeat-steal": "harness.policies.web_lock_heartbeat_steal:WebLockHeartbeatSteal",
    "web-lock-release-when-hidden": "harness.policies.web_lock_release_when_hidden:WebLockReleaseWhenHidden",
    "web-lock-attention": "harness.policies.web_lock_attention:WebLockAttention",
    "lease-term-fencing": "harness.policies.lease_term_fencing:LeaseTermFencing",
    "ping-pong-maxid": "harness.policies.ping_pong_maxid:PingPongMaxId",
    "gossip-max-optimistic": "harness.policies.gossip_max_optimistic:GossipMaxOptimistic",
    "focus-follows": "harness.policies.focus_follows:FocusFollows",
    "idb-term-cas": "harness.policies.idb_term_cas:IdbTermCas",
    "ls-mutex": "harness.policies.ls_mutex:LsMutex",
    "ls-claimant-takeover": "harness.policies.ls_claimant_takeover:LsClaimantTakeover",
}
NAMES: tuple[str, ...] = tuple(_PLACES)
RECOMMENDED = "web-lock-lease"


class UnknownPolicy(ValueError):
    """No policy of that name; `suggestions` are near ones. `args` are (name, why, suggestions)."""

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
    place = _PLACES.get(name, name)
    module_name, colon, class_name = place.partition(":")
    if not colon:
        raise UnknownPolicy(name, "does not exist", tuple(difflib.get_close_matches(name, NAMES, 2)))
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # the module is its user's, and so is whatever it raises
        raise UnknownPolicy(name, f"cannot be imported: {_told(error)}", ()) from error
    found = getattr(module, class_name, None)
    if found is None:
        near = difflib.get_close_matches(class_name, vars(module), 1)
        raise UnknownPolicy(name, f"is not in {module_name}", tuple(f"{module_name}:{one}" for one in near))
    if not isinstance(found, type) or not issubclass(found, Policy):
        raise UnknownPolicy(name, "is not a subclass of harness.core.policy.Policy", ())
    return found


def _told(error: Exception) -> str:
    """What a module raised, and the line of it."""
    if isinstance(error, ImportError):
        return str(error)
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    import traceback  # not at every start

    (*_, last) = traceback.extract_tb(error.__traceback__)
    return f"{last.filename}:{last.lineno}: {type(error).__name__}: {error}"
