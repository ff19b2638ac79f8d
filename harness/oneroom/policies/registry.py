"""Policies by name. A user's own policy is named `module:Class` and needs no registration."""

from __future__ import annotations

import difflib
import importlib

from oneroom.core.policy import Policy
from oneroom.policies.users_code import unknown_hook

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
    place = f"{__package__}.{_PLACES[name]}" if name in _PLACES else name
    module_name, colon, class_name = place.partition(":")
    if not colon:
        raise UnknownPolicy(
            name, "does not exist", tuple(difflib.get_close_matches(name, NAMES, 2))
        )
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # the module is its user's, and so is whatever it raises
        raise UnknownPolicy(name, f"cannot be imported: {_error_line(error)}", ()) from error
    found = getattr(module, class_name, None)
    if found is None:
        near = difflib.get_close_matches(class_name, vars(module), 1)
        raise UnknownPolicy(
            name, f"is not in {module_name}", tuple(f"{module_name}:{one}" for one in near)
        )
    if not isinstance(found, type) or not issubclass(found, Policy):
        raise UnknownPolicy(name, "is not a subclass of oneroom.core.policy.Policy", ())
    if wrong := unknown_hook(found):
        raise UnknownPolicy(name, f"cannot be used: {wrong}", ())
    return found


def _error_line(error: Exception) -> str:
    """The error that a module raised, with its line."""
    if isinstance(error, ImportError):
        return str(error)
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    import traceback  # not at every start

    (*_, last) = traceback.extract_tb(error.__traceback__)
    return f"{last.filename}:{last.lineno}: {type(error).__name__}: {error}"
