// AbortController and AbortSignal (DOM standard). `abort()` runs the signal's listeners at once.
'use strict';

oneroomSurface((g, host) => {
    const aborted = () => new g.DOMException('signal is aborted without reason', 'AbortError');

    class AbortSignal extends g.EventTarget {
        aborted = false;
        reason = undefined;

        throwIfAborted() { if (this.aborted) throw this.reason; }
        static abort(reason = aborted()) {
            const signal = new AbortSignal();
            abort(signal, reason);
            return signal;
        }
        static timeout(delay_ms) {
            const signal = new AbortSignal();
            const end = () => abort(signal, new g.DOMException('signal timed out', 'TimeoutError'));
            g.setTimeout(end, delay_ms);
            return signal;
        }
        static any(signals) {
            const signal = new AbortSignal();
            for (const one of signals) {
                if (one.aborted) abort(signal, one.reason);
                else one.addEventListener('abort', () => abort(signal, one.reason));
            }
            return signal;
        }
    }
    host.handlers(AbortSignal.prototype, ['abort']);

    function abort(signal, reason) {
        if (signal.aborted) return;
        signal.aborted = true;
        signal.reason = reason;
        host.fireNow(signal, new g.Event('abort'));
    }

    g.AbortSignal = AbortSignal;
    g.AbortController = class AbortController {
        signal = new AbortSignal();
        abort(reason = aborted()) { abort(this.signal, reason); }
    };
}, {window: ['AbortController', 'AbortSignal']});
