/** The events of the page that the core listens to. */

import type { Window as VoiceWindow } from './window.js';

/** Tell `window` what happens to its page, until `signal` aborts. */
export function listenToPage(window: VoiceWindow, leaseKey: string, signal: AbortSignal): void {
  const options = { signal };
  const attention = (): void => {
    const visible = document.visibilityState === 'visible';
    window.deliver({ type: 'AttentionChanged', visible, focused: document.hasFocus() });
  };
  const gesture = (): void => window.deliver({ type: 'UserGesture' });
  document.addEventListener('visibilitychange', attention, options);
  document.addEventListener('freeze', () => window.deliver({ type: 'Froze' }), options);
  document.addEventListener('resume', () => window.deliver({ type: 'Resumed' }), options);
  addEventListener('focus', attention, options);
  addEventListener('blur', attention, options);
  addEventListener('pagehide', () => window.deliver({ type: 'PageHide' }), options);
  const shown = (event: PageTransitionEvent): void => {
    if (event.persisted) window.deliver({ type: 'Started' });
  };
  addEventListener('pageshow', shown, options);
  addEventListener('online', () => window.deliver({ type: 'Online' }), options);
  addEventListener('offline', () => window.deliver({ type: 'Offline' }), options);
  // transient activation (HTML): before the app's own handlers, which may ask for a share
  addEventListener('pointerdown', gesture, { ...options, capture: true });
  addEventListener('keydown', gesture, { ...options, capture: true });
  const stored = ({ key }: StorageEvent): void => {
    if (key === leaseKey || key === null) window.storageChanged();
  };
  addEventListener('storage', stored, options);
  const changed = (): void => window.deliver({ type: 'DevicesChanged' });
  navigator.mediaDevices?.addEventListener('devicechange', changed, options);
}
