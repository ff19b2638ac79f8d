// What the user can click: a turn `action` calls what the app has registered, as a task with transient activation.
'use strict';

oneroomSurface((g, host) => {
    host.actions = new Map();
    host.on('action', (name, argument) => {
        host.activate();
        host.step(() => {
            const action = host.actions.get(name);
            if (action === undefined) host.fail(`action ${name}`, new Error('the app has registered no such action'));
            else host.guard(`action ${name}`, action, undefined, typeof argument === 'string' ? JSON.parse(argument) : undefined);
        });
    });
});
