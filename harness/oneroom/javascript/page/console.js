// console: lines of the app, which its timeline shows.
'use strict';

oneroomSurface((g, host) => {
    const LONGEST = 2000;
    function words(value) {
        if (typeof value === 'string') return value;
        if (value instanceof Error) return `${value.name}: ${value.message}`;
        if (typeof value === 'function') return `[function ${value.name || 'anonymous'}]`;
        try {
            return JSON.stringify(value) ?? String(value);
        } catch {
            return Object.prototype.toString.call(value);
        }
    }
    const log = (level) => (...values) => {
        host.op('console', level, values.map(words).join(' ').slice(0, LONGEST));
    };
    const counts = new Map();
    g.console = {
        assert(condition, ...values) { if (!condition) log('error')('Assertion failed:', ...values); },
        count(label = 'default') {
            counts.set(label, (counts.get(label) ?? 0) + 1);
            log('log')(`${label}: ${counts.get(label)}`);
        },
        countReset: (label = 'default') => { counts.delete(label); },
        dir: log('log'),
        table: log('log'),
        group: log('log'),
        groupCollapsed: log('log'),
        groupEnd() {},
        clear() {},
        time() {},
        timeEnd() {},
        timeLog() {},
        trace: log('debug'),
    };
    for (const level of ['log', 'info', 'debug', 'warn', 'error']) g.console[level] = log(level);
}, {window: ['console']});
