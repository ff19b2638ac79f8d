// What the user clicks: a turn `action` or `do` is a task with transient activation. The page hears `pointerdown` first, at
// window and document (there is no tree); then what the app has registered is called. A `do` names the action itself, so it is an
// error if there is none. A click at no control is the action `gesture`.
'use strict';

oneroomSurface((g, host) => {
    const NONE = 'the app has registered no such action';
    const call = (what, name, argument) => {
        host.activate();
        for (const target of [g, g.document]) {
            host.fire(target, new g.PointerEvent('pointerdown', {bubbles: true, cancelable: true}));
        }
        host.step(() => {
            const action = host.actions.get(name);
            if (action === undefined) {
                if (what === 'action gesture') return;
                const names = [...host.actions.keys()].sort().join(', ');
                host.fail(what, new Error(`${NONE}: ${name}; ${names ? `it has ${names}` : 'it has none'}`));
            } else {
                host.guard(`action ${name}`, action, undefined, typeof argument === 'string' ? JSON.parse(argument) : undefined);
            }
        });
    };
    host.actions = new Map();
    host.on('action', (name, argument) => { call(`action ${name}`, name, argument); });
    host.on('do', (name, argument) => { call('do', name, argument); });
});
