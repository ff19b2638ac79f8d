"""BroadcastChannel as a port on the host's bus."""

from __future__ import annotations

from tests.javascript.page_rig import Page


def test_a_channel_posts_hears_and_closes():
    page = Page()
    [opened, post] = page.run(
        "const bus = new BroadcastChannel('x'); bus.onmessage = e => say(e.data.n + e.origin);"
        "bus.postMessage({n: 5})"
    )
    assert opened == ["openChannel", 1, "x"]
    page.turn("message", 1, post[2])
    assert page.said == ["5https://app.example"]
    assert page.run("bus.close(); bus.close()") == [["closeChannel", 1]]
    page.turn("message", 1, post[2])
    page.run("try { bus.postMessage(1) } catch (error) { say(error.name) }")
    assert page.said[1:] == ["InvalidStateError"]


def test_shared_memory_arrives_as_null():
    page = Page()
    ops = page.run("new BroadcastChannel('x').postMessage({deep: new SharedArrayBuffer(8)})")
    assert ops[1] == ["post", 1, "null"]


def test_what_cannot_be_cloned_is_not_posted():
    page = Page()
    ops = page.run("try { new BroadcastChannel('x').postMessage(say) } catch (e) { say(e.name) }")
    assert [op[0] for op in ops] == ["openChannel"]
    assert page.said == ["DataCloneError"]
