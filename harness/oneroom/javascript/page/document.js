// document and the life of a page (HTML, page visibility; Page Lifecycle): visibility, focus, freeze and resume, pageshow and
// pagehide, online. A turn `lifecycle` names what happens. There is no tree of elements: an element can be made and listened to.
'use strict';

oneroomSurface((g, host) => {
    const {boot} = host;
    const state = {visible: boot.visible ?? true, focused: boot.focused ?? false, online: boot.online ?? true};
    host.pageState = state;

    class Node extends g.EventTarget {
        childNodes = [];
        parentNode = null;
        appendChild(child) {
            this.childNodes.push(child);
            child.parentNode = this;
            return child;
        }
        removeChild(child) {
            this.childNodes = this.childNodes.filter((one) => one !== child);
            child.parentNode = null;
            return child;
        }
        remove() { this.parentNode?.removeChild(this); }
        append(...children) { for (const child of children) this.appendChild(child); }
        contains(other) { return other === this || this.childNodes.some((one) => one.contains(other)); }
    }
    class Element extends Node {
        #attributes = new Map();
        style = {};
        dataset = {};
        id = '';
        className = '';
        textContent = '';
        constructor(name) {
            super();
            this.tagName = name.toUpperCase();
        }
        setAttribute(name, value) { this.#attributes.set(name, String(value)); }
        getAttribute(name) { return this.#attributes.get(name) ?? null; }
        removeAttribute(name) { this.#attributes.delete(name); }
        hasAttribute(name) { return this.#attributes.has(name); }
        focus() {}
        blur() {}
        click() { this.dispatchEvent(new g.MouseEvent('click', {bubbles: true, cancelable: true})); }
    }
    class HTMLElement extends Element {}
    class HTMLMediaElement extends HTMLElement {
        srcObject = null;
        muted = false;
        volume = 1;
        paused = true;
        autoplay = false;
        async play() { this.paused = false; }
        pause() { this.paused = true; }
        load() {}
    }
    Object.assign(g, {Node, Element, HTMLElement, HTMLMediaElement});
    const NOT_MODELLED = ['innerHTML', 'outerHTML', 'getBoundingClientRect', 'querySelector', 'attachShadow'];
    for (const name of NOT_MODELLED) {
        Object.defineProperty(Element.prototype, name, {get: () => host.notModelled(`Element.${name}`)});
    }

    class Document extends Node {
        title = '';
        cookie = '';
        readyState = 'loading';
        referrer = '';
        characterSet = 'UTF-8';
        documentElement = new HTMLElement('html');
        head = new HTMLElement('head');
        body = new HTMLElement('body');
        activeElement = null;

        get visibilityState() { return state.visible ? 'visible' : 'hidden'; }
        get hidden() { return !state.visible; }
        get wasDiscarded() { return Boolean(boot.discarded); }
        get location() { return g.location; }
        get defaultView() { return g; }
        get URL() { return g.location.href; }
        hasFocus() { return state.focused; }
        createElement(name) {
            const isMedia = /^(audio|video)$/i.test(name);
            return new (isMedia ? HTMLMediaElement : HTMLElement)(name);
        }
        createTextNode(text) { return Object.assign(new Node(), {textContent: String(text)}); }
        getElementById() { return null; }
        querySelector() { return null; }
        querySelectorAll() { return []; }
        getElementsByTagName() { return []; }
    }
    host.handlers(Document.prototype, [
        'visibilitychange', 'freeze', 'resume', 'readystatechange', 'click', 'keydown',
    ]);
    g.Document = Document;
    g.document = new Document();
    host.notModelledIn(g.document, 'document', [
        'pictureInPictureElement', 'requestStorageAccess', 'startViewTransition', 'execCommand', 'fonts',
    ]);

    const transition = (type, persisted) => host.fire(g, new g.PageTransitionEvent(type, {persisted}));
    function setVisible(visible) {
        state.visible = visible;
        host.fire(g.document, new g.Event('visibilitychange', {bubbles: true}));
    }
    function setFocused(focused) {
        state.focused = focused;
        host.fire(g, new g.FocusEvent(focused ? 'focus' : 'blur'));
    }
    function setOnline(online) {
        state.online = online;
        host.fire(g, new g.Event(online ? 'online' : 'offline'));
    }
    function loaded() {
        g.document.readyState = 'interactive';
        host.fire(g.document, new g.Event('DOMContentLoaded', {bubbles: true}));
        host.step(() => { g.document.readyState = 'complete'; });
        host.fire(g, new g.Event('load'));
    }
    const STEPS = {
        load: loaded,
        visible: () => setVisible(true),
        hidden: () => setVisible(false),
        focus: () => setFocused(true),
        blur: () => setFocused(false),
        online: () => setOnline(true),
        offline: () => setOnline(false),
        freeze: () => host.fire(g.document, new g.Event('freeze')),
        resume: () => host.fire(g.document, new g.Event('resume')),
        pageshow: (persisted) => transition('pageshow', Boolean(persisted)),
        pagehide: (persisted) => transition('pagehide', Boolean(persisted)),
        beforeunload: () => host.fire(g, new g.BeforeUnloadEvent('beforeunload', {cancelable: true})),
        unload: () => host.fire(g, new g.Event('unload')),
    };
    host.on('lifecycle', (name, persisted) => STEPS[name](persisted));
});
