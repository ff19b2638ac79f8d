// Math.random and crypto: one generator for each document (sfc32, from the seed of its boot), so that a run is repeated by
// its seed. Nothing here is secret.
'use strict';

{
    const EngineMath = Math;

    oneroomSurface((g, host) => {
        let [a, b, c, counter] = host.boot.seed;

        function next32() {
            const sum = (((a + b) | 0) + counter) | 0;
            counter = (counter + 1) | 0;
            a = b ^ (b >>> 9);
            b = (c + (c << 3)) | 0;
            c = (c << 21) | (c >>> 11);
            c = (c + sum) | 0;
            return sum >>> 0;
        }
        for (let round = 0; round < 12; round++) next32();

        const math = Object.create(Object.prototype, Object.getOwnPropertyDescriptors(EngineMath));
        math.random = () => (next32() * 0x200000 + (next32() >>> 11)) / 0x20000000000000;
        g.Math = math;

        const hex = (byte) => byte.toString(16).padStart(2, '0');
        const QUOTA_BYTES = 65536;  // Web Cryptography, getRandomValues

        // Each gives a promise, as the real ones do; it rejects.
        const subtle = {};
        for (const name of ['decrypt', 'deriveBits', 'deriveKey', 'digest', 'encrypt', 'exportKey', 'generateKey',
            'importKey', 'sign', 'unwrapKey', 'verify', 'wrapKey']) {
            subtle[name] = async () => host.notModelled(`crypto.subtle.${name}`)();
        }

        g.crypto = {
            getRandomValues(array) {
                if (array.byteLength > QUOTA_BYTES) {
                    throw new g.DOMException(`more than ${QUOTA_BYTES} bytes`, 'QuotaExceededError');
                }
                const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
                for (let at = 0; at < bytes.length; at++) bytes[at] = next32() & 255;
                return array;
            },
            randomUUID() {
                const bytes = Array.from({length: 16}, () => next32() & 255);
                bytes[6] = (bytes[6] & 15) | 64;
                bytes[8] = (bytes[8] & 63) | 128;
                const text = bytes.map(hex).join('');
                const ends = [0, 8, 12, 16, 20, 32];
                return ends.slice(1).map((end, at) => text.slice(ends[at], end)).join('-');
            },
            subtle,
        };
    }, {window: ['Math', 'crypto']});
}
