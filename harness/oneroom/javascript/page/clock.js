// Date and performance: both read the time of the turn, which stands still while a task runs. The two clocks part when the
// machine's wall clock is set (`wall` turns): Date moves, performance does not.
'use strict';

oneroomSurface((g, host) => {
    const EngineDate = Date;
    const origin_us = host.now();
    let wall_ms = host.boot.wallMs;

    const elapsed = () => (host.now() - origin_us) / 1000;
    const now = () => Math.floor(wall_ms + elapsed());

    function Date_(...parts) {
        if (!new.target) return new Date_().toString();
        return Reflect.construct(EngineDate, parts.length ? parts : [now()], new.target);
    }
    Object.setPrototypeOf(Date_, EngineDate);
    Object.defineProperties(Date_, {
        name: {value: 'Date'},
        prototype: {value: Object.create(EngineDate.prototype)},
        now: {value: now, writable: true, configurable: true},
    });
    Object.defineProperty(Date_.prototype, 'constructor', {
        value: Date_, writable: true, configurable: true,
    });
    g.Date = Date_;

    const marks = new Map();
    const entry = (entryType, name, startTime, duration, detail = null) => {
        const made = {entryType, name, startTime, duration, detail};
        return Object.assign(made, {toJSON: () => made});
    };
    // In `own` the engine's own `performance`, with its real clock, is replaced.
    Object.defineProperty(g, 'performance', {
        configurable: true,
        writable: true,
        value: {
            now: elapsed,
            timeOrigin: wall_ms,
            mark(name, options) {
                const made = entry('mark', name, options?.startTime ?? elapsed(), 0, options?.detail);
                marks.set(name, made);
                return made;
            },
            measure(name, from, to) {
                const at = (mark, otherwise) => marks.get(mark)?.startTime ?? otherwise;
                const start = at(from?.start ?? from, 0);
                return entry('measure', name, start, at(from?.end ?? to, elapsed()) - start);
            },
            clearMarks: (name) => (name === undefined ? marks.clear() : marks.delete(name)),
            clearMeasures() {},
            getEntriesByName: (name) => (marks.has(name) ? [marks.get(name)] : []),
            getEntriesByType: (type) => (type === 'mark' ? [...marks.values()] : []),
            getEntries: () => [...marks.values()],
            toJSON: () => ({timeOrigin: wall_ms}),
        },
    });

    host.on('wall', (by_ms) => { wall_ms += by_ms; });
});
