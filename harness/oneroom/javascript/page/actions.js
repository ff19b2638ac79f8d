// What the user can click: a turn `action` or `do` calls what the app has registered, as a task with transient
// activation. A `do` names the action itself, so it is an error if there is none.
'use strict';

oneroomSurface((g, host) => {
    const NONE = 'the app has registered no such action';
    const call = (what, name, argument) => {
        host.activate();
        host.step(() => {
            const action = host.actions.get(name);
            if (action === undefined) {
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
