// TextEncoder and TextDecoder (Encoding standard), UTF-8 only; btoa and atob.
'use strict';

oneroomSurface((g) => {
    const REPLACEMENT = 0xfffd;

    g.TextEncoder = class TextEncoder {
        encoding = 'utf-8';
        encode(text = '') {
            const bytes = [];
            for (const character of String(text).toWellFormed()) {
                const point = character.codePointAt(0);
                if (point < 0x80) bytes.push(point);
                else if (point < 0x800) bytes.push(0xc0 | point >> 6, 0x80 | point & 63);
                else if (point < 0x10000) {
                    bytes.push(0xe0 | point >> 12, 0x80 | point >> 6 & 63, 0x80 | point & 63);
                } else {
                    bytes.push(0xf0 | point >> 18, 0x80 | point >> 12 & 63, 0x80 | point >> 6 & 63,
                        0x80 | point & 63);
                }
            }
            return Uint8Array.from(bytes);
        }
    };

    // [bits of the first byte, bytes that follow, smallest code point], or null for a byte that starts nothing.
    function sequence(byte) {
        if (byte < 0x80) return [byte, 0, 0];
        if (byte >= 0xc2 && byte < 0xe0) return [byte & 31, 1, 0x80];
        if (byte >= 0xe0 && byte < 0xf0) return [byte & 15, 2, 0x800];
        if (byte >= 0xf0 && byte < 0xf5) return [byte & 7, 3, 0x10000];
        return null;
    }
    const isScalar = (point, least) => (
        point >= least && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff));

    // The code point at `at`, -1 for an error, and where the next one begins.
    function decodeAt(bytes, at) {
        const start = sequence(bytes[at]);
        if (start === null) return [-1, at + 1];
        let [point, follow, least] = start;
        let end = at + 1;
        for (; follow > 0 && (bytes[end] & 0xc0) === 0x80; follow--) point = point << 6 | bytes[end++] & 63;
        return [follow === 0 && isScalar(point, least) ? point : -1, end];
    }

    g.TextDecoder = class TextDecoder {
        encoding = 'utf-8';
        constructor(label = 'utf-8', {fatal = false, ignoreBOM = false} = {}) {
            if (!/^\s*utf-?8\s*$/i.test(label)) throw new RangeError(`the encoding "${label}" is not modelled`);
            this.fatal = fatal;
            this.ignoreBOM = ignoreBOM;
        }
        decode(input = new Uint8Array()) {
            const bytes = ArrayBuffer.isView(input)
                ? new Uint8Array(input.buffer, input.byteOffset, input.byteLength) : new Uint8Array(input);
            let text = '';
            for (let at = 0; at < bytes.length;) {
                const [point, next] = decodeAt(bytes, at);
                if (point < 0 && this.fatal) throw new TypeError('The encoded data was not valid.');
                text += String.fromCodePoint(point < 0 ? REPLACEMENT : point);
                at = next;
            }
            return text.startsWith('\ufeff') && !this.ignoreBOM ? text.slice(1) : text;
        }
    };

    const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    g.btoa = (text) => {
        const units = Array.from({length: String(text).length}, (_, at) => String(text).charCodeAt(at));
        if (units.some((unit) => unit > 255)) {
            throw new g.DOMException('characters outside of Latin1', 'InvalidCharacterError');
        }
        let out = '';
        for (let at = 0; at < units.length; at += 3) {
            const [one, two = 0, three = 0] = units.slice(at, at + 3);
            const bits = one << 16 | two << 8 | three;
            const four = [18, 12, 6, 0].map((shift) => ALPHABET[bits >> shift & 63]).join('');
            out += four.slice(0, Math.min(units.length - at, 3) + 1).padEnd(4, '=');
        }
        return out;
    };
    g.atob = (text) => {
        const clean = String(text).replace(/[\t\n\f\r ]/g, '').replace(/={1,2}$/, '');
        if (clean.length % 4 === 1 || /[^A-Za-z0-9+/]/.test(clean)) {
            throw new g.DOMException('not correctly encoded', 'InvalidCharacterError');
        }
        let [out, bits, count] = ['', 0, 0];
        for (const character of clean) {
            bits = (bits << 6 | ALPHABET.indexOf(character)) & 0xffffff;
            count += 6;
            if (count >= 8) out += String.fromCharCode(bits >> (count -= 8) & 255);
        }
        return out;
    };
}, {window: ['TextEncoder', 'TextDecoder', 'btoa', 'atob']});
