// Date and performance: both read the time of the turn, which stands still while a task runs, unless the task waits for a clock:
// one that has read the clocks very often sees a millisecond go by with every further reading, and the op `busy` tells the host
// for how long the page was. The two clocks part when the wall clock is set (`wall` turns): Date moves, performance does not.
'use strict';

oneroomSurface((g, host) => {
    const EngineDate = Date;
    const origin_us = host.now();
    let wall_ms = host.boot.wallMs;

    const PATIENT_READINGS = 1000;
    let [turn, readings] = [0, 0];

    host.elapsed = () => (host.now() - origin_us) / 1000;
    function elapsed() {
        if (turn !== host.turns()) [turn, readings] = [host.turns(), 0];
        if (++readings > PATIENT_READINGS) host.busy(1);
        return host.elapsed();
    }
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
