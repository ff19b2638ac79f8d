// DOMException (Web IDL): the errors of the browser's own calls, told apart by their names.
'use strict';

oneroomSurface((g) => {
    const CODES = {
        IndexSizeError: 1, NotFoundError: 8, NotSupportedError: 9, InvalidStateError: 11, SyntaxError: 12,
        InvalidModificationError: 13, InvalidAccessError: 15, SecurityError: 18, NetworkError: 19,
        AbortError: 20, QuotaExceededError: 22, TimeoutError: 23, DataCloneError: 25,
    };

    g.DOMException = class DOMException extends Error {
        constructor(message = '', name = 'Error') {
            super(String(message));
            Object.defineProperty(this, 'name', {value: String(name), configurable: true});
        }
        get code() { return CODES[this.name] ?? 0; }
    };
});
